import { Controller } from "@hotwired/stimulus";

const pause = 100;

/** Suggests colleagues after an at sign. The names come from the server as ready entries. */
export default class MentionsController extends Controller {
  /** Called by the button and by typing. */
  start() {
    const text = this.text();
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(before && !/\s$/.test(before) ? " @" : "@", text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  look() {
    const query = this.query();
    clearTimeout(this.timer);
    if (query === undefined) return this.hide();
    this.timer = setTimeout(() => this.ask(query), pause);
  }

  /** @param {string} query */
  async ask(query) {
    const url = new URL(this.data.get("url") ?? "", location.href);
    url.searchParams.set("query", query);
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || this.query() !== query) return;
    const menu = this.menu();
    menu.innerHTML = await response.text();
    if (!menu.querySelector(".menu-item")) return this.hide();
    this.select(0);
    if (!menu.matches(":popover-open")) menu.showPopover();
    const box = this.text().getBoundingClientRect();
    menu.style.left = `${box.left + 8}px`;
    menu.style.top = `${Math.max(8, box.top - menu.offsetHeight - 4)}px`;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const menu = this.menu();
    if (!menu.matches(":popover-open")) return;
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
    const name = item?.dataset.mention;
    const query = this.query();
    if (!name || query === undefined) return;
    const text = this.text();
    const end = text.selectionStart;
    text.setRangeText(`@${name} `, end - query.length - 1, end, "end");
    this.hide();
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What stands between the last @ and the caret; nothing when no name is being written. */
  query() {
    const text = this.text();
    return /(?:^|[\s(])@([\p{L}\p{N}._-]{0,30})$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  }

  /** @param {number} index */
  select(index) {
    this.items().forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
  }

  hide() {
    const menu = this.menu();
    if (menu.matches(":popover-open")) menu.hidePopover();
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
