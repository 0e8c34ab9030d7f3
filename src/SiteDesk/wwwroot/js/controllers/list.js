import { Controller } from "@hotwired/stimulus";

const openDelay = 140;

/**
 * The list of tickets: j and k move, Enter opens, x selects, shift takes a range, and a bar appears for what is selected.
 * Rows are replaced under its hands by live updates, so nothing about them is remembered but their numbers.
 * @extends {Controller<HTMLElement>}
 */
export default class ListController extends Controller {
  /**
   * Numbers of the tickets that are selected.
   * @type {Set<string>}
   */
  selected = new Set();

  connect() {
    this.selected.clear();
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("keys:unanswered", (event) => this.answer(/** @type {CustomEvent<{key: string}>} */ (event)), { signal });
    document.addEventListener("turbo:frame-load", (event) => this.mark(event), { signal });
    document.addEventListener("turbo:before-stream-render", () => queueMicrotask(() => this.restore()), { signal });
    this.element.addEventListener("turbo:morph-element", () => this.restoreSoon(), { signal });
  }

  disconnect() {
    this.abort?.abort();
    clearTimeout(this.opening);
  }

  next() {
    this.move(1);
  }

  previous() {
    this.move(-1);
  }

  extendNext() {
    this.extend(1);
  }

  extendPrevious() {
    this.extend(-1);
  }

  /** Selects the row under the cursor, or lets it go. */
  toggle() {
    const box = boxOf(this.cursor());
    if (!box) return;
    box.checked = !box.checked;
    this.changed(box);
  }

  /**
   * With no ticket open and none selected, the keys of the bar mean the row under the cursor.
   * @param {CustomEvent<{key: string}>} event
   */
  answer(event) {
    const key = CSS.escape(event.detail.key);
    const bar = this.targets.find("bar");
    const row = this.rows().find((candidate) => candidate.contains(document.activeElement));
    if (!row || this.selected.size > 0 || !bar?.querySelector(`[data-key="${key}"], [data-key-also~="${key}"]`)) return;
    this.toggle();
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  choose(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (event.shiftKey && this.anchor) this.range(this.anchor, box.value, box.checked);
    this.changed(box);
  }

  all() {
    for (const box of this.boxes()) {
      box.checked = true;
      this.selected.add(box.value);
    }
    this.show();
  }

  none() {
    this.selected.clear();
    for (const box of this.boxes()) box.checked = false;
    this.show();
  }

  /** @param {HTMLInputElement} box */
  changed(box) {
    this.anchor = box.value;
    if (box.checked) this.selected.add(box.value);
    else this.selected.delete(box.value);
    this.show();
  }

  /**
   * @param {string} from
   * @param {string} to
   * @param {boolean} checked
   */
  range(from, to, checked) {
    const boxes = this.boxes();
    const ends = [boxes.findIndex((box) => box.value === from), boxes.findIndex((box) => box.value === to)].sort((a, b) => a - b);
    if (ends[0] < 0) return;
    for (const box of boxes.slice(ends[0], ends[1] + 1)) {
      box.checked = checked;
      if (checked) this.selected.add(box.value);
      else this.selected.delete(box.value);
    }
  }

  /** @param {number} step */
  extend(step) {
    const box = boxOf(this.cursor());
    if (box && !box.checked) {
      box.checked = true;
      this.changed(box);
    }
    this.move(step, false);
    const next = boxOf(this.cursor());
    if (next) {
      next.checked = true;
      this.changed(next);
    }
  }

  /**
   * @param {number} step
   * @param {boolean} open whether the ticket opens beside the list, where one is open already
   */
  move(step, open = true) {
    const rows = this.rows();
    if (rows.length === 0) return;
    const at = rows.indexOf(/** @type {HTMLElement} */ (this.cursor()));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    const link = linkOf(row);
    if (!link) return;
    link.focus();
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(this.opening);
    // Held down, the key runs along the list; only where it rests is a ticket fetched.
    if (open && document.querySelector("turbo-frame#ticket [data-ticket]")) this.opening = setTimeout(() => link.click(), openDelay);
  }

  /** @returns {HTMLElement | undefined} */
  cursor() {
    const rows = this.rows();
    return rows.find((row) => row.contains(document.activeElement)) ?? rows.find((row) => row.hasAttribute("aria-current"));
  }

  rows() {
    return /** @type {HTMLElement[]} */ (this.targets.findAll("row"));
  }

  boxes() {
    return this.rows().map(boxOf).filter((box) => box !== undefined);
  }

  /** @param {Event} event */
  mark(event) {
    const frame = /** @type {HTMLElement} */ (event.target);
    if (frame.id !== "ticket") return;
    const ticket = frame.querySelector("[data-ticket]")?.getAttribute("data-ticket");
    for (const row of this.rows()) {
      if (row.dataset.ticketRow === ticket) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const desk = frame.closest(".desk");
    if (desk instanceof HTMLElement) desk.dataset.page = ticket ? "ticket" : "list";
  }

  restoreSoon() {
    cancelAnimationFrame(this.restoring ?? 0);
    this.restoring = requestAnimationFrame(() => this.restore());
  }

  restore() {
    const boxes = this.boxes();
    // What has left the list is selected no more: the next action would change tickets that nobody sees.
    const shown = new Set(boxes.map((box) => box.value));
    for (const number of this.selected) if (!shown.has(number)) this.selected.delete(number);
    for (const box of boxes) box.checked = this.selected.has(box.value);
    this.show();
  }

  show() {
    const bar = /** @type {HTMLElement | undefined} */ (this.targets.find("bar"));
    if (!bar) return;
    bar.hidden = this.selected.size === 0;
    this.element.classList.toggle("selecting", this.selected.size > 0);
    const count = this.targets.find("count");
    if (count) count.textContent = String(this.selected.size);
    const numbers = /** @type {HTMLInputElement[]} */ (this.targets.findAll("numbers"));
    for (const input of numbers) input.value = [...this.selected].join(",");
  }
}

/** @param {HTMLElement | undefined} row */
function boxOf(row) {
  return /** @type {HTMLInputElement | undefined} */ (row?.querySelector("input[type=checkbox]") ?? undefined);
}

/** @param {HTMLElement} row */
function linkOf(row) {
  return /** @type {HTMLAnchorElement | null} */ (row.querySelector(".row-link"));
}
