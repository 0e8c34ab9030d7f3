import { Controller } from "@hotwired/stimulus";

const patience = 5_000;

/** Says that the live stream is away when it stays away; a short gap is nobody's business. */
export default class ConnectionController extends Controller {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  connect() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("live:disconnected", () => this.lost(), { signal });
    document.addEventListener("live:connected", () => this.found(), { signal });
  }

  disconnect() {
    this.abort?.abort();
    clearTimeout(this.timer);
  }

  lost() {
    this.timer ??= setTimeout(() => this.element.toggleAttribute("hidden", false), patience);
  }

  found() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.element.toggleAttribute("hidden", true);
  }
}
