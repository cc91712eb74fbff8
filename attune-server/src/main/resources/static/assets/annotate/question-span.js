import { html, nothing } from "lit";
import { t } from "../texts.js";
import { toUnits } from "./codepoints.js";
import { QuestionElement } from "./question-element.js";

/** The labels for marking a text, and what is marked so far; the text itself is in the record. */
class QuestionSpan extends QuestionElement {
  static properties = { ...QuestionElement.properties, text: {}, label: {}, sought: { state: true } };

  choose(digit) {
    const option = this.settings.options[digit - 1];
    if (!option) return false;
    this.tell("label", { question: this.question, label: option.value });
    return true;
  }

  edit() {
    document.querySelector(`[data-field="${CSS.escape(this.settings.field)}"] .marked`)?.focus();
  }

  words(span) {
    return this.text.slice(toUnits(this.text, span.start), toUnits(this.text, span.end));
  }

  render() {
    const chosen = this.label ?? this.settings.options[0].value;
    const sought = (this.sought ?? "").toLowerCase();
    const options = this.settings.options.map((option, place) => ({ ...option, place }))
      .filter((option) => !sought || option.text.toLowerCase().includes(sought));
    return html`
      ${this.settings.options.length > 10 ? html`<input class="option-search" type="search" placeholder=${t("annotate.labels.search")}
        aria-label=${t("annotate.labels.search")} @input=${(event) => (this.sought = event.target.value)}>` : nothing}
      <div class="pills" role="group" aria-label=${this.question.title}>${options.map((option) => html`
        <button class="pill" aria-pressed=${option.value === chosen} title=${option.description ?? nothing}
          @click=${() => this.tell("label", { question: this.question, label: option.value })}>
          <span class="swatch m${(option.place % 4) + 1}" aria-hidden="true"></span><span dir="auto">${option.text}</span>
          ${option.place < 9 ? html`<kbd>${option.place + 1}</kbd>` : nothing}</button>`)}</div>
      ${this.value?.length ? html`<ul class="spans">${this.value.map((span) => this.row(span))}</ul>`
        : html`<p class="muted small">${t("annotate.spans.none")}</p>`}`;
  }

  row(span) {
    const option = this.settings.options.findIndex((one) => one.value === span.label);
    return html`<li><span class="swatch m${(option % 4) + 1}" aria-hidden="true"></span>
      <span class="span-words" dir="auto">${this.words(span)}</span><span class="muted small">${this.settings.options[option]?.text ?? span.label}</span>
      <button class="step" aria-label=${t("annotate.spans.remove", this.words(span))}
        @click=${() => this.answer(this.value.filter((other) => other !== span))}>×</button></li>`;
  }
}
customElements.define("attune-question-span", QuestionSpan);
