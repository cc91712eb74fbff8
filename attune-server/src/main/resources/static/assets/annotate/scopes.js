// What records can be filtered and ordered by, from the settings of a dataset.
import { t } from "../texts.js";
import { kind } from "./answers.js";

const CLOSED = ["label_selection", "multi_label_selection", "rating"];

/** Everything to filter by: `{id, title, scope, type: terms | range, options?, property?}`. */
export function filterable(settings) {
  const own = settings.questions.filter((question) => CLOSED.includes(kind(question)));
  return [
    ...settings.metadataProperties.map((property) => ({
      id: `metadata.${property.name}`,
      title: property.title,
      scope: { entity: "metadata", metadata_property: property.name },
      type: property.settings.type === "terms" ? "terms" : "range",
      property,
    })),
    ...own.map((question) => ({
      id: `response.${question.name}`,
      title: t("annotate.filter.answer", question.title),
      scope: { entity: "response", question: question.name },
      type: "terms",
      options: optionsOf(question),
    })),
    ...own.map((question) => ({
      id: `suggestion.${question.name}`,
      title: t("annotate.filter.suggestion", question.title),
      scope: { entity: "suggestion", question: question.name, property: "value" },
      type: "terms",
      options: optionsOf(question),
    })),
    ...settings.questions.map((question) => ({
      id: `score.${question.name}`,
      title: t("annotate.filter.score", question.title),
      scope: { entity: "suggestion", question: question.name, property: "score" },
      type: "range",
      bounds: { min: 0, max: 1 },
    })),
    ...settings.agents.map(({ question, agents }) => ({
      id: `agent.${question.name}`,
      title: t("annotate.filter.agent", settings.questions.find((one) => one.name === question.name)?.title ?? question.name),
      scope: { entity: "suggestion", question: question.name, property: "agent" },
      type: "terms",
      options: agents.map((agent) => ({ value: agent, text: agent })),
    })),
  ];
}

const optionsOf = (question) =>
  question.settings.options.map(({ value, text }) => ({ value: String(value), text: text ?? String(value) }));

/** Everything to order by: `{id, title, scope}`. */
export function sortable(settings) {
  return [
    { id: "inserted", title: t("annotate.sort.inserted"), scope: { entity: "record", property: "inserted_at" } },
    { id: "updated", title: t("annotate.sort.updated"), scope: { entity: "record", property: "updated_at" } },
    ...settings.metadataProperties.map((property) => ({
      id: `metadata.${property.name}`, title: property.title, scope: { entity: "metadata", metadata_property: property.name },
    })),
    ...settings.questions.map((question) => ({
      id: `score.${question.name}`,
      title: t("annotate.filter.score", question.title),
      scope: { entity: "suggestion", question: question.name, property: "score" },
    })),
  ];
}

export const sameScope = (a, b) => JSON.stringify(a) === JSON.stringify(b);
