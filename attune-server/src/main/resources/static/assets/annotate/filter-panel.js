import { html, nothing } from "lit";
import { number, t } from "../texts.js";
import * as api from "./api.js";
import { Element } from "./element.js";
import { filterable, sameScope, sortable } from "./scopes.js";

/** Chooses which records are shown and in which order. */
class FilterPanel extends Element {
  static properties = {
    settings: { attribute: false },
    filters: { attribute: false },
    sort: { attribute: false },
    metrics: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.metrics = new Map();
    for (const { id } of this.settings.metadataProperties) {
      api.metadataMetrics(id).then(
        (metrics) => (this.metrics = new Map(this.metrics).set(id, metrics)),
        () => {}); // without counts the filter is a box to type in
    }
  }

  set(scope, filter) {
    const others = this.filters.filter((known) => !sameScope(known.scope, scope));
    this.tell("go", { filters: filter ? [...others, filter] : others, record: undefined });
  }

  filterOf(scope) {
    return this.filters.find((known) => sameScope(known.scope, scope));
  }

  render() {
    return html`<section class="panel filters" aria-label=${t("annotate.filter")}>
      <header><h2>${t("annotate.filter")}</h2><span class="grow"></span>
        ${this.filters.length || this.sort.length ? html`<button class="chip" @click=${() => this.tell("go", { filters: [], sort: [], record: undefined })}>${t("annotate.filter.clear")}</button>` : nothing}
        <button class="chip" @click=${() => this.tell("filter")}>${t("annotate.close")}</button></header>
      <div class="filter-grid">${this.order()}${filterable(this.settings).map((one) => (one.type === "terms" ? this.terms(one) : this.range(one)))}</div>
    </section>`;
  }

  order() {
    const all = sortable(this.settings);
    const first = this.sort[0];
    const chosen = first ? all.findIndex((one) => sameScope(one.scope, first.scope)) : -1;
    return html`<fieldset><legend>${t("annotate.sort")}</legend>
      <select aria-label=${t("annotate.sort")} @change=${(event) => this.tell("go", { sort: event.target.value < 0 ? [] : [{ scope: all[event.target.value].scope, order: first?.order ?? "asc" }], record: undefined })}>
        <option value="-1" ?selected=${chosen < 0}>${t("annotate.sort.none")}</option>
        ${all.map((one, place) => html`<option value=${place} ?selected=${place === chosen}>${one.title}</option>`)}
      </select>
      ${first ? html`<div class="segments">${["asc", "desc"].map((order) => html`<button aria-pressed=${first.order === order}
        @click=${() => this.tell("go", { sort: [{ ...first, order }], record: undefined })}>${t(`annotate.sort.${order}`)}</button>`)}</div>` : nothing}
    </fieldset>`;
  }

  terms(one) {
    const options = one.options ?? this.metrics.get(one.property.id)?.values?.map(({ term, count }) => ({ value: term, text: term, count })) ?? [];
    if (!options.length) return nothing;
    const chosen = this.filterOf(one.scope)?.values ?? [];
    const toggle = (value) => {
      const values = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
      this.set(one.scope, values.length ? { type: "terms", scope: one.scope, values } : null);
    };
    return html`<fieldset><legend>${one.title}</legend><div class="checks">${options.map((option) => html`
      <label><input type="checkbox" .checked=${chosen.includes(option.value)} @change=${() => toggle(option.value)}>
        <span dir="auto">${option.text}</span>${option.count === undefined ? nothing : html` <span class="muted num">${number(option.count)}</span>`}</label>`)}</div></fieldset>`;
  }

  range(one) {
    const bounds = one.bounds ?? this.metrics.get(one.property?.id);
    if (!bounds || bounds.min == null) return nothing;
    const filter = this.filterOf(one.scope) ?? {};
    const change = (name, text) => {
      const next = { ge: filter.ge, le: filter.le, [name]: text === "" ? undefined : Number(text) };
      const empty = next.ge === undefined && next.le === undefined;
      this.set(one.scope, empty ? null : { type: "range", scope: one.scope, ...next });
    };
    const box = (name, placeholder) => html`<input type="number" step="any" .value=${filter[name] ?? ""} placeholder=${placeholder}
      aria-label=${`${one.title} ${t(`annotate.filter.${name}`)}`} @change=${(event) => change(name, event.target.value)}>`;
    return html`<fieldset><legend>${one.title}</legend><div class="range">${box("ge", bounds.min)}<span>–</span>${box("le", bounds.max)}</div></fieldset>`;
  }
}
customElements.define("attune-filter-panel", FilterPanel);
