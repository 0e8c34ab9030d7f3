import { Controller } from "@hotwired/stimulus";

/**
 * Loads the frame it stands in anew after data-again-wait milliseconds, or without one the page: for work whose progress is shown. What comes
 * without this controller ends it.
 */
export default class AgainController extends Controller {
  connect() {
    /** @type {any} */
    const frame = this.element.closest("turbo-frame");
    this.timer = setTimeout(() => {
      if (!frame) location.reload();
      else if (frame.src) frame.reload();
      else frame.src = location.href;
    }, Number(this.data.get("wait") ?? 2_000));
  }

  disconnect() {
    clearTimeout(this.timer);
  }
}
