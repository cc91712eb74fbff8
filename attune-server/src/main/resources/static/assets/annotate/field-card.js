import { html } from "lit";
import { t } from "../texts.js";
import "./custom-field.js";
import { Element } from "./element.js";
import "./markdown.js";
import "./marked-text.js";

/** One field of a record, drawn by its kind. */
class FieldCard extends Element {
  static properties = {
    field: { attribute: false },
    value: { attribute: false },
    record: { attribute: false },
    question: { attribute: false },
    spans: { attribute: false },
    suggestion: { attribute: false },
    label: {},
    raw: { type: Boolean },
  };

  render() {
    return html`<article class="field" data-field=${this.field.name}>
      <h2>${this.field.title}${this.question ? html`<span class="tag">${t("annotate.spans.hint")}</span>` : ""}</h2>
      <div class="field-body">${this.body()}</div>
    </article>`;
  }

  body() {
    switch (this.field.settings.type) {
      case "image":
        return this.image();
      case "chat":
        return html`<div class="chat">${this.value.map((turn) => this.turn(turn))}</div>`;
      case "custom":
        return html`<attune-custom-field .field=${this.field} .value=${this.value} .record=${this.record}></attune-custom-field>`;
      default:
        return this.text();
    }
  }

  text() {
    if (this.question) {
      return html`<attune-marked-text .text=${this.value} .question=${this.question} .spans=${this.spans}
        .suggestion=${this.suggestion} .label=${this.label}></attune-marked-text>`;
    }
    return this.words(this.value, this.field.settings.use_markdown);
  }

  words(text, isMarkdown) {
    return isMarkdown && !this.raw
      ? html`<attune-markdown dir="auto" .text=${text}></attune-markdown>`
      : html`<div class="plain" dir="auto">${text}</div>`;
  }

  /** Pictures come from the record itself or over HTTPS; the page's policy refuses the rest as well. */
  image() {
    return /^(https:|data:image\/)/i.test(this.value)
      ? html`<img class="picture" src=${this.value} alt=${this.field.title} referrerpolicy="no-referrer">`
      : html`<p class="notice warn">${t("annotate.field.no-image")}</p><code dir="auto">${String(this.value).slice(0, 200)}</code>`;
  }

  turn(turn) {
    const side = turn.role === "user" ? "theirs" : turn.role === "assistant" ? "machine" : "other";
    return html`<div class="turn ${side}"><span class="role">${side === "machine" ? "◆ " : ""}${turn.role}</span>
      ${this.words(turn.content, this.field.settings.use_markdown)}</div>`;
  }
}
customElements.define("attune-field-card", FieldCard);
