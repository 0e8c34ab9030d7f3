import { Controller } from "@hotwired/stimulus";

const gap = 4;
const margin = 8;

/**
 * A menu is a popover opened by its own button (popovertarget); this places it, moves the focus with the arrow keys, and
 * filters its items by what is typed.
 * @extends {Controller<HTMLElement>}
 */
export default class MenuController extends Controller {
  connect() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.element.addEventListener("beforetoggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
      this.pressed = this.findOpener();
      const filter = this.filterField();
      if (filter) filter.value = "";
      this.filter();
      requestAnimationFrame(() => this.place());
    }, { signal });
    this.element.addEventListener("toggle", (event) => this.toggled(/** @type {ToggleEvent} */ (event)), { signal });
    this.element.addEventListener("keydown", (event) => this.press(event), { signal });
    // What came late is filtered by what was typed meanwhile.
    this.element.addEventListener("turbo:frame-render", () => {
      this.filter();
      if (this.element.matches(":popover-open")) this.place();
    }, { signal });
  }

  disconnect() {
    this.abort?.abort();
  }

  /** @param {ToggleEvent} event */
  toggled(event) {
    const open = event.newState === "open";
    this.opener()?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    // What comes when it is needed comes now, also where it has to be scrolled to.
    for (const frame of this.element.querySelectorAll("turbo-frame[loading=lazy]")) frame.setAttribute("loading", "eager");
    this.place();
    // Opened by a key it has the focus already, and perhaps the next key, too.
    if (!this.element.contains(document.activeElement)) (this.filterField() ?? this.items()[0])?.focus();
  }

  place() {
    const opener = this.opener();
    if (!opener) return;
    const from = opener.getBoundingClientRect();
    const own = this.element.getBoundingClientRect();
    const left = Math.max(margin, Math.min(from.left, innerWidth - own.width - margin));
    const below = from.bottom + gap + own.height <= innerHeight - margin;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${below ? from.bottom + gap : Math.max(margin, from.top - own.height - gap)}px`;
  }

  filter() {
    const wanted = this.filterField()?.value.trim().toLocaleLowerCase() ?? "";
    let left = 0;
    for (const item of this.targets.findAll("item")) {
      const fits = item.textContent?.toLocaleLowerCase().includes(wanted) ?? false;
      /** @type {HTMLElement} */ (item).hidden = !fits;
      if (fits) left++;
    }
    const empty = /** @type {HTMLElement | undefined} */ (this.targets.find("empty"));
    if (empty) empty.hidden = left > 0;
  }

  close() {
    this.element.hidePopover();
  }

  /**
   * A form in a menu was answered: what was refused stays to be mended.
   * @param {CustomEvent<{ success: boolean }>} event
   */
  sent(event) {
    if (!event.detail.success) return;
    /** @type {HTMLFormElement} */ (event.target).reset();
    this.close();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === "Enter") this.filter();
    const items = this.items();
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const isTyped = event.target instanceof HTMLInputElement;
    if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyped) {
      this.jump(event, items, at);
      return;
    }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Enter" && event.target === this.filterField()) {
      // A field that filters nothing belongs to a form, which Enter sends.
      const first = items.find((item) => this.targets.findAll("item").includes(item));
      if (first) event.preventDefault();
      first?.click();
      return;
    }
    if (to === undefined || (event.key === "Home" || event.key === "End" || items.length === 0) && isTyped) return;
    event.preventDefault();
    if (isTyped) this.leave(/** @type {HTMLElement} */ (event.target), items, event.key === "ArrowDown");
    else if (to < 0) this.filterField()?.focus();
    else items[Math.min(to, items.length - 1)]?.focus();
  }

  /**
   * From a field to the item that stands behind or before it.
   * @param {HTMLElement} field @param {HTMLElement[]} items @param {boolean} down
   */
  leave(field, items, down) {
    const behind = items.findIndex((item) => field.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING);
    const at = behind < 0 ? items.length : behind;
    items[down ? at : at - 1]?.focus();
  }

  /**
   * A letter goes to the next item that begins with it, and means nothing else while a menu is open.
   * @param {KeyboardEvent} event @param {HTMLElement[]} items @param {number} at
   */
  jump(event, items, at) {
    event.preventDefault();
    event.stopPropagation();
    const letter = event.key.toLocaleLowerCase();
    const inTurn = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    inTurn.find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(letter))?.focus();
  }

  items() {
    const all = /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll(".menu-item")]);
    return all.filter((item) => !item.hidden && item.checkVisibility());
  }

  filterField() {
    return /** @type {HTMLInputElement | undefined} */ (this.targets.find("filter"));
  }

  /** The button that opened it: a menu of many (the messages' menu) belongs to the one that was pressed. */
  opener() {
    return this.pressed?.isConnected ? this.pressed : (this.pressed = this.findOpener());
  }

  findOpener() {
    const openers = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[popovertarget="${this.element.id}"]`)]);
    return openers.find((opener) => opener.matches(":focus")) ?? openers.find((opener) => opener.matches(":hover")) ?? openers[0];
  }
}
