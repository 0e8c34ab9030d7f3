import { Controller } from "@hotwired/stimulus";
import { send } from "../streams.js";

/**
 * Puts the draft of a reply into the customer's language. What was written stays at hand: undo brings it back as long as the page stands.
 * @extends {Controller<HTMLElement>}
 */
export default class TranslationController extends Controller {
  /** What stood there before; nothing when there is nothing to take back. */
  original = "";

  async draft() {
    const text = this.text();
    const words = text?.value ?? "";
    if (!text || text.form?.dataset.kind === "note") return this.say(this.data.get("note"));
    if (!words.trim()) return this.say(this.data.get("empty"));
    const start = /** @type {HTMLButtonElement} */ (this.targets.find("start"));
    start.disabled = true;
    this.say(this.data.get("runs"));
    try {
      const response = await send(this.data.get("url") ?? "", "POST", { text: words });
      const known = response.ok || response.status === 422;
      /** @type {{ text?: string, isDoubtful?: boolean, problem?: string }} */
      const answer = known ? await response.json() : {};
      if (!answer.text) return this.say(answer.problem ?? this.data.get("failed"));
      // Written on meanwhile: what is there now is newer than its translation.
      if (text.value !== words) return this.say("");
      this.original = words;
      this.put(answer.text);
      this.offerUndo(true);
      this.say([this.data.get("done"), answer.isDoubtful ? this.data.get("doubtful") : ""].filter((part) => part).join(" · "));
    } catch (error) {
      // The network is away: what was written stays as it is.
      if (!(error instanceof TypeError)) throw error;
      this.say(this.data.get("failed"));
    } finally {
      start.disabled = false;
    }
  }

  undo() {
    if (this.original) this.put(this.original);
    this.original = "";
    this.offerUndo(false);
    this.say("");
  }

  /**
   * Through the editor's own command where there is one, so that Ctrl+Z takes it back as well.
   * @param {string} words
   */
  put(words) {
    const text = this.text();
    if (!text) return;
    text.focus();
    text.select();
    if (!document.execCommand("insertText", false, words)) {
      text.value = words;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** @param {boolean} offered */
  offerUndo(offered) {
    /** @type {HTMLElement} */ (this.targets.find("undo")).hidden = !offered;
  }

  /** @param {string | null} words */
  say(words) {
    const state = this.targets.find("state");
    if (state) state.textContent = words ?? "";
  }

  text() {
    return /** @type {HTMLTextAreaElement | null} */ (document.getElementById("composer-text"));
  }
}
