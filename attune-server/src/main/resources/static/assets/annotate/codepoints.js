// Offsets in texts. The server counts Unicode code points, scripts count UTF-16 units: 😀 is one and two.

/** The number of code points before a place in a text. */
export function toCodePoints(text, units) {
  let points = 0;
  for (let i = 0; i < units && i < text.length; points++) i += text.codePointAt(i) > 0xffff ? 2 : 1;
  return points;
}

/** The place in a text after a number of code points. */
export function toUnits(text, points) {
  let i = 0;
  for (; points > 0 && i < text.length; points--) i += text.codePointAt(i) > 0xffff ? 2 : 1;
  return i;
}
