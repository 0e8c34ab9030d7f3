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

  /** Its form was sent: it has done its work, unless something was wrong. @param {Event} event */
  sent(event) {
    const { success } = /** @type {CustomEvent} */ (event).detail;
    if (!success) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    form.reset();
    this.dialog()?.close();
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
