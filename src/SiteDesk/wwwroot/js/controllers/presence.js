import { Controller } from "@hotwired/stimulus";
import { send } from "../streams.js";

const heartbeat = 20_000;
const typingAgain = 4_000;

/**
 * Tells the others that this agent looks at a ticket, or types in it. Who is gone for long enough is forgotten by the server.
 * @extends {Controller<HTMLElement>}
 */
export default class PresenceController extends Controller {
  connect() {
    this.lastTyped = 0;
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("visibilitychange", () => this.tell("looking"), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    this.timer = setInterval(() => this.tell("looking"), heartbeat);
    this.tell("looking");
  }

  disconnect() {
    clearInterval(this.timer);
    this.abort?.abort();
    this.leave();
  }

  /** @param {Event} event */
  typing(event) {
    const now = performance.now();
    if (this.lastTyped && now - this.lastTyped < typingAgain) return;
    this.lastTyped = now;
    // Of a note only colleagues are told.
    const form = /** @type {HTMLElement} */ (event.target).closest("form");
    this.tell(form?.dataset.kind === "note" ? "noting" : "typing");
  }

  /** @param {"looking" | "typing" | "noting"} state */
  tell(state) {
    if (document.visibilityState !== "visible") return;
    this.post(state);
  }

  leave() {
    this.post("gone", true);
  }

  /**
   * @param {string} state
   * @param {boolean} [keepalive] sent even though the page goes away
   */
  post(state, keepalive = false) {
    const url = this.data.get("url");
    if (!url || document.documentElement.hasAttribute("data-turbo-preview")) return;
    send(url, "POST", { state }, { keepalive }).catch((error) => {
      // Presence is said again in twenty seconds; only a defect in this page is worth telling.
      if (!(error instanceof TypeError)) throw error;
    });
  }
}
