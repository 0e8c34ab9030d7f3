// Controllers of a few lines each, in one file: fifty requests are what a first look costs most.
import { Controller } from "@hotwired/stimulus";

const typingPause = 220;
const silenceAllowed = 5_000;
const copiedShown = 1_600;

/** Submits its form when a choice is made, or a moment after typing stops. */
export class AutosubmitController extends Controller {
  now() {
    clearTimeout(this.timer);
    /** @type {HTMLFormElement} */ (this.element).requestSubmit();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), typingPause);
  }

  disconnect() {
    clearTimeout(this.timer);
  }
}

/** Says that the live stream is away when it stays away; a short gap is nobody's business. */
export class ConnectionController extends Controller {
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
    this.timer ??= setTimeout(() => this.element.toggleAttribute("hidden", false), silenceAllowed);
  }

  found() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.element.toggleAttribute("hidden", true);
  }
}

/** Copies a field's text or data-copy-text, and says so in the button's own words (data-copy-done). */
export class CopyController extends Controller {
  async copy() {
    const source = /** @type {HTMLInputElement | undefined} */ (this.targets.find("source"));
    const text = this.data.get("text") ?? source?.value ?? source?.textContent ?? "";
    if (!(await copied(text.trim()))) {
      // Nothing but the person's own keys may copy here: what they want is marked for them.
      source?.select();
      return;
    }
    const label = this.targets.find("label");
    const done = this.data.get("done");
    if (!label || !done) return;
    const before = label.textContent;
    label.textContent = done;
    setTimeout(() => (label.textContent = before), copiedShown);
  }
}

/**
 * Browsers give pages the clipboard on secure addresses only; a desk that is tried out in the office's network has none.
 * @param {string} text @returns {Promise<boolean>}
 */
async function copied(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

/** Opens and closes the dialog named by data-dialog-id-param, or the one it stands on. */
export class DialogController extends Controller {
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

/**
 * Shows and hides the customer where there is no room for it beside the ticket.
 * @extends {Controller<HTMLElement>}
 */
export class SideController extends Controller {
  toggle() {
    this.element.toggleAttribute("data-side-open");
  }

  /** @param {KeyboardEvent} event */
  close(event) {
    if (event.key === "Escape") this.element.removeAttribute("data-side-open");
  }
}

/** Light, dark, or as the system has it. Kept in a cookie, so that the server writes it into the page before the first paint. */
export class ThemeController extends Controller {
  connect() {
    this.show();
  }

  /** @param {{ params: { choice?: string }, currentTarget: EventTarget | null }} event */
  choose(event) {
    const choice = event.params.choice ?? "system";
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
    this.show();
  }

  show() {
    const now = document.documentElement.dataset.theme ?? "system";
    for (const item of this.targets.findAll("choice")) {
      item.setAttribute("aria-checked", String(item.getAttribute("data-theme-choice-param") === now));
    }
  }
}
