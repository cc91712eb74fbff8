import * as address from "./address.js";
import { fromResponse, isBegun, missing, sameAnswers, toValues } from "./answers.js";
import * as api from "./api.js";
import { Claims } from "./claims.js";
import { Outbox } from "./outbox.js";
import { Queue } from "./queue.js";
import { Stopwatch } from "./stopwatch.js";
import { channel } from "./tabs.js";

const COUNT_DELAY = 400;

/**
 * One person at work on one dataset: which records come, what was answered, what can be undone. Tells
 * `change` after everything that a page may have to show anew.
 */
export class Session extends EventTarget {
  constructor(datasetId, userId) {
    super();
    this.datasetId = datasetId;
    this.state = address.read();
    this.index = 0;
    this.last = null;
    this.outbox = new Outbox(userId, datasetId);
    this.outbox.addEventListener("saved", (event) => this.saved(event.detail));
    for (const name of ["conflict", "refused", "state"]) this.outbox.addEventListener(name, () => this.changed());
    this.stopwatch = new Stopwatch();
    this.spent = new Map();
    this.claims = new Claims(datasetId, this.stopwatch);
    this.taken = new Set();
    this.claims.addEventListener("held", (event) => event.detail.forEach((id) => this.taken.delete(id)));
    this.claims.addEventListener("refused", (event) => this.refused(event.detail));
    this.claims.addEventListener("back", () => this.claim());
    this.announce = channel(datasetId, (message) => this.heard(message));
  }

  /** Loads everything that does not change while a person works, then the first records. */
  async start() {
    const id = this.datasetId;
    const [dataset, fields, questions, metadataProperties, vectors, agents] = await Promise.all([
      api.dataset(id), api.fields(id), api.questions(id), api.metadataProperties(id), api.vectors(id), api.suggestionOptions(id),
    ]);
    Object.assign(this, { dataset, settings: { fields, questions, metadataProperties, vectors, agents } });
    await this.outbox.start();
    await this.open();
    this.count();
  }

  get questions() {
    return this.settings.questions;
  }

  /** Begins the queue that the state describes. */
  async open() {
    const queue = new Queue(this.datasetId, this.state);
    this.queue = queue;
    this.ready = false;
    this.changed();
    const index = await queue.open();
    if (queue !== this.queue) return; // another one was asked for meanwhile
    this.index = index;
    this.ready = true;
    this.learn();
    this.moved();
  }

  /** Changes what is shown, as a step to go back over. */
  go(change) {
    this.state = { ...this.state, ...change };
    address.write(this.state, true);
    return this.open();
  }

  /** Follows the browser's buttons. */
  back() {
    this.state = address.read();
    return this.open();
  }

  get record() {
    return this.queue?.records[this.index] ?? null;
  }

  /** Answers of a record: what is kept here and not yet there, else what is there. */
  answersOf(recordId) {
    return this.outbox.kept.get(recordId)?.answers ?? fromResponse(this.outbox.known(recordId));
  }

  get answers() {
    return this.record ? this.answersOf(this.record.id) : {};
  }

  statusOf(recordId) {
    const kept = this.outbox.kept.get(recordId);
    if (kept && kept.status !== "local") return kept.status === "none" ? "pending" : kept.status;
    return this.outbox.known(recordId)?.status ?? "pending";
  }

  /** Whether an answer that was submitted or discarded has been changed since. */
  get isChanged() {
    return this.record !== null && this.outbox.kept.get(this.record.id)?.status === "local";
  }

  get missing() {
    return missing(this.questions, this.answers);
  }

  suggestions(record = this.record) {
    return new Map((record?.suggestions ?? []).map((suggestion) => [suggestion.question_id, suggestion]));
  }

  /** Changes one answer; it is saved as a draft, unless a submitted answer is being changed. */
  answer(question, value) {
    const { id } = this.record;
    const answers = { ...this.answersOf(id) };
    if (isBegun(question, value)) answers[question.name] = value;
    else delete answers[question.name];
    const status = this.statusOf(id);
    const isFinal = status === "submitted" || status === "discarded";
    if (isFinal && this.outbox.known(id) && sameAnswers(answers, fromResponse(this.outbox.known(id)))) {
      this.outbox.forget(id);
    } else {
      this.put(id, isFinal ? "local" : "draft", answers);
    }
    this.changed();
  }

  put(recordId, status, answers) {
    const before = this.statusOf(recordId);
    this.outbox.put(recordId, status, answers, toValues(this.questions, answers, status), this.takeTime(recordId));
    const after = this.statusOf(recordId);
    if (before === after) return;
    if (this.counts) this.counts = { ...this.counts, [before]: this.counts[before] - 1, [after]: this.counts[after] + 1 };
    if (after === this.state.status) this.queue.returned(recordId);
    else if (before === this.state.status) this.queue.moved(recordId);
  }

  /** Ends the time of the record in view, which is told with its answer. */
  stopTime() {
    if (this.timed) this.spent.set(this.timed, (this.spent.get(this.timed) ?? 0) + this.stopwatch.take());
  }

  takeTime(recordId) {
    this.stopTime();
    const seconds = this.spent.get(recordId) ?? 0;
    this.spent.delete(recordId);
    return seconds;
  }

  /** What an undo goes back to: the status and answers as they were sent, or are being written. */
  stateOf(recordId) {
    const isLocal = this.outbox.kept.get(recordId)?.status === "local";
    const answers = isLocal ? fromResponse(this.outbox.known(recordId)) : this.answersOf(recordId);
    return { status: this.statusOf(recordId), answers };
  }

  /** Submits or discards the record in view and goes on; it can be undone. */
  finish(status) {
    const { id } = this.record;
    this.last = { recordIds: [id], index: this.index, before: [this.stateOf(id)] };
    this.put(id, status, this.answersOf(id));
    this.move(1);
  }

  /** Answers many records alike. */
  finishAll(recordIds, status, answers) {
    this.last = { recordIds, index: this.index, before: recordIds.map((id) => this.stateOf(id)) };
    this.stopTime();
    const each = (this.spent.get(this.timed) ?? 0) / recordIds.length;
    this.spent.delete(this.timed);
    for (const id of recordIds) {
      this.spent.set(id, each);
      this.put(id, status, { ...this.answersOf(id), ...answers });
    }
    this.changed();
  }

  /** Takes back the last submit or discard: answers and status are as before. */
  undo() {
    if (!this.last) return;
    const { recordIds, index, before } = this.last;
    recordIds.forEach((id, place) => {
      const { status, answers } = before[place];
      this.put(id, status === "pending" ? "none" : status, answers);
    });
    this.last = null;
    this.index = index;
    this.outbox.flush(true);
    this.moved();
  }

  move(step) {
    const next = this.index + step;
    if (next < 0 || next > this.queue.records.length) return;
    this.index = next;
    this.moved();
  }

  moved() {
    this.state.record = this.record?.id;
    address.write(this.state);
    this.stopTime();
    this.timed = this.record?.id;
    this.claim();
    this.changed();
    const queue = this.queue;
    queue.ahead(this.index).then(() => queue === this.queue && this.learn(), (error) => this.stumbled(error));
  }

  /** Claims the record in view and the next one, so that it is still free when it is come to. */
  claim() {
    const isDone = (id) => ["submitted", "discarded"].includes(this.statusOf(id));
    const open = this.queue.records.slice(this.index, this.index + 2).map((record) => record.id);
    this.claims.hold(this.state.view === "bulk" ? [] : open.filter((id) => !isDone(id)), isDone);
  }

  /** Goes past records that others will answer, but not past those that were begun here or linked to. */
  refused(recordIds) {
    const free = recordIds.filter((id) => !this.outbox.kept.get(id) && !this.outbox.known(id) && id !== this.queue.linked);
    for (const id of recordIds) this.taken.add(id);
    for (const id of free) {
      const place = this.queue.records.findIndex((record) => record.id === id);
      if (place >= 0 && place < this.index) this.index--;
      this.queue.drop(id);
    }
    if (free.length) this.moved();
    else this.changed();
  }

  /** Whether this person has submitted as much as anybody may. */
  get isQuotaReached() {
    const { quota } = this.queue;
    return this.state.status === "pending" && quota !== null && (this.counts?.submitted ?? 0) >= quota;
  }

  async more() {
    await this.queue.more().catch((error) => this.stumbled(error));
    this.learn();
  }

  /** Tells the outbox what the server has of the records that were loaded. */
  learn() {
    for (const record of this.queue.records) {
      if (!this.outbox.responses.has(record.id)) this.outbox.know(record.id, record.responses?.[0]);
    }
    this.changed();
  }

  /** Without a connection there are no further records; what is here can be answered. */
  stumbled(error) {
    if (!(error instanceof api.Unreachable)) throw error;
    this.outbox.lost(error);
  }

  saved({ recordId, response }) {
    this.announce({ recordId, response });
    this.count();
    this.changed();
  }

  /** Another tab saved an answer. */
  heard({ recordId, response }) {
    if (!this.outbox.kept.get(recordId)) this.outbox.know(recordId, response);
    this.count();
    this.changed();
  }

  resolve(mine) {
    this.outbox.resolve(this.record.id, mine);
    this.count();
    this.changed();
  }

  count() {
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.recount().catch((error) => this.stumbled(error)), this.counts ? COUNT_DELAY : 0);
  }

  async recount() {
    const [counts, team] = await Promise.all([api.metrics(this.datasetId), api.progress(this.datasetId)]);
    if (this.outbox.pending().length === 0 || !this.counts) Object.assign(this, { counts, team });
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
