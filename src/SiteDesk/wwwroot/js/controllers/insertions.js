import { Controller } from "@hotwired/stimulus";

const pause = 130;

/**
 * What other parts of the program offer to put into a reply: a slash at the beginning of a word opens it, and what is typed behind the
 * slash is looked for. The entries come from the server; each brings the words that it puts in.
 * @extends {Controller<HTMLElement>}
 */
export default class InsertionsController extends Controller {
  /**
   * Called by a source's button: until the slash is gone, that source alone is asked.
   * @param {{ params: { address?: string } }} event
   */
  start(event) {
    const text = this.text();
    const before = text.value.slice(0, text.selectionStart);
    text.focus();
    text.setRangeText(before && !/\s$/.test(before) ? " /" : "/", text.selectionStart, text.selectionEnd, "end");
    this.only = event.params.address;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  look() {
    const query = this.query();
    clearTimeout(this.timer);
    if (query === undefined) {
      this.only = undefined;
      return this.hide();
    }
    this.timer = setTimeout(() => this.ask(query), pause);
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
    if (this.query() !== query) return;
    const menu = this.menu();
    menu.innerHTML = answers.join("");
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
    const item = /** @type {HTMLElement} */ (event.target).closest(".menu-item");
    if (item) this.insert(/** @type {HTMLElement} */ (item));
  }

  /** @param {HTMLElement | undefined} item */
  insert(item) {
    const words = item?.dataset.insert;
    const query = this.query();
    if (!words || query === undefined) return;
    const text = this.text();
    const end = text.selectionStart;
    this.hide();
    text.focus();
    text.setSelectionRange(end - query.length - 1, end);
    // The editor's own command, so that Ctrl+Z takes it back.
    if (!document.execCommand("insertText", false, `${words} `)) {
      text.setRangeText(`${words} `, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** What stands between the slash and the caret; nothing when there is none, or a note is written. */
  query() {
    if (this.element.dataset.kind === "note" || this.addresses().length === 0) return undefined;
    const text = this.text();
    return /(?:^|\s)\/((?:[^\s/][^\n/]{0,60})?)$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  }

  /** @param {number} index */
  select(index) {
    this.items().forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    this.items()[index]?.scrollIntoView({ block: "nearest" });
  }

  hide() {
    const menu = this.menu();
    if (menu.matches(":popover-open")) menu.hidePopover();
  }

  addresses() {
    return (this.data.get("addresses") ?? "").split(" ").filter((address) => address);
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
