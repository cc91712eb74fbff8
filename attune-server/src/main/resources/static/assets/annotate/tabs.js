// Tabs of one browser tell each other what they saved, and find what a closed one left behind.

/** This tab, until it is closed or loaded again. */
export const tabId = [...crypto.getRandomValues(new Uint32Array(2))].map((n) => n.toString(36)).join("");

const lockOf = (id) => `attune-tab-${id}`;

// held as long as the tab lives; browsers offer locks only over HTTPS and on the own machine
navigator.locks?.request(lockOf(tabId), () => new Promise(() => {}));

/** The ids of the tabs that are open. Without locks only this one is known. */
export async function livingTabs() {
  const held = (await navigator.locks?.query())?.held ?? [];
  return new Set([tabId, ...held.map((lock) => lock.name.replace(/^attune-tab-/, ""))]);
}

/** A channel to the other tabs with the same dataset. */
export function channel(datasetId, heard) {
  const open = new BroadcastChannel(`attune-${datasetId}`);
  open.addEventListener("message", (event) => heard(event.data));
  return (message) => open.postMessage(message);
}
