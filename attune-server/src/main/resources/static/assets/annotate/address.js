// The state of the page in its address, so that a link shows the same.

const NAMES = ["status", "record", "q", "field", "view", "similar", "vector", "order"];

/** The state that an address holds; `filters` and `sort` are JSON. */
export function read(search = location.search) {
  const query = new URLSearchParams(search);
  const state = { status: "pending", filters: [], sort: [] };
  for (const name of NAMES) if (query.get(name)) state[name] = query.get(name);
  for (const name of ["filters", "sort"]) {
    try {
      const list = JSON.parse(query.get(name) ?? "[]");
      if (Array.isArray(list)) state[name] = list;
    } catch {
      // a link that was cut: it shows everything
    }
  }
  return state;
}

/** Shows a state in the address bar, as a step to go back over or in place of the last one. */
export function write(state, step = false) {
  const query = new URLSearchParams();
  for (const name of NAMES) if (state[name]) query.set(name, state[name]);
  for (const name of ["filters", "sort"]) if (state[name]?.length) query.set(name, JSON.stringify(state[name]));
  if (query.get("status") === "pending") query.delete("status");
  const address = `${location.pathname}${query.size ? `?${query}` : ""}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
