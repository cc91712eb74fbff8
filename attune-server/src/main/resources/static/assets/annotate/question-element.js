import { Element } from "./element.js";

/** What the inputs of all kinds of questions share. Each has `value`, and `choose(digit)` for the keys. */
export class QuestionElement extends Element {
  static properties = {
    question: { attribute: false },
    value: { attribute: false },
    suggestion: { attribute: false },
    active: { type: Boolean },
  };

  get settings() {
    return this.question.settings;
  }

  answer(value) {
    this.tell("answer", { question: this.question, value });
  }

  /** Takes over what was suggested. */
  accept() {
    if (this.suggestion) this.answer(structuredClone(this.suggestion.value));
  }

  /** Answers by a digit; returns whether it meant anything. */
  choose() {
    return false;
  }

  /** Puts the focus where a person types or marks. */
  edit() {
    this.querySelector("button, textarea, input")?.focus();
  }
}
