import * as api from "./api.js";

const BEATS = 3;
const AWAY = 5 * 60_000;

/**
 * Keeps records for this person while they are open: the server is told which, and told again until the tab is closed
 * or left alone. Tells `refused` {recordIds} when others will answer them, and `held` {recordIds}.
 */
export class Claims extends EventTarget {
  /** `stopwatch` knows whether somebody is there. */
  constructor(datasetId, stopwatch) {
    super();
    this.datasetId = datasetId;
    this.stopwatch = stopwatch;
    this.records = [];
    this.last = Promise.resolve();
    window.addEventListener("pagehide", () => this.hold([]));
    window.addEventListener("pageshow", (event) => event.persisted && this.dispatchEvent(new Event("back")));
  }

  /** Holds these records, and gives up those held before; not those in `answered`, whose answers end the claim. */
  hold(recordIds, answered = () => false) {
    const leave = this.records.filter((id) => !recordIds.includes(id) && !answered(id));
    if (recordIds.every((id) => this.records.includes(id)) && !leave.length) {
      this.records = recordIds;
      return;
    }
    this.records = recordIds;
    this.tell(leave);
  }

  /** One call after the other, so that the server hears of them in their order. */
  tell(leave) {
    if (document.visibilityState === "hidden" && !this.records.length) {
      this.send(leave); // the tab may be gone before earlier calls end
    } else {
      this.last = this.last.then(() => this.send(leave));
    }
  }

  async send(leave) {
    clearTimeout(this.beat);
    try {
      const { held, refused, limited, seconds } = await api.claim(this.datasetId, this.records, leave);
      if (limited && this.records.length) this.beat = setTimeout(() => this.again(), (seconds * 1000) / BEATS);
      this.dispatchEvent(new CustomEvent("held", { detail: held }));
      if (refused.length) this.dispatchEvent(new CustomEvent("refused", { detail: refused }));
    } catch (error) {
      if (!(error instanceof api.Unreachable || error instanceof api.Refused)) throw error;
      this.beat = setTimeout(() => this.again(), (60 * 1000) / BEATS);
    }
  }

  /** Nobody waits for a record on a tab that was left alone; whoever comes back takes it again. */
  again() {
    if (this.stopwatch.silence() < AWAY) this.tell([]);
    else this.stopwatch.whenHeard(() => this.tell([]));
  }
}
