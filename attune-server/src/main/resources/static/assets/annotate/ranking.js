// Ranks of options. Equal ranks are a tie; an option without one has not been placed yet.

/** The options as they stand: those with a rank first, in its order. */
export function standing(options, value) {
  const ranks = new Map((value ?? []).map((item) => [item.value, item.rank ?? null]));
  return options
    .map((option, place) => ({ ...option, rank: ranks.get(option.value) ?? null, place }))
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || a.place - b.place);
}

/** The value that says so; null if nothing is placed. */
export function toValue(items) {
  const placed = items.filter((item) => item.rank !== null);
  return placed.length ? placed.map(({ value, rank }) => ({ value, rank })) : null;
}

/** Gives one option a rank, the same as another's for a tie; its own rank again takes it away. */
export function withRank(items, value, rank) {
  return items.map((item) => (item.value === value ? { ...item, rank: item.rank === rank ? null : rank } : item));
}

/** Puts an option before the one at a place, and counts the ranks anew; ties of the others stay. */
export function moved(items, value, place) {
  const from = items.findIndex((item) => item.value === value);
  const rest = items.filter((item) => item.value !== value);
  rest.splice(Math.max(0, Math.min(place, rest.length)), 0, items[from]);
  return counted(rest, items, value);
}

/** Puts an option on the rank of another. */
export function tied(items, value, other) {
  const rank = items.find((item) => item.value === other).rank ?? items.length;
  return items.map((item) => (item.value === value || item.value === other ? { ...item, rank } : item));
}

function counted(order, before, movedValue) {
  const rankOf = new Map(before.map((item) => [item.value, item.rank]));
  let last = null;
  let rank = 0;
  return order.map((item, place) => {
    const own = rankOf.get(item.value);
    const isTie = last !== null && item.value !== movedValue && last.value !== movedValue && own !== null && own === rankOf.get(last.value);
    if (!isTie) rank = place + 1;
    last = item;
    return { ...item, rank };
  });
}
