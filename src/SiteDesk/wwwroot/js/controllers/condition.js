import { Controller } from "@hotwired/stimulus";
import { visit } from "@hotwired/turbo";

const pause = 250;
// Arrow keys and letters run through a closed list one by one; only where they rest are rows drawn anew.
const rest = 150;

/**
 * Keeps the editor of a condition in step with the server, which alone knows fields, operators and words: sends the form's
 * fields as they stand and takes over what comes back. A choice that changes the shape of a row, and the buttons for adding
 * and removing, replace the editor; anything else replaces the sentence below it only.
 */
export default class ConditionController extends Controller {
  connect() {
    this.changes = 0;
    this.drawing = 0;
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.isGone = true;
  }

  typed() {
    this.changes = (this.changes ?? 0) + 1;
    this.soon(pause, () => this.say());
  }

  /** @param {Event} event */
  changed(event) {
    if (event.target instanceof Element && event.target.matches("[data-condition-shape]")) this.soon(rest, () => this.draw("show:"));
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.name !== `${this.name()}.edit`) return;
    event.preventDefault();
    // The second click of a double click would remove the row that has just moved up.
    if (this.drawing && button.value.startsWith("remove:")) return;
    clearTimeout(this.timer);
    this.draw(button.value);
  }

  /**
   * @param {number} wait milliseconds
   * @param {() => unknown} action
   */
  soon(wait, action) {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, wait);
  }

  /** Brings the sentence up to date. While rows are drawn anew there is no need: the sentence comes with them. */
  async say() {
    if (this.drawing) return;
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const fresh = await this.ask(undefined, abort.signal);
    if (abort.signal.aborted) return;
    if (fresh) this.echo(fresh);
    else this.fail();
  }

  /**
   * Has rows drawn anew, one edit after the other.
   * @param {string} edit what the server shall change
   */
  draw(edit) {
    this.abort?.abort();
    this.drawing = (this.drawing ?? 0) + 1;
    this.turn = this.turn?.then(() => this.drawNow(edit)).finally(() => (this.drawing = (this.drawing ?? 1) - 1));
  }

  /** @param {string} edit */
  async drawNow(edit) {
    for (;;) {
      const seen = this.changes;
      const fresh = await this.ask(edit);
      if (this.isGone) return;
      if (!fresh) return this.fail();
      // What somebody typed meanwhile is newer than what came back: it has to be asked for again.
      if (seen === this.changes) return this.replace(fresh);
    }
  }

  /**
   * @param {string | undefined} edit
   * @param {AbortSignal} [signal]
   * @returns {Promise<Element | undefined>} the editor as the server draws it; nothing when it does not answer
   */
  async ask(edit, signal) {
    try {
      const response = await fetch(this.data.get("url") ?? "", { method: "POST", body: this.fields(edit), headers: { Accept: "text/html" }, signal });
      if (response.status === 401) visit(location.href);
      return response.ok ? parsed(await response.text()) : undefined;
    } catch (error) {
      if (signal?.aborted || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  /** @param {string | undefined} edit */
  fields(edit) {
    const form = this.element.closest("form");
    const fields = new URLSearchParams({ editor: this.name() });
    for (const [key, value] of form ? new FormData(form) : []) {
      if (typeof value === "string" && (key.startsWith(`${this.name()}.`) || key === "__RequestVerificationToken")) fields.append(key, value);
    }
    if (edit) fields.append(`${this.name()}.edit`, edit);
    return fields;
  }

  /** @param {Element} fresh */
  replace(fresh) {
    const focused = document.activeElement;
    const open = new Set([...this.element.querySelectorAll("details[open]")].map((details) => details.id));
    this.element.replaceChildren(...fresh.childNodes);
    for (const details of this.element.querySelectorAll("details")) details.open = open.has(details.id);
    const next = this.element.querySelector("[data-condition-focus]") ?? twinOf(focused);
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {Element} fresh */
  echo(fresh) {
    for (const part of fresh.querySelectorAll("output, [data-condition-echo]")) {
      const shown = document.getElementById(part.id);
      if (shown && shown.textContent !== part.textContent) shown.textContent = part.textContent;
    }
    // A mended mistake is praised at once; a new one waits until the form is sent.
    for (const error of this.element.querySelectorAll(".condition-test > .error")) {
      if (fresh.querySelector(`#${CSS.escape(error.id)}`)) continue;
      for (const control of error.parentElement?.querySelectorAll("[aria-invalid]") ?? []) control.removeAttribute("aria-invalid");
      error.remove();
    }
  }

  fail() {
    const output = this.element.querySelector("output");
    if (output) output.textContent = this.data.get("failed");
  }

  name() {
    return this.data.get("name") ?? "condition";
  }
}

/** @param {string} html */
function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("[data-controller~=condition]") ?? undefined;
}

/**
 * The element that has taken another's place. A list somebody is typing letters into stays itself, for it remembers them.
 * @param {Element | null} element
 */
function twinOf(element) {
  const twin = element?.id ? document.getElementById(element.id) : null;
  if (!(element instanceof HTMLSelectElement) || !(twin instanceof HTMLSelectElement) || element.value !== twin.value) return twin;
  const { value: chosen } = twin;
  element.replaceChildren(...twin.childNodes);
  // Options on the move are chosen one after the other by the list they leave.
  element.value = chosen;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    const value = twin.getAttribute(name);
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  twin.replaceWith(element);
  return element;
}
