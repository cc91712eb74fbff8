// What an answer is, by the kind of its question. Values have the form in which the server stores them.

const filled = {
  text: (value) => value.trim() !== "",
  rating: () => true,
  label_selection: () => true,
  multi_label_selection: (value) => value.length > 0,
  span: (value) => value.length > 0,
  ranking: (value, settings) =>
    value.length === settings.options.length && value.every((item) => item.rank != null),
};

export const kind = (question) => question.settings.type;

/** A value without the options that were retired since somebody chose them: the server takes them no more. */
function offered(question, value) {
  const { options } = question.settings;
  if (value == null || !options) return value;
  const isThere = (key) => options.some((option) => option.value === key);
  switch (kind(question)) {
    case "label_selection":
      return isThere(value) ? value : null;
    case "multi_label_selection":
      return value.filter(isThere);
    case "span":
      return value.filter((span) => isThere(span.label));
    default:
      return value;
  }
}

/** Whether a value answers its question in full. */
export function isAnswered(question, value) {
  const present = offered(question, value);
  return present != null && filled[kind(question)](present, question.settings);
}

/** Whether there is anything to keep, were it only half a ranking. */
export function isBegun(question, value) {
  if (value == null) return false;
  return kind(question) === "ranking" ? value.some((item) => item.rank != null) : isAnswered(question, value);
}

/** The required questions that still lack an answer. */
export function missing(questions, answers) {
  return questions.filter((question) => question.required && !isAnswered(question, answers[question.name]));
}

/** The answers as the server takes them: nothing half done in what is submitted, no empty ones at all. */
export function toValues(questions, answers, status) {
  const values = {};
  for (const question of questions) {
    const value = offered(question, answers[question.name]);
    const complete = isAnswered(question, value);
    if (complete) values[question.name] = { value };
    else if (status === "draft" && isBegun(question, value)) {
      values[question.name] = { value: value.filter((item) => item.rank != null) };
    }
  }
  return values;
}

/** The answers in a response. */
export function fromResponse(response) {
  const answers = {};
  for (const [name, { value }] of Object.entries(response?.values ?? {})) answers[name] = value;
  return answers;
}

export const sameAnswers = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(answers) {
  return Object.entries(answers).filter(([, value]) => value != null && value.length !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A value in words, for lists and comparisons. */
export function inWords(question, value, text) {
  if (!isBegun(question, value)) return "–";
  const label = (key) => question.settings.options?.find((option) => option.value === key)?.text ?? key;
  switch (kind(question)) {
    case "multi_label_selection":
      return value.map(label).join(", ");
    case "label_selection":
      return label(value);
    case "ranking":
      return [...value].sort((a, b) => a.rank - b.rank).map((item) => `${item.rank}. ${label(item.value)}`).join("  ");
    case "span":
      return value.map((span) => `${[...(text ?? "")].slice(span.start, span.end).join("")} (${label(span.label)})`).join(", ");
    default:
      return String(value);
  }
}
