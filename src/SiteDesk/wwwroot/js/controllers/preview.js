import { Controller } from "@hotwired/stimulus";

const pause = 250;

/** What saving would do is said beside the field while it is typed into: afterwards it would come too late. */
export default class PreviewController extends Controller {
  /** @param {InputEvent} event */
  typed(event) {
    const { value, validity } = /** @type {HTMLInputElement} */ (event.target);
    clearTimeout(this.timer);
    if (validity.valid) this.timer = setTimeout(() => this.show(value || "0"), pause);
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  /** @param {string} months */
  show(months) {
    const frame = this.targets.find("frame");
    if (!frame) return;
    const address = new URL(frame.getAttribute("src") ?? "", location.href);
    address.searchParams.set("months", months);
    frame.setAttribute("src", `${address.pathname}${address.search}`);
  }
}
