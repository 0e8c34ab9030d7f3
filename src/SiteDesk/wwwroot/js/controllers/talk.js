import { Controller } from "@hotwired/stimulus";

const nearEnd = 80;
const readingTime = 2_000;

/** The conversation: opens at its end, or at the first unread; stays at the end when something comes and the reader was there. */
export default class TalkController extends Controller {
  connect() {
    this.atEnd = true;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.element.addEventListener("scroll", () => (this.atEnd = this.distance() < nearEnd), { signal, passive: true });
    this.element.addEventListener("click", (event) => this.choose(event), { signal });
    const unread = this.element.querySelector(".unread-line");
    if (unread) unread.scrollIntoView({ block: "start" });
    else this.toEnd();
    this.observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    if (this.element.firstElementChild) this.observer.observe(this.element.firstElementChild);
    this.observer.observe(this.element);
    this.news = new MutationObserver(() => this.came());
    this.news.observe(this.element, { attributes: true, attributeFilter: ["data-newest"], subtree: true });
  }

  disconnect() {
    this.abort?.abort();
    this.observer?.disconnect();
    this.news?.disconnect();
    clearTimeout(this.timer);
  }

  /**
   * A message came while the ticket is open. An answer is in view of it once it was in sight for a moment; one that came
   * in the second before sending is still news, and the answer is held.
   */
  came() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (document.visibilityState !== "visible") return document.addEventListener("visibilitychange", () => this.came(), { once: true });
      const seen = document.getElementById("seen");
      const newest = this.element.querySelector("[data-newest]")?.getAttribute("data-newest");
      if (seen instanceof HTMLInputElement && newest) seen.value = newest;
    }, readingTime);
  }

  /** The menu of messages is one for all: it is told whose button opens it. @param {Event} event */
  choose(event) {
    const button = /** @type {Element} */ (event.target).closest("[popovertarget=message-menu]");
    const field = document.querySelector("#message-parts [name=message]");
    if (button instanceof HTMLButtonElement && field instanceof HTMLInputElement) field.value = button.value;
  }

  distance() {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }
}
