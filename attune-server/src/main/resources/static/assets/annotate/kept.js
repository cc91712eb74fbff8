// Answers that the server does not have yet, in the browser's storage: a closed tab loses nothing.
import { livingTabs, tabId } from "./tabs.js";

/**
 * What one person has still to send of one dataset. Each record has a key of its own in each tab,
 * so that tabs never overwrite one another's answers unseen.
 */
export class Kept {
  constructor(userId, datasetId) {
    this.prefix = `attune.kept.${userId}.${datasetId}.`;
    this.memory = new Map();
  }

  /** Takes over what tabs left behind that are closed by now. */
  async adopt() {
    const living = await livingTabs();
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(this.prefix))) {
      const [recordId, tab] = key.slice(this.prefix.length).split("@");
      if (tab !== tabId && living.has(tab)) continue;
      try {
        const left = JSON.parse(localStorage.getItem(key));
        const mine = this.memory.get(recordId);
        if (!mine || mine.at < left.at) this.put(recordId, left);
      } catch {
        // cut short while it was written: there is nothing to take over
      }
      if (tab !== tabId) localStorage.removeItem(key);
    }
  }

  get(recordId) {
    return this.memory.get(recordId) ?? null;
  }

  all() {
    return [...this.memory].map(([recordId, entry]) => ({ recordId, ...entry }));
  }

  /** Keeps an answer; returns whether it would survive the tab. */
  put(recordId, entry) {
    this.memory.set(recordId, entry);
    try {
      localStorage.setItem(this.key(recordId), JSON.stringify(entry));
      return true;
    } catch {
      return false; // the storage is full or forbidden
    }
  }

  remove(recordId) {
    this.memory.delete(recordId);
    localStorage.removeItem(this.key(recordId));
  }

  key(recordId) {
    return `${this.prefix}${recordId}@${tabId}`;
  }
}
