import { Controller } from "@hotwired/stimulus";
import { refresh } from "../streams.js";

const quiet = 120;
const longestQuiet = 2_000;

/**
 * Asks for fresh streams from data-refresh-url when a live signal named in data-refresh-on comes
 * (space-separated types; "ticket:42" means only signals of ticket 42). What is dear to answer sets data-refresh-quiet and
 * data-refresh-longest, in milliseconds: how long a silence it waits for, and how long at most.
 */
export default class RefreshController extends Controller {
  connect() {
    this.abort = new AbortController();
    for (const want of [...(this.data.get("on") ?? "").split(" "), "resumed", "resync", "reconnected"]) {
      if (!want) continue;
      const [type, subject] = want.split(":");
      document.addEventListener(`live:${type}`, (event) => {
        const detail = /** @type {CustomEvent} */ (event).detail;
        if (subject && detail && String(detail.ticket) !== subject) return;
        this.soon();
      }, { signal: this.abort.signal });
    }
    /** @type {number} */
    this.first = 0;
    if (this.data.has("now")) this.ask();
  }

  disconnect() {
    this.abort?.abort();
    clearTimeout(this.timer);
  }

  /** Waits for a short silence, but never so long that a busy desk would see nothing. */
  soon() {
    const now = performance.now();
    /** @type {number} */
    const first = this.first || now;
    this.first = first;
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(Number(this.data.get("quiet") ?? quiet), first + Number(this.data.get("longest") ?? longestQuiet) - now));
    this.timer = setTimeout(() => {
      this.first = 0;
      this.ask();
    }, wait);
  }

  ask() {
    const url = this.data.get("url");
    if (url) refresh(url, () => this.element.isConnected && this.data.get("url") === url);
  }
}
