// How marks that overlap are drawn: each in a lane of its own.

/** Gives each mark the lowest lane that is free where it starts. */
export function withLanes(marks) {
  const ends = [];
  return [...marks]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((mark) => {
      let lane = ends.findIndex((end) => end <= mark.start);
      if (lane < 0) lane = ends.length;
      ends[lane] = mark.end;
      return { ...mark, lane };
    });
}

/** Cuts a text where any mark starts or ends: `[{text, start, end, marks}]`. */
export function segments(text, marks) {
  const cuts = new Set([0, text.length]);
  for (const mark of marks) cuts.add(mark.start).add(mark.end);
  const places = [...cuts].filter((place) => place <= text.length).sort((a, b) => a - b);
  return places.slice(0, -1).map((start, i) => ({
    start,
    end: places[i + 1],
    text: text.slice(start, places[i + 1]),
    marks: marks.filter((mark) => mark.start <= start && mark.end >= places[i + 1]),
  }));
}
