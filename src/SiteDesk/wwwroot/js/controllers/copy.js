import { Controller } from "@hotwired/stimulus";

const shown = 1_600;

/** Copies a field's text or data-copy-text, and says so in the button's own words (data-copy-done). */
export default class CopyController extends Controller {
  async copy() {
    const source = /** @type {HTMLInputElement | undefined} */ (this.targets.find("source"));
    const text = this.data.get("text") ?? source?.value ?? source?.textContent ?? "";
    if (!(await copied(text.trim()))) {
      // Nothing but the person's own keys may copy here: what they want is marked for them.
      source?.select();
      return;
    }
    const label = this.targets.find("label");
    const done = this.data.get("done");
    if (!label || !done) return;
    const before = label.textContent;
    label.textContent = done;
    setTimeout(() => (label.textContent = before), shown);
  }
}

/**
 * Browsers give pages the clipboard on secure addresses only; a desk that is tried out in the office's network has none.
 * @param {string} text @returns {Promise<boolean>}
 */
async function copied(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}
