import { html, nothing } from "lit";
import { number, t } from "../texts.js";
import { Element } from "./element.js";
import { keyFor } from "./keymap.js";

export const STATUSES = ["pending", "draft", "submitted", "discarded"];

/** The queues with their counts, search, filter, order, and how far one has come. */
class QueueBar extends Element {
  static properties = {
    state: { attribute: false },
    counts: { attribute: false },
    team: { attribute: false },
    textFields: { attribute: false },
    vectors: { attribute: false },
    bulk: { type: Boolean },
  };

  focusSearch() {
    this.querySelector("input[type=search]").focus();
  }

  go(change) {
    this.tell("go", change);
  }

  render() {
    return html`<div class="bar">
      ${this.tabs()}
      <form class="find" role="search" @submit=${this.searched}>
        <span aria-hidden="true">⌕</span>
        <input type="search" placeholder=${t("annotate.search")} aria-label=${t("annotate.search")} .value=${this.state.q ?? ""} @search=${this.cleared}>
        ${this.textFields.length > 1 ? html`<select aria-label=${t("annotate.search.field")} @change=${this.searched}>
          <option value="">${t("annotate.search.everywhere")}</option>
          ${this.textFields.map((field) => html`<option value=${field.name} ?selected=${field.name === this.state.field}>${field.title}</option>`)}
        </select>` : nothing}
        <kbd>${keyFor("search")}</kbd>
      </form>
      <button class="chip" aria-pressed=${this.state.filters.length > 0} @click=${() => this.tell("filter")}>${t("annotate.filter")}
        ${this.state.filters.length || this.state.sort.length ? html`<span class="num">${this.state.filters.length + this.state.sort.length}</span>` : nothing} <kbd>${keyFor("filter")}</kbd></button>
      <button class="chip" aria-pressed=${this.bulk} @click=${() => this.go({ view: this.bulk ? undefined : "bulk" })}>${t("annotate.bulk")} <kbd>${keyFor("bulk")}</kbd></button>
      ${this.state.similar ? this.similarity() : nothing}
      <span class="grow"></span>
      ${this.goal()}
    </div>`;
  }

  /** How likeness is ranked, and the way out of it. */
  similarity() {
    const isLeast = this.state.order === "least_similar";
    return html`
      ${this.vectors.length > 1 ? html`<select class="chip" aria-label=${t("annotate.similar.by")} @change=${(event) => this.go({ vector: event.target.value, record: undefined })}>
        ${this.vectors.map((vector) => html`<option value=${vector.name} ?selected=${vector.name === this.state.vector}>${vector.title}</option>`)}</select>` : nothing}
      <button class="chip" aria-pressed=${isLeast} @click=${() => this.go({ order: isLeast ? undefined : "least_similar", record: undefined })}>${t("annotate.similar.least")}</button>
      <button class="chip machine" @click=${() => this.go({ similar: undefined, vector: undefined, order: undefined })}>◆ ${t("annotate.similar.on")} ×</button>`;
  }

  tabs() {
    return html`<nav class="tabs" aria-label=${t("annotate.queues")}>${STATUSES.map((status) => html`
      <button aria-current=${status === this.state.status ? "page" : nothing} data-status=${status}
        @click=${() => this.go({ status, record: undefined })}>${t(`annotate.queue.${status}`)}<span>${this.counts ? number(this.counts[status]) : "…"}</span></button>`)}</nav>`;
  }

  goal() {
    if (!this.counts) return nothing;
    const done = this.counts.submitted + this.counts.discarded;
    const all = done + this.counts.pending + this.counts.draft;
    return html`<span class="goal"><span>${t("annotate.goal", number(done), number(all))}</span>
      <progress max=${Math.max(1, all)} .value=${done} aria-label=${t("annotate.goal", done, all)}></progress>
      ${this.team ? html`<span class="hide">${t("annotate.goal.team", number(this.team.completed), number(this.team.total))}</span>` : nothing}</span>`;
  }

  searched(event) {
    event.preventDefault();
    const field = this.querySelector(".find select")?.value;
    this.go({ q: this.querySelector(".find input").value.trim() || undefined, field: field || undefined, record: undefined });
    this.querySelector(".find input").blur();
  }

  /** The cross in the search box. */
  cleared(event) {
    if (!event.target.value && this.state.q) this.go({ q: undefined, field: undefined, record: undefined });
  }
}
customElements.define("attune-queue-bar", QueueBar);
