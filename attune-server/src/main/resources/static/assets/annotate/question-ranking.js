import { html } from "lit";
import { repeat } from "lit-html/directives/repeat.js";
import { t } from "../texts.js";
import { QuestionElement } from "./question-element.js";
import { moved, standing, tied, toValue, withRank } from "./ranking.js";

/** An order of options: dragged, moved by keys, or numbered by digits. Dropped onto another, both share a rank. */
class QuestionRanking extends QuestionElement {
  static properties = { ...QuestionElement.properties, at: { state: true }, drag: { state: true } };

  get items() {
    return standing(this.settings.options, this.value);
  }

  /** The option that the next digit is for: the one with the focus, else the first without a rank. */
  get current() {
    const items = this.items;
    return items.find((item) => item.value === this.at) ?? items.find((item) => item.rank === null) ?? items[0];
  }

  choose(digit) {
    if (digit < 1 || digit > this.settings.options.length) return false;
    const ranked = withRank(this.items, this.current.value, digit);
    this.at = ranked.find((item) => item.rank === null)?.value ?? null;
    this.answer(toValue(ranked));
    return true;
  }

  /** Moves the option with the focus up or down. */
  move(step) {
    const items = this.items;
    const { value } = this.current;
    this.at = value;
    this.answer(toValue(moved(items, value, items.findIndex((item) => item.value === value) + step)));
    this.updateComplete.then(() => this.querySelector(`[data-value="${CSS.escape(value)}"] button`)?.focus());
  }

  accept() {
    if (!this.suggestion) return;
    this.answer(this.suggestion.value.map((item, place) => ({ value: item.value, rank: item.rank ?? place + 1 })));
  }

  render() {
    const current = this.current;
    return html`<ol class="rank" aria-label=${this.question.title}>${repeat(this.items, (item) => item.value, (item) => html`
      <li data-value=${item.value} class=${[this.active && item.value === current.value ? "at" : "", this.drag?.over === item.value ? this.drag.where : "", this.drag?.value === item.value ? "dragged" : ""].join(" ")}
        @pointerdown=${(event) => this.grab(event, item)}>
        <span class="pos ${item.rank === null ? "none" : ""}">${item.rank ?? "–"}</span>
        <button class="rank-name" dir="auto" @focus=${() => (this.at = item.value)} @click=${() => (this.at = item.value)}>${item.text}
          <span class="hidden-text">${item.rank === null ? t("annotate.ranking.none") : t("annotate.ranking.rank", item.rank)}</span></button>
        <span class="steps">
          <button class="step" aria-label=${t("annotate.ranking.up", item.text)} @click=${() => this.step(item, -1)}>↑</button>
          <button class="step" aria-label=${t("annotate.ranking.down", item.text)} @click=${() => this.step(item, 1)}>↓</button>
        </span>
        <span class="grip" aria-hidden="true">⠿</span>
      </li>`)}</ol>`;
  }

  step(item, by) {
    this.at = item.value;
    this.move(by);
  }

  grab(event, item) {
    if (event.target.closest(".step") || (event.pointerType === "mouse" && event.button !== 0)) return;
    if (event.pointerType !== "mouse" && !event.target.closest(".grip")) return; // a finger elsewhere scrolls
    const start = event.clientY;
    let drag = null;
    const move = (to) => {
      if (!drag && Math.abs(to.clientY - start) < 5) return;
      drag = this.over(to.clientY, item.value);
      this.drag = drag;
    };
    const up = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      this.drag = null;
      if (drag?.over) this.drop(drag);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
  }

  /** What a dragged option hovers: the edges of another are before and after it, its middle is a tie. */
  over(y, value) {
    for (const row of this.querySelectorAll("li")) {
      const box = row.getBoundingClientRect();
      if (y < box.top || y > box.bottom || row.dataset.value === value) continue;
      const share = (y - box.top) / box.height;
      return { value, over: row.dataset.value, where: share < 0.3 ? "before" : share > 0.7 ? "after" : "tie" };
    }
    const rows = [...this.querySelectorAll("li")];
    if (rows.length && y < rows[0].getBoundingClientRect().top) return { value, over: rows[0].dataset.value, where: "before" };
    if (rows.length && y > rows.at(-1).getBoundingClientRect().bottom) return { value, over: rows.at(-1).dataset.value, where: "after" };
    return { value, over: null, where: "" };
  }

  drop({ value, over, where }) {
    const items = this.items;
    if (value === over) return;
    if (where === "tie") {
      this.answer(toValue(tied(items, value, over)));
      return;
    }
    const rest = items.filter((item) => item.value !== value);
    const place = rest.findIndex((item) => item.value === over) + (where === "after" ? 1 : 0);
    this.answer(toValue(moved(items, value, place)));
  }
}
customElements.define("attune-question-ranking", QuestionRanking);
