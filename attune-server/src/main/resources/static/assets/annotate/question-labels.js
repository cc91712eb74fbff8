import { html, nothing } from "lit";
import { decimal, t } from "../texts.js";
import { QuestionElement } from "./question-element.js";
import { optionScore } from "./suggestion-line.js";

const SHOWN = 12;
const SEARCHED = 10;
const DIGITS = 9;

/** One label, or any number of them; long lists are shortened and can be searched. */
class QuestionLabels extends QuestionElement {
  static properties = { ...QuestionElement.properties, whole: { state: true }, sought: { state: true } };

  get isMulti() {
    return this.settings.type === "multi_label_selection";
  }

  isChosen(value) {
    return this.isMulti ? (this.value ?? []).includes(value) : this.value === value;
  }

  toggle(value) {
    if (!this.isMulti) {
      this.answer(this.value === value ? null : value);
      return;
    }
    const chosen = this.value ?? [];
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    this.answer(next.length ? next : null);
  }

  choose(digit) {
    const option = digit > 0 ? this.listed()[digit - 1] : undefined;
    if (!option) return false;
    this.toggle(option.value);
    return true;
  }

  /** The options in their order, those that are shown. */
  listed() {
    let options = this.settings.options;
    if (this.settings.options_order === "suggestion") {
      options = [...options].sort((a, b) => this.rank(b) - this.rank(a));
    }
    const sought = (this.sought ?? "").trim().toLowerCase();
    if (sought) return options.filter((option) => option.text.toLowerCase().includes(sought));
    if (this.whole) return options;
    const limit = this.settings.visible_options ?? SHOWN;
    return options.filter((option, place) => place < limit || this.isChosen(option.value) || optionScore(this.suggestion, option.value));
  }

  rank(option) {
    const suggested = optionScore(this.suggestion, option.value);
    return suggested ? 1 + (suggested.score ?? 0) : 0;
  }

  render() {
    const listed = this.listed();
    const more = this.sought ? 0 : this.settings.options.length - listed.length;
    return html`
      ${this.settings.options.length > SEARCHED ? html`<input class="option-search" type="search" .value=${this.sought ?? ""}
        placeholder=${t("annotate.labels.search")} aria-label=${t("annotate.labels.search")}
        @input=${(event) => (this.sought = event.target.value)} @keydown=${this.typed}>` : nothing}
      <div class="pills" role="group" aria-label=${this.question.title}>
        ${listed.map((option, place) => this.pill(option, place))}
        ${more > 0 ? html`<button class="pill" @click=${() => (this.whole = true)}>${t("annotate.labels.more", more)}</button>` : nothing}
        ${this.whole && !this.sought ? html`<button class="pill" @click=${() => (this.whole = false)}>${t("annotate.labels.fewer")}</button>` : nothing}
        ${listed.length ? nothing : html`<p class="muted small">${t("annotate.labels.none")}</p>`}
      </div>`;
  }

  pill(option, place) {
    const suggested = optionScore(this.suggestion, option.value);
    return html`<button class="pill ${suggested ? "sug" : ""}" aria-pressed=${this.isChosen(option.value)} title=${option.description ?? nothing}
      @click=${() => this.toggle(option.value)}><span dir="auto">${option.text}</span>
      ${place < DIGITS ? html`<kbd>${place + 1}</kbd>` : nothing}
      ${suggested ? html`<span class="score">◆${suggested.score == null ? "" : ` ${decimal(suggested.score)}`}</span>` : nothing}</button>`;
  }

  /** Enter in the search takes the first hit. */
  typed(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [first] = this.listed();
    if (!first) return;
    this.toggle(first.value);
    this.sought = "";
  }
}
customElements.define("attune-question-labels", QuestionLabels);
