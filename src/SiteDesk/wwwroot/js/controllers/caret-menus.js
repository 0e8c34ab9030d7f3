import { Controller } from "@hotwired/stimulus";

// What is typed quickly is asked for once, in milliseconds.
const mentionPause = 100;
const insertionPause = 130;

/**
 * A menu above the text that is being written, opened by what stands before the caret. Each kind says by which sign it opens, what it
 * looks for, and which words an entry brings.
 * @abstract
 * @extends {Controller<HTMLElement>}
 */
class CaretMenuController extends Controller {
  /**
   * The sign that opens the menu.
   * @abstract
   * @returns {string}
   */
  get sign() {
    throw new Error("Each kind of menu has its sign.");
  }

  /**
   * What stands between the sign and the caret; nothing when the menu is not asked for.
   * @abstract
   * @returns {string | undefined}
   */
  query() {
    throw new Error("Each kind of menu knows what opens it.");
  }

  /**
   * The words that take the place of the sign and what was typed behind it.
   * @abstract
   * @param {HTMLElement} _item
   * @returns {string | undefined}
   */
  wordsOf(_item) {
    throw new Error("Each kind of menu has its own entries.");
  }

  /** Writes the sign, as somebody does who knows it. */
  start() {
    const text = this.text();
    const before = text.value.slice(0, text.selectionStart);
    text.focus();
    text.setRangeText((before && !/\s$/.test(before) ? " " : "") + this.sign, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} entries markup from the server */
  show(entries) {
    const menu = this.menu();
    menu.innerHTML = entries;
    if (this.items().length === 0) return this.hide();
    this.select(0);
    if (!menu.matches(":popover-open")) menu.showPopover();
    const box = this.text().getBoundingClientRect();
    menu.style.left = `${box.left + 8}px`;
    menu.style.top = `${Math.max(8, box.top - menu.offsetHeight - 4)}px`;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.menu().matches(":popover-open")) return;
    const items = this.items();
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.select((at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      this.insert(items[Math.max(0, at)]);
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {MouseEvent} event */
  pick(event) {
    const item = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".menu-item"));
    if (item) this.insert(item);
  }

  /** @param {HTMLElement} item */
  insert(item) {
    const words = this.wordsOf(item);
    const query = this.query();
    if (!words || query === undefined) return;
    const text = this.text();
    const end = text.selectionStart;
    this.hide();
    text.focus();
    text.setSelectionRange(end - query.length - this.sign.length, end);
    // The editor's own command, so that Ctrl+Z takes it back.
    if (!document.execCommand("insertText", false, `${words} `)) {
      text.setRangeText(`${words} `, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** @param {number} index */
  select(index) {
    const { id } = this.menu();
    this.items().forEach((item, place) => {
      item.id = `${id}-${place}`;
      item.setAttribute("aria-selected", String(place === index));
    });
    this.items()[index]?.scrollIntoView({ block: "nearest" });
    // The focus stays in the text: a screen reader is told what the arrow keys are on.
    this.text().setAttribute("aria-controls", id);
    this.text().setAttribute("aria-activedescendant", `${id}-${index}`);
  }

  hide() {
    const menu = this.menu();
    if (!menu.matches(":popover-open")) return;
    menu.hidePopover();
    this.text().removeAttribute("aria-controls");
    this.text().removeAttribute("aria-activedescendant");
  }

  items() {
    return /** @type {HTMLElement[]} */ ([...this.menu().querySelectorAll(".menu-item")]);
  }

  menu() {
    return /** @type {HTMLElement} */ (this.targets.find("menu"));
  }

  text() {
    return /** @type {HTMLTextAreaElement} */ (this.targets.find("text"));
  }
}

/** Suggests colleagues after an at sign. The names come from the server as ready entries. */
export class MentionsController extends CaretMenuController {
  get sign() {
    return "@";
  }

  look() {
    const query = this.query();
    clearTimeout(this.timer);
    if (query === undefined) return this.hide();
    this.timer = setTimeout(() => this.ask(query), mentionPause);
  }

  /** @param {string} query */
  async ask(query) {
    const url = new URL(this.data.get("url") ?? "", location.href);
    url.searchParams.set("query", query);
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const entries = await response.text();
    if (response.ok && this.query() === query) this.show(entries);
  }

  /** In a note only: a customer would read the colleague's name, and nobody would be told. */
  query() {
    if (this.element.dataset.kind !== "note") return undefined;
    const text = this.text();
    return /(?:^|[\s(])@([\p{L}\p{N}._-]{0,30})$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  }

  /** @param {HTMLElement} item */
  wordsOf(item) {
    return item.dataset.mention && `@${item.dataset.mention}`;
  }
}

/**
 * What other parts of the program offer to put into a reply: a slash at the beginning of a word opens it, and what is typed behind the
 * slash is looked for. The entries come from the server; each brings the words that it puts in.
 */
export class InsertionsController extends CaretMenuController {
  get sign() {
    return "/";
  }

  /**
   * Called by a source's button: until the slash is gone, that source alone is asked.
   * @param {{ params: { address?: string } }} event
   */
  startWith(event) {
    this.only = event.params.address;
    this.start();
  }

  look() {
    const query = this.query();
    clearTimeout(this.timer);
    if (query === undefined) {
      this.only = undefined;
      return this.hide();
    }
    this.timer = setTimeout(() => this.ask(query), insertionPause);
  }

  /** @param {string} query */
  async ask(query) {
    const answers = await Promise.all(
      (this.only ? [this.only] : this.addresses()).map(async (address) => {
        const url = new URL(address, location.href);
        url.searchParams.set("query", query);
        const response = await fetch(url, { headers: { Accept: "text/html" } });
        return response.ok ? response.text() : "";
      }),
    );
    if (this.query() === query) this.show(answers.join(""));
  }

  /** Nothing also when a note is written, or nobody offers anything. */
  query() {
    if (this.element.dataset.kind === "note" || this.addresses().length === 0) return undefined;
    const text = this.text();
    return /(?:^|\s)\/((?:[^\s/][^\n/]{0,60})?)$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  }

  /** @param {HTMLElement} item */
  wordsOf(item) {
    return item.dataset.insert;
  }

  addresses() {
    return (this.data.get("addresses") ?? "").split(" ").filter((address) => address);
  }
}
