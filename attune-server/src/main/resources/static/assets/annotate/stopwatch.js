// How long somebody is at work on a record. A hidden tab does not count, nor does a long silence.

const LONGEST_SILENCE = 30_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"];

export class Stopwatch {
  constructor() {
    this.seconds = 0;
    this.last = performance.now();
    for (const name of SIGNS) document.addEventListener(name, () => this.heard(), { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.count();
      else this.last = performance.now();
      this.hidden = document.hidden;
    });
    this.hidden = document.hidden;
  }

  heard() {
    this.count();
    this.waiting?.();
    this.waiting = null;
  }

  /** Adds the time since the last sign, as far as it may have been spent reading. */
  count() {
    const now = performance.now();
    if (!this.hidden) this.seconds += Math.min(now - this.last, LONGEST_SILENCE) / 1000;
    this.last = now;
  }

  /** The seconds since they were last taken. */
  take() {
    this.count();
    const { seconds } = this;
    this.seconds = 0;
    return seconds;
  }

  /** Milliseconds since somebody was heard of. */
  silence() {
    return performance.now() - this.last;
  }

  /** Does something at the next sign of somebody. */
  whenHeard(action) {
    this.waiting = action;
  }
}
