import { html, nothing } from "lit";
import { count, number, t, time } from "../texts.js";
import { isAnswered, kind, missing } from "./answers.js";
import "./bulk-list.js";
import "./conflict-panel.js";
import { Element } from "./element.js";
import "./filter-panel.js";
import "./guidelines-panel.js";
import { actionOf, digitOf, isTyping, keyFor } from "./keymap.js";
import "./key-sheet.js";
import "./question-form.js";
import "./queue-bar.js";
import "./record-card.js";
import { Session } from "./session.js";

const TOAST_TIME = 8000;

/** The annotation page. */
class Annotate extends Element {
  static properties = {
    dataset: {},
    user: {},
    panel: { state: true },
    current: { state: true },
    label: { state: true },
    raw: { state: true },
    incomplete: { state: true },
    toast: { state: true },
    failure: { state: true },
    chosen: { state: true },
    alike: { state: true },
  };

  constructor() {
    super();
    this.current = 0;
    this.label = {};
    this.chosen = new Set();
    this.alike = {};
  }

  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    this.session = new Session(this.dataset, this.user);
    this.session.addEventListener("change", () => this.requestUpdate());
    document.addEventListener("keydown", (event) => this.pressed(event));
    window.addEventListener("popstate", () => this.session.back());
    window.addEventListener("attune-keys", () => this.requestUpdate());
    this.topActions();
    this.session.start().catch((error) => (this.failure = error));
  }

  /** The page's own buttons in the bar above. */
  topActions() {
    const place = document.getElementById("top-actions");
    for (const name of ["guidelines", "help"]) {
      const button = document.createElement("button");
      const key = document.createElement("kbd");
      button.className = "chip";
      key.textContent = keyFor(name);
      button.append(t(name === "help" ? "annotate.keys" : "annotate.guidelines"), " ", key);
      button.addEventListener("click", () => this.run(name));
      window.addEventListener("attune-keys", () => (key.textContent = keyFor(name)));
      place.append(button);
    }
  }

  get form() {
    return this.querySelector("attune-question-form");
  }

  get question() {
    return this.session.questions[this.current];
  }

  get isBulk() {
    return this.session.state.view === "bulk";
  }

  get isEditable() {
    return this.session.ready && (this.isBulk || (this.session.record !== null && !this.session.outbox.conflicts.has(this.session.record.id)));
  }

  pressed(event) {
    if (event.defaultPrevented || !this.session.settings || this.panel === "help" || event.isComposing) return;
    const button = event.target.closest("button, a, summary");
    if (button && !button.closest(".form") && ["Enter", " "].includes(event.key)) return;
    const digit = digitOf(event);
    if (digit >= 0 && this.isEditable && this.form) {
      if (this.form.input().choose(digit)) {
        event.preventDefault();
        this.afterChoice();
      }
      return;
    }
    const action = actionOf(event);
    if (action && this.run(action, event)) event.preventDefault();
  }

  /** Does what a key or a button asks for; returns whether there was anything to do. */
  run(action, event) {
    const isMenu = event && isTyping(event.target) && !event.ctrlKey && !event.metaKey && action !== "leave";
    if (isMenu) return false;
    switch (action) {
      case "submit":
        return this.submit();
      case "discard":
        return this.discard();
      case "save":
        this.session.outbox.flush(true);
        return true;
      case "undo":
        return this.undo();
      case "accept":
        if (this.isEditable) this.form?.input().accept();
        return true;
      case "acceptAll":
        return this.acceptAll();
      case "previousQuestion":
        return this.select(this.current - 1);
      case "nextQuestion":
        return this.select(this.current + 1);
      case "edit":
        this.form?.input().edit();
        return true;
      case "leave":
        return this.leave();
      case "previousRecord":
        return this.move(-1);
      case "nextRecord":
        return this.move(1);
      case "moveUp":
        return this.rank(-1);
      case "moveDown":
        return this.rank(1);
      case "search":
        this.querySelector("attune-queue-bar").focusSearch();
        return true;
      case "filter":
      case "guidelines":
      case "help":
        this.panel = this.panel === action ? null : action;
        return true;
      case "similar":
        return this.similar();
      case "raw":
        this.raw = !this.raw;
        return true;
      case "bulk":
        this.go({ view: this.isBulk ? undefined : "bulk" });
        return true;
      default:
        return false;
    }
  }

  acceptAll() {
    if (!this.isEditable || !this.form) return false;
    const { current } = this;
    this.form.questions.forEach((_, place) => this.form.input(place).accept());
    this.current = current;
    return true;
  }

  rank(step) {
    if (!this.isEditable || kind(this.question) !== "ranking") return false;
    this.form.input().move(step);
    return true;
  }

  leave() {
    if (document.activeElement !== document.body) {
      document.activeElement.blur();
      return true;
    }
    this.panel = null;
    return true;
  }

  select(place) {
    if (!this.form) return false;
    this.current = Math.max(0, Math.min(place, this.session.questions.length - 1));
    if (document.activeElement?.closest(".form")) document.activeElement.blur();
    this.reveal();
    return true;
  }

  reveal() {
    this.updateComplete.then(() => this.form?.reveal());
  }

  move(step) {
    if (this.isBulk) return false;
    this.reset();
    this.session.move(step);
    return true;
  }

  reset() {
    this.current = 0;
    this.incomplete = false;
    this.querySelector(".record")?.scrollTo(0, 0);
    this.querySelector(".form")?.scrollTo(0, 0);
    if (document.activeElement?.closest("attune-annotate")) document.activeElement.blur();
  }

  go(change) {
    this.chosen = new Set();
    this.alike = {};
    this.reset();
    this.session.go(change).catch((error) => (this.failure = error));
  }

  answer({ question, value }) {
    if (!this.isEditable) return;
    if (this.isBulk) {
      this.alike = { ...this.alike, [question.name]: value };
    } else {
      this.session.answer(question, value);
    }
    this.current = this.session.questions.findIndex((one) => one.id === question.id);
  }

  /** A form with a single choice submits itself; elsewhere a choice goes on to the next question. */
  afterChoice() {
    const [only] = this.session.questions;
    const isChoice = ["label_selection", "rating"].includes(kind(only));
    if (!this.isBulk && this.session.questions.length === 1 && isChoice && isAnswered(only, this.session.answers[only.name])) this.submit();
  }

  submit() {
    if (!this.isEditable) return false;
    return this.isBulk ? this.finishChosen("submitted") : this.finish("submitted");
  }

  discard() {
    if (!this.isEditable) return false;
    return this.isBulk ? this.finishChosen("discarded") : this.finish("discarded");
  }

  finish(status) {
    if (status === "submitted" && this.session.missing.length) {
      this.incomplete = true;
      this.current = this.session.questions.indexOf(this.session.missing[0]);
      this.reveal();
      return true;
    }
    this.session.finish(status);
    this.reset();
    this.tellUndo(t(`annotate.toast.${status}`));
    return true;
  }

  finishChosen(status) {
    if (!this.chosen.size) return true;
    const given = Object.fromEntries(Object.entries(this.alike).filter(([, value]) => value !== null));
    const ids = [...this.chosen];
    const lacking = ids.some((id) => missing(this.session.questions, { ...this.session.answersOf(id), ...given }).length);
    if (status === "submitted" && lacking) {
      this.incomplete = true;
      return true;
    }
    this.session.finishAll(ids, status, given);
    this.chosen = new Set();
    this.alike = {};
    this.incomplete = false;
    this.tellUndo(count(`annotate.toast.all.${status}`, ids.length));
    return true;
  }

  tellUndo(text) {
    clearTimeout(this.toasting);
    this.toast = text;
    this.toasting = setTimeout(() => (this.toast = null), TOAST_TIME);
  }

  undo() {
    if (!this.session.last) return false;
    this.session.undo();
    this.reset();
    this.tellUndo(null);
    return true;
  }

  similar() {
    const [vector] = this.session.settings.vectors;
    if (!vector || !this.session.record) return false;
    this.go({ similar: this.session.record.id, vector: vector.name, record: undefined });
    return true;
  }

  copyLink() {
    navigator.clipboard?.writeText(location.href).then(() => this.tellShort(t("annotate.copied")));
  }

  tellShort(text) {
    this.session.last = null;
    this.tellUndo(text);
  }

  render() {
    const { session } = this;
    if (this.failure) return this.failed();
    if (!session?.settings) return html`<p class="loading" role="status">${t("annotate.loading")}</p>`;
    return html`<div class="page" @go=${(event) => this.go(event.detail)} @filter=${() => this.run("filter")} @guidelines=${() => this.run("guidelines")}
        @help=${() => (this.panel = null)} @raw=${() => this.run("raw")} @similar=${() => this.run("similar")} @copy-link=${this.copyLink}
        @answer=${(event) => this.answer(event.detail)} @label=${(event) => (this.label = { ...this.label, [event.detail.question.name]: event.detail.label })}
        @current=${(event) => (this.current = event.detail)} @resolve=${(event) => session.resolve(event.detail === "mine")}
        @choose=${(event) => (this.chosen = new Set(event.detail))} @more=${() => session.more()}>
      <h1 class="hidden-text">${session.dataset.name}</h1>
      ${this.offline()}
      <attune-queue-bar .state=${session.state} .counts=${session.counts} .team=${session.team} .vectors=${session.settings.vectors} ?bulk=${this.isBulk}
        .textFields=${session.settings.fields.filter((field) => field.settings.type === "text")}></attune-queue-bar>
      ${this.panel === "filter" ? html`<attune-filter-panel .settings=${session.settings} .filters=${session.state.filters} .sort=${session.state.sort}></attune-filter-panel>` : nothing}
      ${this.panel === "guidelines" ? html`<attune-guidelines-panel .text=${session.dataset.guidelines ?? ""}></attune-guidelines-panel>` : nothing}
      <div class="desk">${this.isBulk ? this.bulk() : this.focus()}</div>
      ${this.panel === "help" ? html`<attune-key-sheet></attune-key-sheet>` : nothing}
      <div class="toast-place" role="status">${this.toast ? html`<div class="toast">${this.toast}
        ${session.last ? html`<button class="link" @click=${() => this.undo()}>${t("annotate.undo")} <kbd>${keyFor("undo")}</kbd></button>` : nothing}</div>` : nothing}</div>
    </div>`;
  }

  failed() {
    return html`<section class="card failed"><h1>${t("annotate.failed")}</h1><p>${t("annotate.failed.help")}</p>
      <p class="muted small">${this.failure.message}</p><a class="btn go" href=${location.href}>${t("annotate.again")}</a></section>`;
  }

  offline() {
    const { outbox } = this.session;
    const waiting = outbox.pending().length;
    if (outbox.signedOut) {
      return html`<div class="offline notice warn" role="alert">⚠ ${t("annotate.signed-out")} ${count("annotate.offline.kept", waiting)}
        <a href=${`/sign-in?redirect=${encodeURIComponent(location.pathname + location.search)}`}>${t("annotate.sign-in")}</a></div>`;
    }
    if (!outbox.reachable) {
      return html`<div class="offline notice warn" role="status">⚠ ${t("annotate.offline")} ${count("annotate.offline.kept", waiting)}</div>`;
    }
    if (!outbox.durable) return html`<div class="offline notice bad" role="status">⚠ ${t("annotate.not-durable")}</div>`;
    const refused = [...outbox.refusals.keys()].find((id) => id !== this.session.record?.id);
    if (refused) {
      return html`<div class="offline notice bad" role="status">⚠ ${t("annotate.refused")} ${outbox.refusals.get(refused)}
        <button class="link" @click=${() => this.go({ record: refused })}>${t("annotate.conflict.look")}</button></div>`;
    }
    const elsewhere = [...outbox.conflicts.keys()].find((id) => id !== this.session.record?.id);
    return elsewhere ? html`<div class="offline notice warn" role="status">⚠ ${t("annotate.conflict.elsewhere")}
      <button class="link" @click=${() => this.go({ record: elsewhere })}>${t("annotate.conflict.look")}</button></div>` : nothing;
  }

  focus() {
    const { session } = this;
    if (!session.ready) return html`<p class="loading" role="status">${t("annotate.loading.records")}</p>`;
    const { record } = session;
    if (!record || (session.isQuotaReached && session.statusOf(record.id) === "pending")) return this.empty();
    const { outbox, settings } = session;
    if (outbox.conflicts.has(record.id)) {
      return html`<attune-conflict-panel .questions=${session.questions} .mine=${outbox.kept.get(record.id)} .theirs=${outbox.conflicts.get(record.id)} .record=${record}></attune-conflict-panel>`;
    }
    return html`<attune-record-card .record=${record} .fields=${settings.fields} .metadataProperties=${settings.metadataProperties} .questions=${session.questions}
        .answers=${session.answers} .suggestions=${session.suggestions()} .label=${this.label} .place=${session.index + 1} .total=${Math.max(session.queue.total, session.queue.records.length)}
        .score=${session.state.similar ? session.queue.scores.get(record.id) : 0} ?raw=${this.raw} .vectors=${settings.vectors} .terms=${session.state.q}></attune-record-card>
      <aside aria-label=${t("annotate.questions")}>
        ${this.standing()}
        <attune-question-form .questions=${session.questions} .answers=${session.answers} .suggestions=${session.suggestions()} .record=${record}
          .current=${this.current} .label=${this.label} ?incomplete=${this.incomplete}></attune-question-form>
        ${this.actions()}
      </aside>`;
  }

  /** Says so if the record in view is done already, or its answer was refused. */
  standing() {
    const { session } = this;
    const refusal = session.outbox.refusals.get(session.record.id);
    if (refusal) return html`<p class="standing notice bad" role="alert">${t("annotate.refused")} ${refusal}</p>`;
    if (session.taken.has(session.record.id)) return html`<p class="standing notice warn" role="status">⚠ ${t("annotate.taken")}</p>`;
    const status = session.statusOf(session.record.id);
    return ["submitted", "discarded"].includes(status)
      ? html`<p class="standing notice ${status === "submitted" ? "ok" : "warn"}">${status === "submitted" ? "✓" : "⊘"} ${t(`annotate.status.${status}`)}${session.isChanged ? html` · ${t("annotate.changed")}` : nothing}</p>`
      : nothing;
  }

  actions() {
    const { session } = this;
    const status = session.statusOf(session.record.id);
    return html`<div class="act"><button class="btn step" aria-label=${t("annotate.action.previousRecord")} ?disabled=${session.index === 0} @click=${() => this.move(-1)}>←</button>
      <button class="btn step" aria-label=${t("annotate.action.nextRecord")} @click=${() => this.move(1)}>→</button>
      <span class="saved" role="status">${this.savedText()}</span>
      <button class="btn" data-action="discard" @click=${() => this.discard()}>${t("annotate.discard")} <kbd>${keyFor("discard")}</kbd></button>
      <button class="btn go" data-action="submit" aria-disabled=${session.missing.length > 0} @click=${() => this.submit()}>${t(status === "submitted" ? "annotate.update" : "annotate.submit")} <kbd>${keyFor("submit")}</kbd></button></div>`;
  }

  savedText() {
    const { outbox, record } = this.session;
    const kept = outbox.kept.get(record.id);
    if (kept?.status === "local") return t("annotate.saved.local");
    if (kept) return outbox.reachable ? t("annotate.saving") : t("annotate.saved.here");
    const known = outbox.known(record.id);
    return known?.status === "draft" ? t("annotate.saved.draft", time(new Date(`${known.updated_at}Z`))) : "";
  }

  bulk() {
    const { session } = this;
    if (!session.ready) return html`<p class="loading" role="status">${t("annotate.loading.records")}</p>`;
    const shown = session.queue.records.filter((record) => session.state.similar || session.statusOf(record.id) === session.state.status);
    if (!shown.length) return this.empty();
    const questions = session.questions.filter((question) => kind(question) !== "span");
    return html`<attune-bulk-list .records=${shown} .chosen=${this.chosen} .fields=${session.settings.fields} .total=${session.counts?.[session.state.status]}
        .responses=${(id) => session.outbox.known(id)} ?complete=${session.queue.complete}></attune-bulk-list>
      <aside aria-label=${t("annotate.questions")}><p class="standing muted">${t("annotate.bulk.help")}</p>
        <attune-question-form .questions=${questions} .answers=${this.alike} .suggestions=${new Map()} .record=${null} .current=${this.current} .label=${this.label} ?incomplete=${this.incomplete}></attune-question-form>
        <div class="act"><span class="saved">${count("annotate.bulk.records", this.chosen.size)}</span>
          <button class="btn" data-action="discard" @click=${() => this.discard()}>${t("annotate.discard")} <kbd>${keyFor("discard")}</kbd></button>
          <button class="btn go" data-action="submit" aria-disabled=${!this.chosen.size} @click=${() => this.submit()}>${t("annotate.submit")} <kbd>${keyFor("submit")}</kbd></button></div></aside>`;
  }

  /** The end of a queue, which has a reason and a way on. */
  empty() {
    const { session } = this;
    const { state } = session;
    const isFiltered = Boolean(state.q || state.filters.length || state.similar);
    const key = session.isQuotaReached ? "quota" : isFiltered ? "filtered" : session.index > 0 ? "end" : state.status;
    return html`<section class="end"><h2>${t(`annotate.empty.${key}`)}</h2><p class="muted">${t(`annotate.empty.${key}.help`, number(session.queue.quota ?? 0))}</p><div class="choices">
      ${session.index > 0 ? html`<button class="btn" @click=${() => this.move(-1)}>← ${t("annotate.action.previousRecord")}</button>` : nothing}
      ${isFiltered ? html`<button class="btn go" @click=${() => this.go({ q: undefined, field: undefined, filters: [], similar: undefined, record: undefined })}>${t("annotate.filter.clear")}</button>`
        : html`<button class="btn go" @click=${() => this.go({ record: undefined })}>${t("annotate.empty.again")}</button>`}
      <a class="btn" href="/">${t("annotate.home")}</a></div></section>`;
  }
}
customElements.define("attune-annotate", Annotate);
