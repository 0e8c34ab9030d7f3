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
  }

  disconnect() {
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  typed() {
    this.changes = (this.changes ?? 0) + 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(undefined, false), pause);
  }

  /** @param {Event} event */
  changed(event) {
    if (!(event.target instanceof Element) || !event.target.matches("[data-condition-shape]")) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask("show:", true), rest);
  }

  /** @param {MouseEvent} event */
  pressed(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.name !== `${this.name()}.edit`) return;
    event.preventDefault();
    this.ask(button.value, true);
  }

  /**
   * @param {string | undefined} edit what the server shall change
   * @param {boolean} replaces whether rows change and not the words only
   * @returns {Promise<void>}
   */
  async ask(edit, replaces) {
    clearTimeout(this.timer);
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const seen = this.changes;
    /** @type {Element | undefined} */
    let fresh;
    try {
      const response = await fetch(this.data.get("url") ?? "", { method: "POST", body: this.fields(edit), headers: { Accept: "text/html" }, signal: abort.signal });
      if (response.status === 401) return visit(location.href);
      if (response.ok) fresh = parsed(await response.text());
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof TypeError)) throw error;
    }
    if (abort.signal.aborted) return;
    if (!fresh) return this.say(this.data.get("failed") ?? "");
    // Somebody typed on meanwhile: what came back is older than what they see.
    if (replaces && seen !== this.changes) return this.ask(edit, true);
    if (replaces) this.replace(fresh);
    else this.echo(fresh);
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
  }

  /** @param {string} words */
  say(words) {
    const output = this.element.querySelector("output");
    if (output) output.textContent = words;
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
  element.replaceChildren(...twin.childNodes);
  for (const name of ["aria-invalid", "aria-describedby"]) {
    const value = twin.getAttribute(name);
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  twin.replaceWith(element);
  return element;
}
