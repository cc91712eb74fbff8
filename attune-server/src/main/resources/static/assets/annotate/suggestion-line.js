import { html, nothing } from "lit";
import { decimal, t } from "../texts.js";

/** Who suggests the answer to a question, how sure it is, and the button that takes it over. */
export function suggestionLine(suggestion, key, accept, words) {
  if (!suggestion) return nothing;
  // of the items of a ranking the surest one is the best one
  const surest = Array.isArray(suggestion.score) ? Math.max(...suggestion.score) : suggestion.score;
  const score = typeof surest === "number" ? decimal(surest) : "";
  return html`<div class="from"><span aria-hidden="true">◆</span>
    <span><span class="hidden-text">${t("annotate.suggested-by")} </span>${suggestion.agent ?? t("annotate.suggested")} <span class="num">${score}</span></span>
    ${words ? html`<span class="suggested-words" dir="auto">${words}</span>` : nothing}
    <button class="link" @click=${accept}>${t("annotate.accept")}</button> ${key ? html`<kbd>${key}</kbd>` : nothing}</div>`;
}

/** The score of one option in a suggestion, or null if it is not suggested. */
export function optionScore(suggestion, value) {
  if (!suggestion) return null;
  if (!Array.isArray(suggestion.value)) return suggestion.value === value ? { score: suggestion.score } : null;
  const place = suggestion.value.indexOf(value);
  return place < 0 ? null : { score: Array.isArray(suggestion.score) ? suggestion.score[place] : null };
}
