// The texts of the pages in the language of the page, and how it writes numbers and times.
import texts from "messages";

// numbers and times as the reader's country writes them, if it speaks the language of the page
const page = document.documentElement.lang || "en";
const language = navigator.languages.find((one) => one.split("-")[0] === page) ?? page;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const times = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });

/** The text of a key, with {0}, {1} … replaced. An unknown key is its own text, so that it is seen. */
export function t(key, ...parts) {
  return (texts[key] ?? key).replace(/\{(\d+)\}/g, (_, place) => parts[place] ?? "");
}

/** The text for a number of things: key.one, key.other as the language has them. */
export function count(key, n) {
  const form = `${key}.${plurals.select(n)}`;
  return t(form in texts ? form : `${key}.other`, number(n));
}

/** A number with thin spaces between its thousands. */
export function number(n) {
  return numbers.formatToParts(n)
    .map((part) => (part.type === "group" ? "\u202f" : part.value))
    .join("");
}

export function time(date = new Date()) {
  return times.format(date);
}

/** A score or share with two decimals. */
export function decimal(n) {
  return new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(n);
}
