import { html, nothing } from "lit";
import { number, t } from "../texts.js";
import { Element } from "./element.js";
import "./field-card.js";

/** Many records as a list, some of them chosen to be answered alike. */
class BulkList extends Element {
  static properties = {
    records: { attribute: false },
    chosen: { attribute: false },
    fields: { attribute: false },
    responses: { attribute: false },
    total: { type: Number },
    complete: { type: Boolean },
  };

  render() {
    const all = this.records.length > 0 && this.records.every((record) => this.chosen.has(record.id));
    return html`<section class="record bulk" aria-label=${t("annotate.bulk")}>
      <div class="meta"><label class="check"><input type="checkbox" .checked=${all} @change=${() => this.tell("choose", all ? [] : this.records.map((record) => record.id))}>
        <b>${t("annotate.bulk.chosen", number(this.chosen.size), number(this.records.length))}</b></label>
        <span class="muted">${t("annotate.bulk.total", number(this.total ?? 0))}</span></div>
      ${this.records.map((record) => this.card(record))}
      ${this.complete ? nothing : html`<button class="btn" @click=${() => this.tell("more")}>${t("annotate.bulk.more")}</button>`}
    </section>`;
  }

  card(record) {
    const status = this.responses(record.id)?.status;
    const isChosen = this.chosen.has(record.id);
    return html`<article class="bulk-card ${isChosen ? "chosen" : ""}"><label class="check">
        <input type="checkbox" .checked=${isChosen} aria-label=${t("annotate.bulk.choose", record.external_id ?? record.id)} @change=${() => this.toggle(record.id)}></label>
      <div class="bulk-fields">${status ? html`<span class="tag">${t(`annotate.status.${status}`)}</span>` : nothing}
        ${this.fields.filter((field) => record.fields[field.name] != null).map((field) => html`<attune-field-card .field=${field} .value=${record.fields[field.name]} .record=${record}></attune-field-card>`)}</div></article>`;
  }

  toggle(id) {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.tell("choose", [...next]);
  }
}
customElements.define("attune-bulk-list", BulkList);
