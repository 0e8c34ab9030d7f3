// Articles that may answer, while somebody writes in the contact form. Loaded after the first words.

/**
 * @typedef {{ id: number, title: string[], summary: string, address: string }} Suggestion
 * @typedef {{ heading: string, answered: string, thanks: string, back: string }} Words
 */

const pause = 400;

/** @type {WeakMap<HTMLTextAreaElement, Suggestions>} */
const known = new WeakMap();

/** @param {HTMLTextAreaElement} text */
export function suggest(text) {
  let suggestions = known.get(text);
  if (!suggestions) known.set(text, suggestions = new Suggestions(text));
  suggestions.wait();
}

class Suggestions {
  /** @param {HTMLTextAreaElement} text */
  constructor(text) {
    this.text = text;
    this.form = /** @type {HTMLFormElement} */ (text.form);
    this.asked = "";
    this.shown = "";
    this.opened = 0;
    this.timer = 0;
    /** @type {Words | undefined} */
    this.words = undefined;
    for (const written of this.form.querySelectorAll("[data-written]")) written.remove();
    this.heading = document.createElement("h2");
    this.list = document.createElement("ul");
    this.answered = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", hidden: true });
    this.answered.addEventListener("click", () => this.finish());
    this.box = document.createElement("section");
    this.box.className = "suggestions";
    this.box.setAttribute("aria-live", "polite");
    this.box.hidden = true;
    this.box.append(this.heading, this.list, this.answered);
    text.closest(".field")?.after(this.box);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    const query = this.text.value.trim().slice(0, 1000);
    if (query === this.asked) return;
    this.asked = query;
    const answer = await fetch(`${this.text.dataset.articles}/suggestions?place=form&q=${encodeURIComponent(query)}`);
    if (!answer.ok || query !== this.asked) return;
    const found = /** @type {{ articles: Suggestion[], words?: Words }} */ (await answer.json());
    this.words = found.words ?? this.words;
    this.heading.textContent = this.words?.heading ?? "";
    this.answered.textContent = this.words?.answered ?? "";
    // What was opened stays: its reader is about to say whether it answered.
    const shown = JSON.stringify(found.articles.slice(0, 3));
    // What is there already stays the same element: somebody may just be pressing it.
    if (!this.opened && shown !== this.shown) this.list.replaceChildren(...found.articles.slice(0, 3).map((article) => this.entry(article)));
    this.shown = shown;
    this.box.hidden = this.list.children.length === 0;
  }

  /** @param {Suggestion} article */
  entry(article) {
    const link = Object.assign(document.createElement("a"), { href: article.address, target: "_blank", rel: "noopener", textContent: article.title.join("") });
    if (article.summary) link.append(Object.assign(document.createElement("small"), { textContent: article.summary }));
    link.addEventListener("click", () => {
      this.opened = article.id;
      this.answered.hidden = false;
      this.note("opened");
    });
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  /** It is answered: the form makes way, and can be had again. */
  finish() {
    this.note("answered");
    const done = document.createElement("div");
    done.className = "card form";
    done.tabIndex = -1;
    const back = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: this.words?.back ?? "" });
    back.addEventListener("click", () => {
      done.remove();
      this.form.hidden = false;
      this.text.focus();
    });
    done.append(Object.assign(document.createElement("p"), { textContent: this.words?.thanks ?? "" }), back);
    this.form.hidden = true;
    this.form.after(done);
    done.focus();
  }

  /** @param {string} outcome */
  note(outcome) {
    const fields = new URLSearchParams({ visit: this.text.dataset.visit ?? "", place: "form", article: String(this.opened), outcome });
    // Goes out even when the page is left at the same moment.
    navigator.sendBeacon(`${this.text.dataset.articles}/deflections`, fields);
  }
}
