import { html, nothing } from "lit";
import { live } from "lit-html/directives/live.js";
import { t } from "../texts.js";
import "./markdown.js";
import { QuestionElement } from "./question-element.js";

/** An answer in one's own words. */
class QuestionText extends QuestionElement {
  static properties = { ...QuestionElement.properties, preview: { state: true } };

  edit() {
    this.preview = false;
    this.updateComplete.then(() => this.querySelector("textarea").focus());
  }

  updated() {
    const area = this.querySelector("textarea");
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  render() {
    const isMarkdown = this.settings.use_markdown;
    return html`${this.preview
      ? html`<div class="preview"><attune-markdown dir="auto" .text=${this.value ?? ""}></attune-markdown></div>`
      : html`<textarea rows="3" dir="auto" aria-label=${this.question.title} .value=${live(this.value ?? "")}
          @input=${(event) => this.answer(event.target.value || null)}></textarea>`}
      ${isMarkdown ? html`<button class="link small muted" @click=${() => (this.preview = !this.preview)}>${t(this.preview ? "annotate.text.write" : "annotate.text.preview")}</button>` : nothing}`;
  }
}
customElements.define("attune-question-text", QuestionText);
