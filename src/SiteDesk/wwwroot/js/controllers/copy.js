import { Controller } from "@hotwired/stimulus";

const shown = 1_600;

/** Copies a field's text or data-copy-text, and says so in the button's own words (data-copy-done). */
export default class CopyController extends Controller {
  async copy() {
    const source = /** @type {HTMLInputElement | undefined} */ (this.targets.find("source"));
    const text = this.data.get("text") ?? source?.value ?? source?.textContent ?? "";
    await navigator.clipboard.writeText(text.trim());
    const label = this.targets.find("label");
    const done = this.data.get("done");
    if (!label || !done) return;
    const before = label.textContent;
    label.textContent = done;
    setTimeout(() => (label.textContent = before), shown);
  }
}
