import { Controller } from "@hotwired/stimulus";

/** Opens and closes the dialog named by data-dialog-id-param, or the one it stands on. */
export default class DialogController extends Controller {
  /** @param {{ params: { id?: string } }} event */
  open(event) {
    this.dialog(event.params.id)?.showModal();
  }

  /** @param {{ params: { id?: string } }} event */
  close(event) {
    this.dialog(event.params.id)?.close();
  }

  /** A press beside the dialog closes it. @param {MouseEvent} event */
  outside(event) {
    if (event.target === this.dialog()) this.dialog()?.close();
  }

  /** @param {string} [id] */
  dialog(id) {
    const element = id ? document.getElementById(id) : this.element.closest("dialog");
    return /** @type {HTMLDialogElement | null} */ (element);
  }
}
