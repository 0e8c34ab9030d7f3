// The help centre works without this. With it: answers while one types, votes without leaving the page, buttons that copy code,
// and videos that are fetched when somebody presses them and not before.
// Chromium 95 and Safari 15 read it.

/**
 * @typedef {{ id: number, title: string[], summary: string, address: string }} Suggestion
 * @typedef {{ articles: Suggestion[], instead?: string }} Answer
 */

const pause = 120;
const rest = 1500;

/** Suggestions under the search field: a combobox with a list (WAI-ARIA 1.2). */
class Typing {
  /** @param {HTMLFormElement} form @param {HTMLInputElement} input */
  constructor(form, input) {
    this.form = form;
    this.input = input;
    this.status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
    this.list = document.createElement("ul");
    this.list.className = "help-typing";
    this.list.id = "_typing";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
    this.list.hidden = true;
    form.append(this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    /** @type {AbortController | undefined} */
    this.asking = undefined;
    this.chosen = -1;
    this.timer = 0;
    this.settled = "";
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("focus", () => this.show(this.list.children.length > 0));
    form.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && form.contains(event.relatedTarget))) this.show(false);
    });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      if (item) this.open(item);
    });
    // On a slow line somebody types before this is loaded.
    if (document.activeElement === input && input.value !== input.defaultValue) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(false), pause);
  }

  /** @param {boolean} settled Whether the typing has come to rest: it counts as a search then. */
  async ask(settled) {
    const query = this.input.value.trim();
    this.asking?.abort();
    if (!query) {
      this.fill([]);
      return;
    }

    const asking = new AbortController();
    this.asking = asking;
    try {
      const answer = await fetch(`${this.form.dataset.suggestions}?q=${encodeURIComponent(query.slice(0, 1000))}${settled ? "&settled=true" : ""}`, { signal: asking.signal });
      if (!answer.ok || asking.signal.aborted) return;
      const found = /** @type {Answer} */ (await answer.json());
      if (settled) {
        this.settled = query;
        return;
      }

      this.fill(found.articles, found.instead ?? query);
      this.status.textContent = found.articles.length ? (this.form.dataset.found ?? "").replace("{0}", String(found.articles.length)) : this.form.dataset.nothing ?? "";
      this.timer = setTimeout(() => this.ask(true), rest);
    } catch (problem) {
      // Called off by the next letter, or the network is away: pressing Enter searches all the same, and says so when it cannot.
      if (!asking.signal.aborted) this.fill([]);
    }
  }

  /** @param {Suggestion[]} articles @param {string} [words] */
  fill(articles, words = "") {
    // What was chosen stays chosen when an answer to more letters has it too: Enter must not mean something else meanwhile.
    const chosen = /** @type {HTMLElement | undefined} */ (this.list.children[this.chosen])?.dataset.address;
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...articles.map((article, index) => {
      const item = document.createElement("li");
      item.id = `_typing-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.address = article.address;
      item.dataset.words = words;
      for (const [place, piece] of article.title.entries()) {
        if (place % 2 === 0) item.append(piece);
        else item.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      }

      if (article.summary) item.append(Object.assign(document.createElement("small"), { textContent: article.summary }));
      return item;
    }));
    this.show(articles.length > 0);
    const again = articles.findIndex((article) => article.address === chosen);
    if (again >= 0) this.choose(again);
  }

  /** @param {boolean} visible */
  show(visible) {
    this.list.hidden = !visible;
    this.input.setAttribute("aria-expanded", String(visible));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const count = this.list.children.length;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.show(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      this.show(true);
      this.choose((this.chosen + (event.key === "ArrowDown" ? 1 : this.chosen < 0 ? count : count - 1)) % count);
    } else if (event.key === "Enter" && this.chosen >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.open(/** @type {HTMLElement} */ (this.list.children[this.chosen]));
    }
  }

  /** @param {number} index */
  choose(index) {
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = index;
    const item = /** @type {HTMLElement} */ (this.list.children[index]);
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  /** @param {HTMLElement} item */
  open(item) {
    const counted = this.settled === this.input.value.trim();
    location.assign(`${item.dataset.address}?q=${encodeURIComponent(item.dataset.words ?? "")}${counted ? "" : "&from=typing"}`);
  }
}

/** Sends a vote and puts the answer's part in the place of the question. Whatever goes wrong, the form is sent as forms are. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const place = form instanceof HTMLFormElement ? form.closest(".help-vote") : null;
  if (!(form instanceof HTMLFormElement) || !place) return;
  event.preventDefault();
  const fields = new URLSearchParams();
  new FormData(form).forEach((value, name) => fields.append(name, String(value)));
  const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (pressed?.name) fields.set(pressed.name, pressed.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const next = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".help-vote") : null;
    if (!next) throw new Error(`The vote was answered with ${answer.status}.`);
    place.replaceChildren(...next.childNodes);
    if (pressed?.name === "helped") keepStep(pressed.value === "false");
    const title = place.querySelector("h2");
    title?.setAttribute("tabindex", "-1");
    title?.focus();
  } catch (problem) {
    if (pressed?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
    form.submit();
  }
});

document.addEventListener("click", (event) => {
  const start = event.target instanceof Element ? event.target.closest("a.video-start") : null;
  if (!(start instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  player.src = start.dataset.player ?? "";
  player.title = start.dataset.title ?? "";
  player.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
  player.allowFullscreen = true;
  player.referrerPolicy = "strict-origin-when-cross-origin";
  start.replaceWith(player);
  player.focus();
});

for (const block of document.querySelectorAll(".help-body .code")) {
  if (!navigator.clipboard) break; // only on secure pages
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: document.body.dataset.copy ?? "" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code")?.textContent ?? "");
    button.textContent = document.body.dataset.copied ?? "";
    setTimeout(() => { button.textContent = document.body.dataset.copy ?? ""; }, 2000);
  });
  block.classList.add("code-copied");
  block.append(button);
}

/**
 * @typedef {{ l: string, a?: string, q?: string, n?: boolean }} Step
 * The language, the article's last part of the address, what was searched, and whether the reader said that it did not help.
 */

/** Which site's help centre this is, in which language, and what of it. */
function whereWeAre() {
  const { site = "", home = "" } = document.body.dataset;
  const [, kind, slug = ""] = location.pathname.slice(home.length).split("/");
  return { site, home, language: home.slice(home.lastIndexOf("/") + 1), slug: kind === "articles" ? decodeURIComponent(slug) : "", words: kind === "articles" || kind === "search" ? new URLSearchParams(location.search).get("q") ?? "" : "" };
}

/**
 * Keeps what was looked for and read in this tab, for the contact form it may lead to; nobody else is told of it, and it ends with the tab.
 * Where pages are recorded after consent alone nothing is kept.
 * @param {boolean} [unhelpful] Whether the reader has just said that this article did not help, or that it did after all.
 */
function keepStep(unhelpful) {
  const { site, language, slug, words } = whereWeAre();
  if (document.body.dataset.trail === undefined || !slug && !words) return;
  const name = `sitedesk:trail:${site}`;
  try {
    const steps = /** @type {Step[]} */ (JSON.parse(sessionStorage.getItem(name) ?? "[]"));
    const known = steps.find((step) => slug ? step.a === slug : !step.a && step.q === words);
    if (known && unhelpful !== undefined) known.n = unhelpful;
    else if (!known) steps.push({ l: language, ...(slug ? { a: slug } : {}), ...(words ? { q: words.slice(0, 200) } : {}), ...(unhelpful ? { n: true } : {}) });
    sessionStorage.setItem(name, JSON.stringify(steps.slice(-20)));
  } catch (refused) {
    if (!(refused instanceof DOMException)) throw refused; // storage is forbidden here: nothing goes along
  }
}

/** Tells of a visit that began in the widget, so that what was looked for here goes with the question it may lead to. */
function tellTrail() {
  const { site, home, slug, words } = whereWeAre();
  const named = /^#visit=([\w-]{20,64})$/.exec(location.hash);
  // The address that is copied from here is everybody's.
  if (named) history.replaceState(history.state, "", location.pathname + location.search);
  let visit = named?.[1] ?? "";
  try {
    if (named) sessionStorage.setItem(`sitedesk:visit:${site}`, visit);
    visit = sessionStorage.getItem(`sitedesk:visit:${site}`) ?? "";
  } catch (refused) {
    if (!(refused instanceof DOMException)) throw refused; // storage is forbidden here: this page alone knows
  }
  if (visit && (slug || words)) navigator.sendBeacon(`${home}/trail`, new URLSearchParams({ visit, article: slug, q: words }));
}

tellTrail();
keepStep();

for (const form of document.querySelectorAll("form[data-suggestions]")) {
  const input = form.querySelector("input[type=search]");
  if (form instanceof HTMLFormElement && input instanceof HTMLInputElement) new Typing(form, input);
}
