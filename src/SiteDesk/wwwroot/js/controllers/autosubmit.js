import { Controller } from "@hotwired/stimulus";

const pause = 220;

/** Submits its form when a choice is made, or a moment after typing stops. */
export default class AutosubmitController extends Controller {
  now() {
    clearTimeout(this.timer);
    /** @type {HTMLFormElement} */ (this.element).requestSubmit();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), pause);
  }

  disconnect() {
    clearTimeout(this.timer);
  }
}
