import { html, nothing } from "lit";
import { toCodePoints, toUnits } from "./codepoints.js";
import { Element } from "./element.js";
import { segments, withLanes } from "./lanes.js";
import { characters, snap, tokens, trimmed } from "./tokens.js";

/**
 * A text in which spans are marked: by mouse, or by keys once the text has the focus. Offsets outside
 * of this component are code points.
 */
class MarkedText extends Element {
  static properties = {
    text: {},
    question: { attribute: false },
    spans: { attribute: false },
    suggestion: { attribute: false },
    label: {},
    cursor: { state: true },
  };

  get options() {
    return this.question.settings.options;
  }

  colour(label) {
    return `m${(this.options.findIndex((option) => option.value === label) % 4) + 1}`;
  }

  textOf(label) {
    return this.options.find((option) => option.value === label)?.text ?? label;
  }

  drawn() {
    const own = (this.spans ?? []).map((span) => ({ ...span, own: true }));
    const taken = new Set(own.map((span) => `${span.label} ${span.start} ${span.end}`));
    const suggested = (this.suggestion?.value ?? []).filter((span) => !taken.has(`${span.label} ${span.start} ${span.end}`));
    const marks = [...own, ...suggested].map((span) => ({
      ...span,
      start: toUnits(this.text, span.start),
      end: toUnits(this.text, span.end),
    }));
    const laid = withLanes(marks);
    return this.cursor ? [...laid, { ...this.range(), lane: -1, cursor: true }] : laid;
  }

  range() {
    const pieces = this.pieces(false);
    const first = pieces[Math.min(this.cursor.from, this.cursor.to)];
    const last = pieces[Math.max(this.cursor.from, this.cursor.to)];
    return first ? { start: first.start, end: last.end } : { start: 0, end: 0 };
  }

  pieces(byCharacter) {
    return byCharacter ? characters(this.text) : tokens(this.text);
  }

  /** Marks a range of UTF-16 units with a label, by default the chosen one. */
  mark(range, label = this.label ?? this.options[0].value) {
    if (!range) return;
    const span = { label, start: toCodePoints(this.text, range.start), end: toCodePoints(this.text, range.end) };
    const spans = this.spans ?? [];
    const same = spans.find((other) => other.start === span.start && other.end === span.end && other.label === label);
    if (same) return;
    const kept = this.question.settings.allow_overlapping
      ? spans
      : spans.filter((other) => other.end <= span.start || other.start >= span.end);
    this.change([...kept, span]);
  }

  change(spans) {
    this.tell("answer", { question: this.question, value: spans.sort((a, b) => a.start - b.start || a.end - b.end) });
  }

  remove(span) {
    this.change(this.spans.filter((other) => other.start !== span.start || other.end !== span.end || other.label !== span.label));
  }

  selected(event) {
    const selection = getSelection();
    const body = this.querySelector(".marked");
    if (!selection.rangeCount || selection.isCollapsed || !body.contains(selection.anchorNode) || !body.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0);
    const start = this.offset(body, range.startContainer, range.startOffset);
    const end = this.offset(body, range.endContainer, range.endOffset);
    selection.removeAllRanges();
    const cut = trimmed(this.text, start, end);
    if (!cut) return;
    const byCharacter = event.shiftKey && this.question.settings.allow_character_annotation !== false;
    this.mark(snap(this.pieces(byCharacter), cut.start, cut.end));
  }

  offset(body, node, place) {
    const before = document.createRange();
    before.setStart(body, 0);
    before.setEnd(node, place);
    return before.toString().length;
  }

  /** A click on a mark of one's own takes it away; on a suggested one, takes it over. */
  clicked(segment) {
    if (!getSelection().isCollapsed) return;
    const mark = segment.marks.filter((one) => !one.cursor).at(-1);
    if (!mark) return;
    const span = { label: mark.label, start: toCodePoints(this.text, mark.start), end: toCodePoints(this.text, mark.end) };
    if (mark.own) this.remove(span);
    else this.mark(mark, mark.label);
  }

  /** Whoever comes by key gets a cursor of words; a mouse needs none. */
  focused(event) {
    if (event.target.matches(":focus-visible")) this.cursor = { from: 0, to: 0 };
  }

  keyed(event) {
    const last = this.pieces(false).length - 1;
    const at = this.cursor ?? { from: 0, to: 0 };
    const onward = getComputedStyle(event.target).direction === "rtl" ? -1 : 1;
    const step = { ArrowLeft: -onward, ArrowRight: onward }[event.key];
    if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const to = Math.min(last, Math.max(0, at.to + step));
      this.cursor = event.shiftKey ? { from: at.from, to } : { from: to, to };
    } else if (/^[1-9]$/.test(event.key) && this.options[event.key - 1]) {
      this.mark(this.range(), this.options[event.key - 1].value);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const range = this.range();
      const units = (this.spans ?? []).find((span) => toUnits(this.text, span.start) < range.end && toUnits(this.text, span.end) > range.start);
      if (units) this.remove(units);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  updated() {
    const at = this.querySelector(".cursor");
    if (at && document.activeElement?.closest("attune-marked-text") === this) at.scrollIntoView({ block: "nearest" });
  }

  render() {
    const pieces = segments(this.text, this.drawn());
    return html`<div class="marked" dir="auto" tabindex="0" role="group" aria-label=${this.question.title}
      @mouseup=${this.selected} @touchend=${this.selected} @keydown=${this.keyed}
      @focus=${this.focused} @blur=${() => (this.cursor = null)}
      >${pieces.map((piece) => this.piece(piece))}</div>`;
  }

  piece(segment) {
    if (!segment.marks.length) return segment.text;
    const marks = segment.marks.filter((mark) => !mark.cursor);
    const top = marks.at(-1);
    const ends = marks.filter((mark) => mark.end === segment.end);
    const classes = [
      ...(top ? [this.colour(top.label)] : []),
      ...(marks.length > 1 ? ["stacked"] : []),
      ...(top && !top.own ? ["suggested"] : []),
      ...(segment.marks.some((mark) => mark.cursor) ? ["cursor"] : []),
    ].join(" ");
    if (!top) return html`<span class=${classes}>${segment.text}</span>`;
    return html`<mark class=${classes} .style=${this.stripes(marks)} title=${marks.map((mark) => this.textOf(mark.label)).join(", ")}
      data-label=${ends.length ? ends.map((mark) => (mark.own ? "" : "◆ ") + this.textOf(mark.label)).join(" · ") : nothing}
      @click=${() => this.clicked(segment)}>${segment.text}</mark>`;
  }

  /** Overlapping marks show as stripes under the text, one for each lane. */
  stripes(marks) {
    if (marks.length < 2) return "";
    const lanes = Math.max(...marks.map((mark) => mark.lane)) + 1;
    const stripes = marks.map((mark) => {
      const colour = `var(--span-${this.colour(mark.label).slice(1)})`;
      return `linear-gradient(${colour}, ${colour}) 0 calc(100% - ${(lanes - 1 - mark.lane) * 5}px) / 100% 4px no-repeat`;
    });
    return `background: ${stripes.join(", ")}; padding-bottom: ${lanes * 5}px`;
  }
}
customElements.define("attune-marked-text", MarkedText);
