import { Controller } from "@hotwired/stimulus";

const pause = 130;

/** The command palette: what this page can do (its data-command elements) first, then what the server finds. */
export default class PaletteController extends Controller {
  open() {
    const dialog = this.dialog();
    if (dialog.open) return dialog.close();
    dialog.showModal();
    this.input().value = "";
    this.search();
  }

  /** @param {MouseEvent} event */
  outside(event) {
    if (event.target === this.dialog()) this.dialog().close();
  }

  type() {
    clearTimeout(this.timer);
    this.showCommands();
    this.timer = setTimeout(() => this.search(), pause);
  }

  search() {
    this.showCommands();
    const frame = /** @type {HTMLElement} */ (this.targets.find("found"));
    const query = this.input().value.trim();
    const url = new URL(this.data.get("url") ?? "", location.href);
    url.searchParams.set("query", query);
    if (query) frame.setAttribute("src", url.href);
    else {
      frame.removeAttribute("src");
      frame.replaceChildren();
    }
  }

  showCommands() {
    const list = /** @type {HTMLElement} */ (this.targets.find("commands"));
    const wanted = this.input().value.trim().toLocaleLowerCase();
    const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-command]")])
      .filter((source) => (source.dataset.command ?? "").toLocaleLowerCase().includes(wanted))
      .map((source) => this.itemFor(source));
    list.replaceChildren(...items);
    const title = /** @type {HTMLElement | undefined} */ (this.targets.find("commandsTitle"));
    if (title) title.hidden = items.length === 0;
    this.choose(0);
  }

  /** @param {HTMLElement} source the control of the page that this entry presses */
  itemFor(source) {
    const item = document.createElement("button");
    item.type = "button";
    item.className = "menu-item";
    item.tabIndex = -1;
    item.setAttribute("role", "option");
    const icon = source.querySelector("svg.icon")?.cloneNode(true);
    if (icon) item.append(icon);
    item.append(Object.assign(document.createElement("span"), { textContent: source.dataset.command }));
    if (source.dataset.key) {
      const keys = Object.assign(document.createElement("span"), { className: "push" });
      keys.append(...source.dataset.key.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key.replace("shift+", "⇧").replace("mod+", "Ctrl ") })));
      item.append(keys);
    }
    item.addEventListener("click", () => {
      this.dialog().close();
      // The control's own field or menu takes the focus after the dialog has given it back.
      requestAnimationFrame(() => (source instanceof HTMLInputElement && source.type !== "checkbox" ? source.focus() : source.click()));
    });
    return item;
  }

  /** The server's answer came. */
  found() {
    this.choose(0);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const items = this.items();
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(Math.max(0, Math.min(items.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      event.preventDefault();
      items[Math.max(0, at)]?.click();
    }
  }

  /** A link of the palette was followed. */
  followed() {
    this.dialog().close();
  }

  /** @param {number} index */
  choose(index) {
    const items = this.items();
    items.forEach((item, place) => {
      item.id ||= `palette-${place}`;
      item.setAttribute("aria-selected", String(place === index));
    });
    items[index]?.scrollIntoView({ block: "nearest" });
    this.input().setAttribute("aria-activedescendant", items[index]?.id ?? "");
  }

  items() {
    return /** @type {HTMLElement[]} */ ([...this.dialog().querySelectorAll(".menu-item")]);
  }

  dialog() {
    return /** @type {HTMLDialogElement} */ (this.targets.find("dialog"));
  }

  input() {
    return /** @type {HTMLInputElement} */ (this.targets.find("input"));
  }
}
