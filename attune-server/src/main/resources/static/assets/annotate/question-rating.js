import { html } from "lit";
import { QuestionElement } from "./question-element.js";
import { optionScore } from "./suggestion-line.js";

/** A number on a scale. */
class QuestionRating extends QuestionElement {
  choose(digit) {
    const values = this.settings.options.map((option) => option.value);
    const value = values.includes(digit) ? digit : digit === 0 && values.includes(10) ? 10 : null;
    if (value === null) return false;
    this.answer(this.value === value ? null : value);
    return true;
  }

  render() {
    const options = this.settings.options;
    return html`<div class="scale" .style=${`grid-template-columns: repeat(${options.length}, 1fr)`} role="group" aria-label=${this.question.title}>
      ${options.map(({ value }) => html`<button aria-pressed=${this.value === value} class=${optionScore(this.suggestion, value) ? "sug" : ""}
        @click=${() => this.answer(this.value === value ? null : value)}>${value}${optionScore(this.suggestion, value) ? html`<span class="score" aria-hidden="true">◆</span>` : ""}</button>`)}
    </div>`;
  }
}
customElements.define("attune-question-rating", QuestionRating);
