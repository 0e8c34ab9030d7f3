import { Controller } from "@hotwired/stimulus";

const usualLife = 8_000;

/**
 * A short message at the bottom. It waits while the reader points at it or has the focus in it, so that undo can be reached.
 * @extends {Controller<HTMLElement>}
 */
export default class ToastController extends Controller {
  connect() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    for (const type of ["pointerenter", "focusin"]) this.element.addEventListener(type, () => this.hold(), { signal });
    for (const type of ["pointerleave", "focusout"]) this.element.addEventListener(type, () => this.count(), { signal });
    this.count();
  }

  disconnect() {
    this.hold();
    this.abort?.abort();
  }

  hold() {
    clearTimeout(this.timer);
  }

  count() {
    this.hold();
    this.timer = setTimeout(() => this.close(), Number(this.data.get("life") ?? usualLife));
  }

  /**
   * What was taken back, or can no longer be, offers it no more: the next press of the key means the action before. Without an answer it stays.
   * @param {CustomEvent<{ fetchResponse?: unknown }>} event
   */
  used(event) {
    if (event.detail.fetchResponse) this.close();
  }

  close() {
    this.element.remove();
  }
}
