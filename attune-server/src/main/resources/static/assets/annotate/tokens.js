// The words of a text, to which marks snap.

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Words and signs, without the spaces between: `[{start, end}]` in UTF-16 units. */
export function tokens(text) {
  const found = [];
  for (const { segment, index } of segmenter.segment(text)) {
    if (segment.trim()) found.push({ start: index, end: index + segment.length });
  }
  return found;
}

/** What a person sees as single characters, so that no mark cuts an emoji in two. */
export function characters(text) {
  return [...graphemes.segment(text)].map(({ segment, index }) => ({ start: index, end: index + segment.length }));
}

/** The whole pieces that a selection touches, or null if it touches none. */
export function snap(pieces, start, end) {
  const touched = pieces.filter((piece) => piece.end > start && piece.start < end);
  return touched.length ? { start: touched[0].start, end: touched.at(-1).end } : null;
}

/** The selection without spaces at its ends, or null if nothing is left. */
export function trimmed(text, start, end) {
  while (start < end && !text[start].trim()) start++;
  while (end > start && !text[end - 1].trim()) end--;
  return start < end ? { start, end } : null;
}
