import { Controller } from "@hotwired/stimulus";

// From one key to the next of a sequence, by when they were pressed: a busy page may learn of them later.
const sequenceTimeout = 1500;

/**
 * Keys by declaration: an element with data-key="r" is pressed, and a field is focused, by that key; "g i" is a sequence;
 * "mod+k" and "alt+1" work from everywhere, fields included. The sheet under "?" is made by the server from the same list.
 * Single keys can be switched off (WCAG 2.1.4): the choice is kept in this browser.
 */
export default class KeysController extends Controller {
  pendingSince = 0;

  connect() {
    this.pending = "";
    this.abort = new AbortController();
    document.addEventListener("keydown", (event) => this.press(event), { signal: this.abort.signal });
    this.showChoice();
  }

  disconnect() {
    this.abort?.abort();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.defaultPrevented || event.isComposing || event.repeat && event.key === "Enter") return;
    const key = nameOf(event);
    if (!key) return;
    const modified = key.startsWith("mod+") || key.startsWith("alt+");
    if (!modified && (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || !singleKeysOn())) return;

    const wanted = this.pending && event.timeStamp - this.pendingSince < sequenceTimeout ? `${this.pending} ${key}` : key;
    this.pending = "";
    const element = findByKey(wanted) ?? (wanted === key ? undefined : findByKey(key)) ?? (this.isAnswered(key) ? findByKey(key) : undefined);
    if (element) {
      event.preventDefault();
      activate(element, key);
      return;
    }
    if (!modified && document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
      this.pending = key;
      this.pendingSince = event.timeStamp;
    }
  }

  /**
   * Asks whether somebody makes a key mean something now that meant nothing, as a list does for the row under its cursor.
   * @param {string} key
   */
  isAnswered(key) {
    return !document.dispatchEvent(new CustomEvent("keys:unanswered", { cancelable: true, detail: { key } }));
  }

  /** @param {Event} event */
  choose(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    localStorage.setItem("single-keys", box.checked ? "on" : "off");
  }

  showChoice() {
    const box = /** @type {HTMLInputElement | undefined} */ (this.targets.find("single"));
    if (box) box.checked = singleKeysOn();
  }
}

function singleKeysOn() {
  return localStorage.getItem("single-keys") !== "off";
}

/**
 * The name of a key as Latin layouts have it: with a Russian layout "j" arrives as "о", and the place of the key decides.
 * @param {KeyboardEvent} event
 */
function nameOf(event) {
  // Alt makes other characters of digits on some keyboards: the place of the key decides.
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    return digit ? `alt+${event.shiftKey ? "shift+" : ""}${digit}` : "";
  }
  let key = event.key;
  if (key.length === 1 && key.charCodeAt(0) > 127) {
    if (!/^(Key[A-Z]|Digit[0-9]|Slash)$/.test(event.code)) return "";
    key = event.code === "Slash" ? (event.shiftKey ? "?" : "/") : event.code.slice(-1).toLowerCase();
  }
  if (key.length === 1) key = event.shiftKey && /[a-z]/i.test(key) ? `shift+${key.toLowerCase()}` : key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  // A field of a dialog that has just closed keeps the focus until the next frame: nobody types there.
  if (!target.checkVisibility()) return false;
  if (target.closest?.("dialog[open], [popover]:popover-open")) return true;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** @param {string} key */
function findByKey(key) {
  const name = CSS.escape(key);
  const all = [...document.querySelectorAll(`[data-key="${name}"], [data-key-also~="${name}"]`)];
  // While rows are selected, their bar's keys mean the selection: never the ticket that happens to be open beside it.
  const first = all.filter((element) => element.closest("[data-keys-first]")?.checkVisibility());
  const found = first.length > 0 ? first : all.filter((element) => !element.closest("[data-keys-first]"));
  // What stands in a closed menu is reachable by its key too; what the layout hides (a phone's other panes) is not.
  // The last one wins: of several toasts it is the newest action that is undone.
  return /** @type {HTMLElement | undefined} */ (found.reverse().find((element) => element.checkVisibility() || element.closest("[popover], dialog")));
}

/** @param {HTMLElement} element @param {string} key */
function activate(element, key) {
  const takesText = element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type !== "checkbox");
  if (takesText) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else {
    element.click();
    // A menu takes the focus a moment after it opened; the next key is meant for it already.
    const menu = element instanceof HTMLButtonElement ? element.popoverTargetElement : null;
    if (!menu?.matches(":popover-open")) return;
    // A menu of several things says where each key leads.
    const meant = menu.querySelector(`[data-key-place="${CSS.escape(key)}"]`) ?? (menu.contains(document.activeElement) ? null : menu.querySelector("[data-menu-target=filter], .menu-item:not([hidden])"));
    /** @type {HTMLElement | null} */ (meant)?.focus();
  }
}
