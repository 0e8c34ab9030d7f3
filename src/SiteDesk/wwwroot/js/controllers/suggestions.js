import { Controller } from "@hotwired/stimulus";
import { refresh } from "../streams.js";

/**
 * What the assistant suggests beside a ticket. A suggestion with data-insert puts its words into the answer's field, where the caret
 * is; the form around it tells the server that it was taken. While the assistant is being trained it asks again after data-suggestions-again
 * milliseconds.
 */
export default class SuggestionsController extends Controller {
  connect() {
    const url = this.data.get("url");
    const again = Number(this.data.get("again"));
    if (url && again > 0) this.timer = setTimeout(() => refresh(url), again);
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  /** @param {Event} event */
  insert(event) {
    const words = /** @type {HTMLElement} */ (event.currentTarget).dataset.insert;
    const text = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("composer-text"));
    if (!words || !text) return;
    // What is meant for the customer does not go into a note.
    if (text.closest("form")?.dataset.kind === "note") document.getElementById("tab-reply")?.click();
    text.focus();
    const before = text.value.slice(0, text.selectionStart);
    const gap = before === "" || /\n\n$/.test(before) ? "" : words.includes("\n") || words.length > 200 ? "\n\n" : /\s$/.test(before) ? "" : " ";
    // The editor's own command, so that Ctrl+Z takes it back.
    if (!document.execCommand("insertText", false, gap + words)) {
      text.setRangeText(gap + words, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
