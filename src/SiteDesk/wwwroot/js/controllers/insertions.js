import CaretMenuController from "./caret-menu.js";

const pause = 130;

/**
 * What other parts of the program offer to put into a reply: a slash at the beginning of a word opens it, and what is typed behind the
 * slash is looked for. The entries come from the server; each brings the words that it puts in.
 */
export default class InsertionsController extends CaretMenuController {
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
