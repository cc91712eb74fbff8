// What each key does. Whoever wants other keys binds them; the browser remembers.

const STORE = "attune.keys";

/** Actions in the order of the help sheet, each with its usual keys. */
const USUAL = {
  submit: ["Enter", "Mod+Enter"],
  discard: ["Backspace"],
  save: ["Mod+s"],
  undo: ["z"],
  accept: ["a"],
  acceptAll: ["Shift+A"],
  previousQuestion: ["ArrowUp"],
  nextQuestion: ["ArrowDown"],
  edit: ["e"],
  leave: ["Escape"],
  previousRecord: ["ArrowLeft"],
  nextRecord: ["ArrowRight"],
  moveUp: ["Alt+ArrowUp"],
  moveDown: ["Alt+ArrowDown"],
  search: ["/"],
  filter: ["f"],
  similar: ["s"],
  raw: ["m"],
  bulk: ["b"],
  guidelines: ["g"],
  help: ["?"],
};

/** Keys that work while a person types. */
const WHILE_TYPING = new Set(["leave", "save"]);

let bindings = load();

function load() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(STORE) ?? "{}") };
  } catch {
    return { ...USUAL }; // what is stored there is not ours
  }
}

export const actions = () => Object.keys(USUAL);
export const keysOf = (action) => bindings[action];

/** Gives an action one key, and takes the key from the action that had it. */
export function bind(action, key) {
  const changed = Object.fromEntries(
    Object.entries(bindings).map(([name, keys]) => [name, keys.filter((known) => known !== key)]));
  changed[action] = [key];
  keep(changed);
}

export function bindUsual() {
  keep({ ...USUAL });
}

function keep(changed) {
  bindings = changed;
  localStorage.setItem(STORE, JSON.stringify(bindings));
  window.dispatchEvent(new Event("attune-keys"));
}

/** The name of the key that was pressed, such as `a`, `Shift+A`, `Mod+Enter`, `?`. */
export function nameOf(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  const isLetter = /^\p{L}$/u.test(event.key);
  if (event.shiftKey && (isLetter || event.key.length > 1)) parts.push("Shift");
  parts.push(event.key);
  return parts.join("+");
}

/** What a key press asks for, or null. */
export function actionOf(event) {
  const name = nameOf(event);
  const action = actions().find((known) => bindings[known].includes(name)) ?? null;
  if (!isTyping(event.target)) return action;
  return WHILE_TYPING.has(action) || name.startsWith("Mod+") ? action : null;
}

/** The place among the options that a digit means, or -1. */
export function digitOf(event) {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return -1;
  return /^\d$/.test(event.key) ? Number(event.key) : -1;
}

export function isTyping(target) {
  return target.matches?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select") ?? false;
}

const SIGNS = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Backspace: "⌫", Escape: "Esc", " ": "␣" };
const MOD = /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";

/** A key as it is printed on keyboards. */
export function shown(key) {
  return key.split("+").map((part) => (part === "Mod" ? MOD : SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)))
    .filter((part, i, all) => !(part === "Shift" && all.length === 1)).join(" ");
}

/** The first key of an action as it is printed, or nothing. */
export const keyFor = (action) => (bindings[action][0] ? shown(bindings[action][0]) : "");
