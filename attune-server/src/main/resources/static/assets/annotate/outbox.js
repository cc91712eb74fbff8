import * as api from "./api.js";
import { fromResponse, sameAnswers } from "./answers.js";
import { Kept } from "./kept.js";

const DRAFT_DELAY = 1200;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 30_000;
const AT_ONCE = 20;
const LONGEST_TIME = 86_400;

/**
 * Sends answers to the server, the latest of each record, and keeps them until they arrived.
 *
 * An entry is `{status, answers, values, seconds, seenAt, due, at}`: `status` is that of a response, `local` for changes of a
 * submitted answer that nobody asked to send, or `none` to take the response away; `seenAt` is when the response it
 * replaces was changed, so that the server refuses to overwrite what this tab has not seen.
 *
 * Events: `saved` {recordId, response}, `conflict` {recordId, theirs}, `refused` {recordId, reason}, `state`.
 */
export class Outbox extends EventTarget {
  constructor(userId, datasetId) {
    super();
    this.datasetId = datasetId;
    this.kept = new Kept(userId, datasetId);
    this.conflicts = new Map();
    this.refusals = new Map();
    this.reachable = navigator.onLine;
    this.durable = true;
    this.savedAt = null;
    this.retry = FIRST_RETRY;
    this.responses = new Map();
    window.addEventListener("online", () => this.flush());
    window.addEventListener("offline", () => this.lost());
    // what waits to be sent as a draft is sent before the tab sleeps or closes; if that fails it is kept
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(true));
  }

  async start() {
    await this.kept.adopt();
    this.flush();
  }

  /** Remembers the response of a record as the server has it. */
  know(recordId, response) {
    this.responses.set(recordId, response ?? null);
  }

  known(recordId) {
    return this.responses.get(recordId) ?? null;
  }

  pending() {
    return this.kept.all().filter((entry) => entry.status !== "local");
  }

  /** Keeps an answer, and sends it: drafts after a short pause in typing, the rest at once. */
  put(recordId, status, answers, values, seconds) {
    const before = this.kept.get(recordId);
    const now = Date.now();
    this.durable = this.kept.put(recordId, {
      status,
      answers,
      values,
      seconds: (before?.seconds ?? 0) + seconds,
      seenAt: before ? before.seenAt : this.known(recordId)?.updated_at ?? null,
      due: status === "draft" ? now + DRAFT_DELAY : now,
      at: now,
    });
    this.refusals.delete(recordId);
    this.tell("state");
    this.wake(status === "draft" ? DRAFT_DELAY : 0);
  }

  forget(recordId) {
    this.kept.remove(recordId);
    this.conflicts.delete(recordId);
    this.refusals.delete(recordId);
    this.tell("state");
  }

  /** Ends a conflict: one's own answer replaces the other one, or gives way to it. */
  resolve(recordId, mine) {
    const theirs = this.conflicts.get(recordId);
    this.conflicts.delete(recordId);
    if (mine) {
      const entry = this.kept.get(recordId);
      this.kept.put(recordId, { ...entry, seenAt: theirs?.updated_at ?? null, due: 0 });
      this.wake(0);
    } else {
      this.kept.remove(recordId);
    }
    this.know(recordId, theirs);
    this.tell("state");
  }

  wake(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  /** Sends what is due; `all` sends drafts as well that are still being typed. */
  async flush(all = false) {
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    try {
      const due = this.pending()
        .filter((entry) => !this.conflicts.has(entry.recordId) && !this.refusals.has(entry.recordId))
        .filter((entry) => all || entry.due <= Date.now())
        .slice(0, AT_ONCE);
      if (due.length) await this.send(due);
      else if (!this.reachable && navigator.onLine) await api.metrics(this.datasetId);
      this.reached();
    } catch (error) {
      if (!(error instanceof api.Unreachable)) throw error;
      this.lost(error);
    } finally {
      this.sending = false;
    }
    this.schedule();
  }

  schedule() {
    const open = this.pending().filter((entry) => !this.conflicts.has(entry.recordId) && !this.refusals.has(entry.recordId));
    if (!this.reachable) this.wake(this.retry);
    else if (this.again) this.wake(0);
    else if (open.length) this.wake(Math.max(0, Math.min(...open.map((entry) => entry.due)) - Date.now()));
    this.again = false;
  }

  async send(entries) {
    for (const entry of entries.filter(({ status }) => status === "none")) await this.takeAway(entry);
    const sent = entries.filter(({ status }) => status !== "none");
    if (!sent.length) return;
    const results = await this.save(sent);
    for (let i = 0; i < sent.length; i++) {
      if (results[i].item) this.arrived(sent[i], results[i].item);
      else await this.failed(sent[i], results[i].error.detail);
    }
  }

  /** The outcome for each entry; if the server refuses them all, each is refused. */
  async save(sent) {
    try {
      return await api.save(this.datasetId, sent.map(({ recordId, status, values, seenAt, seconds }) => ({
        record_id: recordId, status, values, seen_at: seenAt, seconds: Math.min(seconds ?? 0, LONGEST_TIME),
      })));
    } catch (error) {
      if (!(error instanceof api.Refused)) throw error;
      return sent.map(() => ({ item: null, error: { detail: error.message } }));
    }
  }

  async takeAway(entry) {
    const response = this.known(entry.recordId);
    try {
      if (response) await api.removeResponse(response.id);
    } catch (error) {
      if (!(error instanceof api.Refused) || error.status !== 404) throw error;
    }
    this.arrived(entry, null);
  }

  arrived(entry, response) {
    this.know(entry.recordId, response);
    this.savedAt = new Date();
    const now = this.kept.get(entry.recordId);
    if (now && now.at !== entry.at) {
      const seconds = Math.max(0, (now.seconds ?? 0) - (entry.seconds ?? 0));
      this.kept.put(entry.recordId, { ...now, seconds, seenAt: response?.updated_at ?? null }); // changed meanwhile
    } else {
      this.kept.remove(entry.recordId);
    }
    this.tell("saved", { recordId: entry.recordId, response });
  }

  /** Finds out whether the answer lost a race, which a person decides, or breaks a rule. */
  async failed(entry, reason) {
    const record = await api.record(this.datasetId, entry.recordId).catch((error) => {
      if (error instanceof api.Refused) return null; // the dataset is gone or closed to this person
      throw error;
    });
    const theirs = record?.responses?.[0] ?? null;
    if (record && (theirs?.updated_at ?? null) !== entry.seenAt) {
      if (theirs && theirs.status === entry.status && sameAnswers(fromResponse(theirs), entry.answers)) {
        this.arrived(entry, theirs);
        return;
      }
      this.conflicts.set(entry.recordId, theirs);
      this.tell("conflict", { recordId: entry.recordId, theirs });
    } else {
      this.refusals.set(entry.recordId, reason);
      this.tell("refused", { recordId: entry.recordId, reason });
    }
  }

  reached() {
    this.signedOut = false;
    this.retry = FIRST_RETRY;
    this.reachable = true;
    this.tell("state");
  }

  lost(error) {
    this.signedOut = error instanceof api.SignedOut;
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
    this.reachable = false;
    this.tell("state");
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
