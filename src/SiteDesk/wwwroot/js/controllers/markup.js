import { Controller } from "@hotwired/stimulus";
import { send } from "../streams.js";

/**
 * Simple Markdown in the reply's text: keys and buttons put the marks around what is chosen, a preview shows what the customer will
 * see. The text stays text: nothing here knows how it looks, the server does.
 * @extends {Controller<HTMLElement>}
 */
export default class MarkupController extends Controller {
  /** @param {KeyboardEvent} event */
  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing || event.target !== this.text() || this.isNote()) return;
    const act = { b: () => this.bold(), i: () => this.italic(), k: () => this.link() }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  bold() {
    this.wrap("**", "**");
  }

  italic() {
    this.wrap("_", "_");
  }

  /** An address that is chosen becomes the target, anything else the words. */
  link() {
    const text = this.text();
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
    const start = text.selectionStart;
    if (/^https?:\/\/\S+$/.test(chosen)) {
      this.replace(`[](${chosen})`, start + 1, start + 1);
    } else {
      this.replace(`[${chosen}](https://)`, chosen ? start + chosen.length + 3 : start + 1, chosen ? start + chosen.length + 11 : start + 1);
    }
  }

  list() {
    this.lines((line, index, numbered) => (numbered ? line : `- ${line}`), /^- /);
  }

  quote() {
    this.lines((line) => `> ${line}`, /^> ?/);
  }

  /** One line becomes code inside the sentence, several become a block. */
  code() {
    const text = this.text();
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
    if (!chosen.includes("\n")) return this.wrap("`", "`");
    this.replace("```\n" + chosen.replace(/\n$/, "") + "\n```\n");
  }

  async preview() {
    const shown = /** @type {HTMLElement} */ (this.targets.find("preview"));
    if (!shown.hidden) return this.closePreview();
    const response = await send(this.data.get("url") ?? "", "POST", { text: this.text().value, files: this.files() });
    if (!response.ok) throw new Error(`preview refused: ${response.status}`);
    shown.innerHTML = await response.text();
    shown.hidden = false;
    this.text().hidden = true;
    this.targets.find("toggle")?.setAttribute("aria-pressed", "true");
    shown.focus();
  }

  closePreview() {
    const shown = /** @type {HTMLElement} */ (this.targets.find("preview"));
    if (shown.hidden) return;
    shown.hidden = true;
    this.text().hidden = false;
    this.targets.find("toggle")?.setAttribute("aria-pressed", "false");
    this.text().focus();
  }

  /**
   * @param {string} before
   * @param {string} after
   */
  wrap(before, after) {
    const text = this.text();
    const { selectionStart: start, selectionEnd: end, value } = text;
    const chosen = value.slice(start, end);
    if (value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after) {
      text.setSelectionRange(start - before.length, end + after.length);
      this.replace(chosen, start - before.length, end - before.length);
    } else {
      this.replace(before + chosen + after, start + before.length, end + before.length);
    }
  }

  /**
   * Every line that is touched, or as it was when all are so already.
   * @param {(line: string, index: number, numbered: boolean) => string} change
   * @param {RegExp} done
   */
  lines(change, done) {
    const text = this.text();
    const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const end = text.value.indexOf("\n", text.selectionEnd);
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    const lines = text.value.slice(text.selectionStart, text.selectionEnd).split("\n");
    const isDone = lines.every((line) => done.test(line));
    const changed = lines.map((line, index) => (isDone ? line.replace(done, "") : change(line, index, /^\d+\. /.test(line)))).join("\n");
    this.replace(changed, start, start + changed.length);
    if (lines.length === 1) text.setSelectionRange(start + changed.length, start + changed.length);
  }

  /**
   * Through the editor's own command where there is one, so that Ctrl+Z takes it back.
   * @param {string} words
   * @param {number} [from] what is chosen afterwards
   * @param {number} [to]
   */
  replace(words, from, to) {
    const text = this.text();
    this.closePreview();
    text.focus();
    if (!document.execCommand("insertText", false, words)) {
      text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (from !== undefined) text.setSelectionRange(from, to ?? from);
  }

  /** The files that the text may show. */
  files() {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.element.querySelectorAll("[data-attachments-target=list] input[name=files]"));
    return [...fields].map((field) => field.value).filter((token) => token).join(",");
  }

  /**
   * A picture that is attached, at the caret.
   * @param {CustomEvent<{ picture: string, name: string }>} event
   */
  place(event) {
    const { picture, name } = event.detail;
    if (this.isNote()) return;
    const text = this.text();
    const gap = /\S$/.test(text.value.slice(0, text.selectionStart)) ? " " : "";
    this.replace(`${gap}![${name.replace(/[[\]\n]/g, " ").trim()}](picture:${picture})`);
  }

  isNote() {
    return this.element.dataset.kind === "note";
  }

  text() {
    return /** @type {HTMLTextAreaElement} */ (this.targets.find("text"));
  }
}
