// Everything that the annotation page asks of the server.

/** The server refused; `detail` is its reason. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The server could not be reached, or failed; trying later may help. */
export class Unreachable extends Error {}

/** The session ended; answers wait until somebody signs in again. */
export class SignedOut extends Unreachable {}

/** The routes that Argilla does not have. */
const OWN = { root: "/api/attune" };

async function call(method, path, body, { root = "/api/v1", keepalive = false } = {}) {
  let response;
  try {
    response = await fetch(`${root}${path}`, {
      method,
      keepalive,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: "error",
    });
  } catch (cause) {
    throw new Unreachable(String(cause));
  }
  if (response.status === 401) throw new SignedOut("signed out");
  if (response.status >= 500 || response.status === 429) throw new Unreachable(`status ${response.status}`);
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, reason(answer));
  return answer;
}

function reason(answer) {
  const detail = answer?.detail;
  if (typeof detail === "string") return detail;
  const errors = detail?.params?.errors;
  if (errors) return errors.map((error) => `${error.loc.join(".")}: ${error.msg}`).join("; ");
  return detail?.params?.detail ?? "?";
}

const items = async (path) => (await call("GET", path)).items;

export const dataset = (id) => call("GET", `/datasets/${id}`);
export const fields = (id) => items(`/datasets/${id}/fields`);
export const questions = (id) => items(`/datasets/${id}/questions`);
export const vectors = (id) => items(`/datasets/${id}/vectors-settings`);
export const metadataProperties = (id) => items(`/me/datasets/${id}/metadata-properties`);
export const metadataMetrics = (propertyId) => call("GET", `/metadata-properties/${propertyId}/metrics`);
export const suggestionOptions = (id) => items(`/datasets/${id}/records/search/suggestions/options`);
export const metrics = async (id) => (await call("GET", `/me/datasets/${id}/metrics`)).responses;
export const progress = (id) => call("GET", `/datasets/${id}/progress`);
export const removeResponse = (id) => call("DELETE", `/responses/${id}`);

/** Records with one's own response and the suggestions: `{items: [{record, query_score}], total}`. */
export const search = (id, body, offset, limit) =>
  call("POST", `/me/datasets/${id}/records/search?include=responses&include=suggestions&offset=${offset}&limit=${limit}`, body);

/** The records to answer next, but for `except`: `{items, total, quota, submitted}`. */
export const queue = (id, body, limit) =>
  call("POST", `/datasets/${id}/queue?include=responses&include=suggestions&limit=${limit}`, body, OWN);

/** Holds records for this person and gives others up: `{held, refused, limited, seconds}`. */
export const claim = (id, hold, leave) => call("POST", `/datasets/${id}/claims`, { hold, leave }, { ...OWN, keepalive: true });

/** One record by its id, or null. */
export async function record(id, recordId) {
  const filter = { type: "terms", scope: { entity: "record", property: "id" }, values: [recordId] };
  const found = await search(id, { filters: { and: [filter] } }, 0, 1);
  return found.items[0]?.record ?? null;
}

/** Saves responses: `[{record_id, status, values, seen_at, seconds}]`; answers `[{item, error}]` in that order. */
export const save = async (id, responses) => (await call("POST", `/datasets/${id}/responses`, { items: responses }, OWN)).items;
