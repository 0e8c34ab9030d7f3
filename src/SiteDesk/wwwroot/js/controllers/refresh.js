import { Controller } from "@hotwired/stimulus";
import { refresh } from "../streams.js";

const quiet = 120;
const longestQuiet = 2_000;

/**
 * Asks for fresh streams from data-refresh-url when a live signal named in data-refresh-on comes
 * (space-separated types; "ticket:42" means only signals of ticket 42).
 */
export default class RefreshController extends Controller {
  connect() {
    this.abort = new AbortController();
    for (const want of [...(this.data.get("on") ?? "").split(" "), "resumed", "connected"]) {
      if (!want) continue;
      const [type, subject] = want.split(":");
      document.addEventListener(`live:${type}`, (event) => {
        const detail = /** @type {CustomEvent} */ (event).detail;
        if (subject && detail && String(detail.subject) !== subject) return;
        this.soon(want === "connected");
      }, { signal: this.abort.signal });
    }
    this.connectedOnce = false;
    this.first = 0;
  }

  disconnect() {
    this.abort?.abort();
    clearTimeout(this.timer);
  }

  /**
   * Waits for a short silence, but never so long that a busy desk would see nothing.
   * @param {boolean} isConnection the first connection follows the page itself, which is fresh
   */
  soon(isConnection) {
    if (isConnection && !this.connectedOnce) {
      this.connectedOnce = true;
      return;
    }
    const now = performance.now();
    const first = this.first || now;
    this.first = first;
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(quiet, first + longestQuiet - now));
    this.timer = setTimeout(() => {
      this.first = 0;
      const url = this.data.get("url");
      if (url) refresh(url);
    }, wait);
  }
}
