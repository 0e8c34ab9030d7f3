import CaretMenuController from "./caret-menu.js";

const pause = 100;

/** Suggests colleagues after an at sign. The names come from the server as ready entries. */
export default class MentionsController extends CaretMenuController {
  get sign() {
    return "@";
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
    const entries = await response.text();
    if (response.ok && this.query() === query) this.show(entries);
  }

  query() {
    const text = this.text();
    return /(?:^|[\s(])@([\p{L}\p{N}._-]{0,30})$/u.exec(text.value.slice(0, text.selectionStart))?.[1];
  }

  /** @param {HTMLElement} item */
  wordsOf(item) {
    return item.dataset.mention && `@${item.dataset.mention}`;
  }
}
