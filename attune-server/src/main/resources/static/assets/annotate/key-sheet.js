import { html } from "lit";
import { t } from "../texts.js";
import { Element } from "./element.js";
import { actions, bind, bindUsual, keysOf, nameOf, shown } from "./keymap.js";

const ALONE = ["Control", "Shift", "Alt", "Meta"];

/** All keys, made from the key map; each can be bound anew. */
class KeySheet extends Element {
  static properties = { listening: { state: true } };

  firstUpdated() {
    this.querySelector("dialog").showModal();
  }

  render() {
    return html`<dialog class="sheet" aria-labelledby="key-sheet-title" @close=${() => this.tell("help")} @keydown=${this.pressed}>
      <header><h2 id="key-sheet-title">${t("annotate.keys")}</h2><span class="grow"></span>
        <button class="chip" @click=${bindAgain(this)}>${t("annotate.keys.usual")}</button>
        <button class="chip" autofocus @click=${() => this.tell("help")}>${t("annotate.close")}</button></header>
      <p class="muted small">${t("annotate.keys.help")}</p>
      <dl class="keys">
        <div><dt>${t("annotate.action.digits")}</dt><dd><kbd>1</kbd> … <kbd>9</kbd></dd></div>
        ${actions().map((action) => html`<div><dt>${t(`annotate.action.${action}`)}</dt><dd>
          <button class="key" aria-label=${t("annotate.keys.bind", t(`annotate.action.${action}`))} @click=${() => (this.listening = action)}>
            ${this.listening === action ? html`<span>${t("annotate.keys.press")}</span>` : keysOf(action).map((key) => html`<kbd>${shown(key)}</kbd> `)}
            ${keysOf(action).length || this.listening === action ? "" : html`<span class="muted">–</span>`}</button></dd></div>`)}
      </dl>
    </dialog>`;
  }

  pressed(event) {
    event.stopPropagation();
    if (!this.listening || ALONE.includes(event.key)) return;
    event.preventDefault();
    if (!/^\d$/.test(event.key) && event.key !== "Tab") bind(this.listening, nameOf(event));
    this.listening = null;
  }
}

function bindAgain(sheet) {
  return () => {
    bindUsual();
    sheet.requestUpdate();
  };
}
customElements.define("attune-key-sheet", KeySheet);
