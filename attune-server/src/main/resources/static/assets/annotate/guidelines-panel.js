import { html } from "lit";
import { t } from "../texts.js";
import { Element } from "./element.js";
import "./markdown.js";

/** What the data lead wants annotators to know. */
class GuidelinesPanel extends Element {
  static properties = { text: {} };

  render() {
    return html`<section class="panel guidelines" aria-label=${t("annotate.guidelines")}>
      <header><h2>${t("annotate.guidelines")}</h2><span class="grow"></span>
        <button class="chip" @click=${() => this.tell("guidelines")}>${t("annotate.close")}</button></header>
      ${this.text ? html`<attune-markdown dir="auto" .text=${this.text}></attune-markdown>` : html`<p class="muted">${t("annotate.guidelines.none")}</p>`}
    </section>`;
  }
}
customElements.define("attune-guidelines-panel", GuidelinesPanel);
