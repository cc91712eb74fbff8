import { html, nothing } from "lit";
import { keyed } from "lit-html/directives/keyed.js";
import { t } from "../texts.js";
import { inWords, isAnswered, kind } from "./answers.js";
import { Element } from "./element.js";
import { keyFor } from "./keymap.js";
import "./question-labels.js";
import "./question-ranking.js";
import "./question-rating.js";
import "./question-span.js";
import "./question-text.js";
import { suggestionLine } from "./suggestion-line.js";

/** The questions about a record, one of them the current one. */
class QuestionForm extends Element {
  static properties = {
    questions: { attribute: false },
    answers: { attribute: false },
    suggestions: { attribute: false },
    record: { attribute: false },
    current: { type: Number },
    label: { attribute: false },
    incomplete: { type: Boolean },
  };

  /** The input of a question. */
  input(place = this.current) {
    return this.querySelectorAll(".q")[place]?.querySelector(".q-input > *");
  }

  /** Scrolls to the current question; not while a pointer is down, or its click would miss. */
  reveal() {
    this.querySelectorAll(".q")[this.current]?.scrollIntoView({ block: "nearest" });
  }

  render() {
    return html`<div class="form">${this.questions.map((question, place) => this.question(question, place))}</div>`;
  }

  question(question, place) {
    const suggestion = this.suggestions.get(question.id);
    const isOpen = this.incomplete && question.required && !isAnswered(question, this.answers[question.name]);
    const isNow = place === this.current;
    return html`<section class="q ${isNow ? "now" : ""} ${isOpen ? "open" : ""}" aria-label=${question.title} aria-current=${isNow ? "step" : nothing}
        @focusin=${() => this.tell("current", place)} @pointerdown=${() => this.tell("current", place)}>
      <header><span class="n" aria-hidden="true">${place + 1}</span><h2>${question.title}</h2>
        <span class="opt">${t(question.required ? "annotate.required" : "annotate.optional")}</span></header>
      ${question.description ? html`<p class="description muted small">${question.description}</p>` : nothing}
      <div class="q-input">${this.control(question, suggestion, isNow)}</div>
      ${isOpen ? html`<p class="notice bad small">${t("annotate.missing")}</p>` : nothing}
      ${suggestionLine(suggestion, isNow ? keyFor("accept") : "", () => this.input(place).accept(), this.suggestedWords(question, suggestion))}
    </section>`;
  }

  suggestedWords(question, suggestion) {
    if (!suggestion || !["text", "ranking"].includes(kind(question))) return "";
    const value = kind(question) === "ranking" ? suggestion.value.map((item, i) => ({ ...item, rank: item.rank ?? i + 1 })) : suggestion.value;
    return inWords(question, value);
  }

  /** A component per kind, a new one for each record so that nothing of the last one lingers. */
  control(question, suggestion, isNow) {
    const value = this.answers[question.name] ?? null;
    return keyed(`${this.record?.id} ${question.id}`, this.ofKind(question, value, suggestion, isNow));
  }

  ofKind(question, value, suggestion, isNow) {
    switch (kind(question)) {
      case "text":
        return html`<attune-question-text .question=${question} .value=${value} .suggestion=${suggestion} ?active=${isNow}></attune-question-text>`;
      case "rating":
        return html`<attune-question-rating .question=${question} .value=${value} .suggestion=${suggestion} ?active=${isNow}></attune-question-rating>`;
      case "ranking":
        return html`<attune-question-ranking .question=${question} .value=${value} .suggestion=${suggestion} ?active=${isNow}></attune-question-ranking>`;
      case "span":
        return html`<attune-question-span .question=${question} .value=${value} .suggestion=${suggestion} ?active=${isNow}
          .text=${this.record?.fields[question.settings.field] ?? ""} .label=${this.label[question.name]}></attune-question-span>`;
      default:
        return html`<attune-question-labels .question=${question} .value=${value} .suggestion=${suggestion} ?active=${isNow}></attune-question-labels>`;
    }
  }
}
customElements.define("attune-question-form", QuestionForm);
