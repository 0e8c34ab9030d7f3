import { Controller } from "@hotwired/stimulus";

const nearEnd = 80;

/** The conversation: opens at its end, or at the first unread; stays at the end when something comes and the reader was there. */
export default class TalkController extends Controller {
  connect() {
    this.atEnd = true;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.element.addEventListener("scroll", () => (this.atEnd = this.distance() < nearEnd), { signal, passive: true });
    const unread = this.element.querySelector(".unread-line");
    if (unread) unread.scrollIntoView({ block: "start" });
    else this.toEnd();
    this.observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    if (this.element.firstElementChild) this.observer.observe(this.element.firstElementChild);
    this.observer.observe(this.element);
  }

  disconnect() {
    this.abort?.abort();
    this.observer?.disconnect();
  }

  distance() {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }
}
