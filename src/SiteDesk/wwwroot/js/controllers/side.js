import { Controller } from "@hotwired/stimulus";

/**
 * Shows and hides the customer where there is no room for it beside the ticket.
 * @extends {Controller<HTMLElement>}
 */
export default class SideController extends Controller {
  toggle() {
    this.element.toggleAttribute("data-side-open");
  }

  /** @param {KeyboardEvent} event */
  close(event) {
    if (event.key === "Escape") this.element.removeAttribute("data-side-open");
  }
}
