import { html, nothing } from "lit";
import { decimal, number, t } from "../texts.js";
import { Element } from "./element.js";
import "./field-card.js";
import { keyFor } from "./keymap.js";

/** A record: where it stands, its metadata and its fields. */
class RecordCard extends Element {
  static properties = {
    record: { attribute: false },
    fields: { attribute: false },
    metadataProperties: { attribute: false },
    questions: { attribute: false },
    answers: { attribute: false },
    suggestions: { attribute: false },
    label: { attribute: false },
    place: { type: Number },
    total: { type: Number },
    score: { type: Number },
    raw: { type: Boolean },
    vectors: { attribute: false },
    terms: {},
  };

  updated() {
    highlight(this, this.terms);
  }

  render() {
    const hasMarkdown = this.fields.some((field) => field.settings.use_markdown);
    return html`<section class="record" aria-label=${t("annotate.record")}>
      <div class="meta">
        <b>${t("annotate.record.place", number(this.place), number(this.total))}</b>
        ${this.record.external_id ? html`<span class="tag">${this.record.external_id}</span>` : nothing}
        ${this.metadata()}
        ${this.score ? html`<span class="tag machine">◆ ${t("annotate.similar.score", decimal(this.score))}</span>` : nothing}
        <span class="grow"></span>
        ${hasMarkdown ? html`<button class="chip" aria-pressed=${this.raw} @click=${() => this.tell("raw")}>${t("annotate.raw")} <kbd>${keyFor("raw")}</kbd></button>` : nothing}
        <button class="chip" @click=${() => this.tell("copy-link")}>${t("annotate.copy-link")}</button>
        ${this.vectors.length ? html`<button class="chip" @click=${() => this.tell("similar")}>${t("annotate.similar")} <kbd>${keyFor("similar")}</kbd></button>` : nothing}
      </div>
      ${this.fields.filter((field) => this.record.fields[field.name] != null).map((field) => this.field(field))}
    </section>`;
  }

  metadata() {
    const titles = new Map(this.metadataProperties.map((property) => [property.name, property.title]));
    return Object.entries(this.record.metadata ?? {})
      .filter(([name, value]) => titles.has(name) && value !== null)
      .map(([name, value]) => html`<span class="tag">${titles.get(name)}: ${Array.isArray(value) ? value.join(", ") : value}</span>`);
  }

  field(field) {
    const question = this.questions.find((one) => one.settings.type === "span" && one.settings.field === field.name);
    return html`<attune-field-card .field=${field} .value=${this.record.fields[field.name]} .record=${this.record}
      .question=${question} .spans=${question ? this.answers[question.name] : undefined}
      .suggestion=${question ? this.suggestions.get(question.id) : undefined} .label=${question ? this.label[question.name] : undefined}
      ?raw=${this.raw}></attune-field-card>`;
  }
}
customElements.define("attune-record-card", RecordCard);

/** Shows where words of a search occur, without touching the page's nodes. */
function highlight(root, terms) {
  if (!("highlights" in CSS)) return;
  const words = (terms ?? "").toLowerCase().split(/[\s"|-]+/).filter(Boolean);
  const ranges = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (words.length && walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest(".field-body")) continue;
    const text = node.data.toLowerCase();
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
}
