import { html } from "lit";
import { Element } from "./element.js";
import { safeForFrame } from "./markdown.js";

const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The value at a path such as `record.fields.card.title`. */
function at(context, path) {
  return path.split(".").reduce((value, key) => (value && Object.hasOwn(value, key) ? value[key] : undefined), context);
}

function shown(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A template with `{{path}}` filled in; values are text and never become HTML. */
export function filled(template, context) {
  return template.replace(/\{\{\{?\s*([\w.-]+)\s*\}?\}\}/g, (_, path) => escaped(shown(at(context, path))));
}

/**
 * A field that its dataset draws by an HTML template, in a frame that has no access to this page. Only
 * an advanced template may run scripts there, and those reach no network.
 */
class CustomField extends Element {
  static properties = { field: { attribute: false }, value: { attribute: false }, record: { attribute: false } };

  document() {
    const { template, advanced_mode: advanced } = this.field.settings;
    const record = { ...this.record, fields: { ...this.record.fields, [this.field.name]: this.value } };
    if (advanced) return { html: template, record };
    return { html: safeForFrame(filled(template, { record, ...(typeof this.value === "object" ? this.value : {}) })) };
  }

  send() {
    const styles = getComputedStyle(this);
    this.querySelector("iframe").contentWindow.postMessage(
      { ...this.document(), colour: styles.color, font: styles.font }, "*");
  }

  connectedCallback() {
    super.connectedCallback();
    this.heard = (event) => {
      const frame = this.querySelector("iframe");
      if (event.source !== frame?.contentWindow) return;
      if (event.data === "ready") this.send();
      else if (Number.isFinite(event.data?.height)) frame.style.height = `${Math.min(1200, Math.max(40, event.data.height))}px`;
    };
    window.addEventListener("message", this.heard);
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.heard);
    super.disconnectedCallback();
  }

  updated(changed) {
    if (changed.has("value") && changed.get("value") !== undefined) this.send();
  }

  render() {
    return html`<iframe class="custom" sandbox="allow-scripts" src="/assets/frame.html" title=${this.field.title} loading="eager"></iframe>`;
  }
}
customElements.define("attune-custom-field", CustomField);
