import DOMPurify from "dompurify";
import { marked } from "marked";

const FORBIDDEN = ["style", "form", "input", "button", "textarea", "select", "iframe", "object", "embed", "link", "meta", "base", "dialog"];

// what a record links to opens apart from this page and learns nothing about it
DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer");
  }
  if (node.tagName === "IMG") {
    node.setAttribute("loading", "lazy");
    node.setAttribute("referrerpolicy", "no-referrer");
    if (!node.hasAttribute("alt")) node.setAttribute("alt", "");
  }
});

/** HTML without anything that runs, submits, or reaches out of its place. */
export function safe(html) {
  return DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ["style", "class", "id", "name", "srcset", "autofocus", "tabindex"],
    ALLOW_DATA_ATTR: false,
  });
}

/** As {@link safe}, for HTML that is shown in a frame of its own and may be styled. */
export function safeForFrame(html) {
  return DOMPurify.sanitize(html, {
    FORBID_TAGS: FORBIDDEN.filter((tag) => tag !== "style"),
    FORCE_BODY: true,
  });
}

/** A text in Markdown. */
class Markdown extends HTMLElement {
  set text(text) {
    if (text === this.shown) return;
    this.shown = text;
    this.replaceChildren(safe(marked.parse(text ?? "", { gfm: true, breaks: true })));
    // headings within a record are below those of the page
    for (const heading of this.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      heading.setAttribute("aria-level", Math.min(6, Number(heading.tagName[1]) + 2));
    }
  }
}
customElements.define("attune-markdown", Markdown);
