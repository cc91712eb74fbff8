import { LitElement } from "lit";

/** A component that renders into the page itself, so that selections cross it and the pages' styles reach it. */
export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Tells the components around this one. */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
