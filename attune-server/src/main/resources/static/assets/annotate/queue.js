import * as api from "./api.js";

const PAGE = 10;
const AHEAD = 5;
const SIMILAR = 50;
const MOST_EXCEPT = 1000;

/** The body of a search for what a state of the page shows. */
export function query(state) {
  const and = [...state.filters];
  and.push({ type: "terms", scope: { entity: "response", property: "status" }, values: [state.status] });
  if (state.status === "pending") {
    // others may have completed it without us
    and.push({ type: "terms", scope: { entity: "record", property: "status" }, values: ["pending"] });
  }
  const body = { filters: { and }, query: {} };
  if (state.q) body.query.text = state.field ? { q: state.q, field: state.field } : { q: state.q };
  if (state.similar) {
    body.query.vector = { name: state.vector, record_id: state.similar, order: state.order ?? "most_similar" };
    body.filters.and = state.filters; // alike records of all queues
    if (!state.filters.length) delete body.filters;
  }
  if (state.sort.length) body.sort = state.sort;
  return body;
}

/** Records one after the other, the next ones loaded before they are asked for. */
export class Queue {
  constructor(datasetId, state) {
    this.datasetId = datasetId;
    this.state = state;
    this.records = [];
    this.scores = new Map();
    this.total = null;
    this.left = 0;
    this.gone = new Set();
    this.quota = null;
    this.linked = null;
    this.complete = false;
  }

  /** Loads the first page, and puts the record first that a link names. */
  async open() {
    await this.more();
    const wanted = this.state.record;
    if (wanted && !this.records.some((record) => record.id === wanted)) {
      const record = await api.record(this.datasetId, wanted);
      if (record) {
        this.records.unshift(record);
        this.linked = record.id;
        this.left++; // it is not one of those that were counted off
      }
    }
    return Math.max(0, this.records.findIndex((record) => record.id === wanted));
  }

  /** A record left the queue on the server, so that those behind it moved up. */
  moved(recordId) {
    if (this.records.some((record) => record.id === recordId)) this.left++;
    this.gone.add(recordId);
  }

  returned(recordId) {
    if (this.records.some((record) => record.id === recordId)) this.left--;
    this.gone.delete(recordId);
  }

  /** Sees to it that records beyond a place are there. */
  async ahead(index) {
    if (!this.complete && index + AHEAD >= this.records.length) await this.more();
  }

  async more(size = PAGE) {
    if (this.loading) return this.loading;
    this.loading = this.load(this.state.similar ? SIMILAR : size).finally(() => (this.loading = null));
    return this.loading;
  }

  /** What is to be answered is given by the server, without what is here; the rest is looked through by places. */
  find(size) {
    if (this.state.status !== "pending" || this.state.similar) {
      return api.search(this.datasetId, query(this.state), Math.max(0, this.records.length - this.left), size);
    }
    const except = this.records.map((record) => record.id).filter((id) => !this.gone.has(id)).slice(-MOST_EXCEPT);
    return api.queue(this.datasetId, { ...query(this.state), except }, size);
  }

  /** Takes out a record that others will answer. */
  drop(recordId) {
    this.records = this.records.filter((record) => record.id !== recordId);
  }

  async load(size) {
    const found = await this.find(size);
    if (this.total === null) this.total = found.total;
    this.quota = found.quota ?? null;
    const known = new Set(this.records.map((record) => record.id));
    for (const { record, query_score: score } of found.items) {
      this.scores.set(record.id, score);
      if (!known.has(record.id)) this.records.push(record);
    }
    if (found.items.length < size || this.state.similar) this.complete = true;
  }
}
