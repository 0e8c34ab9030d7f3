import { Controller } from "@hotwired/stimulus";
import { send } from "../streams.js";

const draftPause = 700;
const retryAfter = 5_000;
const drawing = 500;
const carried = 60_000;

/**
 * Reply or note. What is typed is kept on the server as a draft a moment after every pause, and once more when the page goes
 * away; the text of the other kind is kept apart, so that a note never turns into a reply by a slip of the tab.
 * @extends {Controller<HTMLElement>}
 */
export default class ComposerController extends Controller {
  /**
   * What is typed, by kind.
   * @type {Record<string, string>}
   */
  texts = {};

  /**
   * What of it the server has, and under which revision.
   * @type {Record<string, string>}
   */
  bases = {};

  /** @type {Record<string, string>} */
  revisions = {};

  connect() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.texts = { reply: "", note: "" };
    this.texts[this.kind()] = this.text().value;
    const other = this.kind() === "reply" ? "note" : "reply";
    this.texts[other] = this.data.get(`${other}Draft`) ?? "";
    this.bases = { ...this.texts };
    this.revisions = { reply: this.data.get("replyRevision") ?? "0", note: this.data.get("noteRevision") ?? "0" };
    this.takeCarried();
    addEventListener("pagehide", () => this.keep(true), { signal });
    this.element.addEventListener("turbo:submit-start", () => this.sending(), { signal });
    this.element.addEventListener("turbo:submit-end", (event) => this.sent(/** @type {CustomEvent} */ (event).detail), { signal });
  }

  disconnect() {
    this.keep(true);
    this.abort?.abort();
  }

  /** @param {{ params: { kind?: string } }} event */
  choose(event) {
    const kind = event.params.kind ?? "reply";
    if (kind !== this.kind()) {
      this.keep();
      this.texts[this.kind()] = this.text().value;
      this.element.dataset.kind = kind;
      /** @type {HTMLInputElement} */ (this.targets.find("kind")).value = kind;
      this.text().value = this.texts[kind];
      this.know(kind, this.revisions[kind]);
      for (const tab of this.targets.findAll("tab")) {
        const own = tab.getAttribute("data-composer-kind-param") === kind;
        tab.setAttribute("aria-selected", String(own));
        tab.setAttribute("tabindex", own ? "0" : "-1");
      }
      const words = this.text().dataset;
      this.text().placeholder = (kind === "note" ? words.noteHint : words.replyHint) ?? "";
      this.text().setAttribute("aria-label", (kind === "note" ? words.noteLabel : words.replyLabel) ?? "");
      this.labelSend();
    }
    const field = this.text();
    // A draft is gone on with at its end; a browser puts the cursor before text that came with the page.
    if (document.activeElement !== field && field.selectionEnd === 0) field.setSelectionRange(field.value.length, field.value.length);
    field.focus();
  }

  /** Left and right between the tabs. @param {KeyboardEvent} event */
  tabs(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = /** @type {HTMLElement[]} */ (this.targets.findAll("tab")).find((tab) => tab.getAttribute("aria-selected") !== "true");
    other?.click();
    other?.focus();
  }

  typed() {
    this.changed = true;
    this.say("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), draftPause);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form().requestSubmit(/** @type {HTMLButtonElement} */ (this.targets.find("send")));
    }
    if (event.key === "Escape" && !event.defaultPrevented) this.leave();
  }

  /** Out of the field. A stream that is just being drawn gives the focus back to where it found it: not until the next key or press. */
  leave() {
    const text = this.text();
    const until = new AbortController();
    this.isLeft = true;
    text.blur();
    text.addEventListener("focus", () => text.blur(), { signal: until.signal });
    for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, () => until.abort(), { capture: true, once: true, signal: until.signal });
    setTimeout(() => until.abort(), drawing);
  }

  /** @param {boolean} [leaving] */
  async keep(leaving = false) {
    clearTimeout(this.timer);
    const url = this.data.get("draft");
    // What is on its way when the page goes is called off with it.
    if (!url || (!this.changed && !(leaving && this.storing))) return;
    const [kind, text] = [this.kind(), this.text().value];
    this.changed = false;
    this.storing = true;
    if (leaving) sessionStorage.setItem(`${url} ${kind}`, JSON.stringify({ text, at: Date.now() }));
    try {
      const response = await send(url, "PUT", { kind, text, files: this.files().join(","), revision: this.revisions[kind], last: String(leaving) }, { keepalive: leaving });
      if (response.status === 409) return this.join(kind, await response.json());
      if (!response.ok) throw new TypeError(`draft refused: ${response.status}`);
      this.storing = false;
      this.bases[kind] = text;
      this.know(kind, response.headers.get("Draft-Revision") ?? "0");
      sessionStorage.removeItem(`${url} ${kind}`);
      this.say(text ? this.data.get("saved") ?? "" : "");
      if (this.isLate) this.keepAnew();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.changed = true;
      this.say(this.data.get("unsaved") ?? "");
      if (!leaving) this.timer = setTimeout(() => this.keep(), retryAfter);
    }
  }

  /** @param {string} kind @param {string} revision */
  know(kind, revision) {
    this.revisions[kind] = revision;
    const field = /** @type {HTMLInputElement | undefined} */ (this.targets.find("draft"));
    if (field && kind === this.kind()) field.value = revision;
  }

  /**
   * The draft has something that this page has not seen: an answer by mail that is held, or what was typed in another tab. Both stay.
   * @param {string} kind
   * @param {{ revision: number, text: string, files: import("./attachments.js").Kept[] }} newer
   */
  join(kind, newer) {
    this.storing = false;
    const field = this.text();
    const mine = kind === this.kind() ? field.value : this.texts[kind];
    const both = together(this.bases[kind], newer.text, mine);
    this.bases[kind] = newer.text;
    this.know(kind, String(newer.revision));
    this.texts[kind] = both;
    if (kind === this.kind()) {
      const behind = field.value.length - field.selectionEnd;
      field.value = both;
      field.setSelectionRange(both.length - behind, both.length - behind);
      this.element.dispatchEvent(new CustomEvent("composer:files", { detail: newer.files }));
      this.say(this.data.get("joined") ?? "");
      this.changed = true;
      this.timer = setTimeout(() => this.keep(), draftPause);
    }
  }

  /** What was stored while it was sent is no draft any more. */
  keepAnew() {
    this.isLate = false;
    this.changed = true;
    this.keep();
  }

  /** The page that comes may have been made before the last words of this one were stored: it is told of them here. */
  takeCarried() {
    const key = `${this.data.get("draft")} ${this.kind()}`;
    const left = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    /** @type {{ text: string, at: number } | null} */
    const carry = left && JSON.parse(left);
    if (!carry || Date.now() - carry.at > carried || carry.text === this.text().value) return;
    this.text().value = carry.text;
    this.typed();
  }

  /**
   * A reply was taken back: its text stands in front of what was begun meanwhile, its files come along.
   * @param {CustomEvent<{ text: string, files: Element[] }>} event
   */
  takeBack(event) {
    this.choose({ params: { kind: "reply" } });
    const field = this.text();
    field.value = [event.detail.text, field.value].filter((part) => part).join("\n\n");
    this.element.querySelector("[data-attachments-target=list]")?.prepend(...event.detail.files);
    this.typed();
    field.focus();
    field.setSelectionRange(event.detail.text.length, event.detail.text.length);
  }

  sending() {
    clearTimeout(this.timer);
    this.sentText = this.text().value;
    this.isLeft = false;
    this.overlaps = this.storing;
    this.targets.find("send")?.setAttribute("aria-busy", "true");
  }

  /** @param {{ success: boolean }} outcome */
  sent(outcome) {
    this.targets.find("send")?.removeAttribute("aria-busy");
    if (!outcome.success) {
      // Held or refused: the text stays here, and stays a draft.
      this.changed = true;
      this.keep();
      return;
    }
    // What was typed while it went stays: it belongs to the next message.
    const field = this.text();
    const rest = this.sentText && field.value.startsWith(this.sentText) ? field.value.slice(this.sentText.length).trimStart() : "";
    this.changed = false;
    this.texts[this.kind()] = "";
    this.bases[this.kind()] = "";
    if (!this.storing) this.know(this.kind(), "0");
    field.value = rest;
    this.say("");
    if (rest) this.typed();
    this.isLate = this.overlaps;
    if (this.isLate && !this.storing) this.keepAnew();
    const submission = /** @type {HTMLInputElement | undefined} */ (this.targets.find("submission"));
    if (submission) submission.value = crypto.randomUUID();
    // Who left the field while it went presses other keys by now.
    if (!this.isLeft) this.text().focus();
  }

  labelSend() {
    const label = /** @type {HTMLElement | undefined} */ (this.targets.find("sendLabel"));
    if (label) label.textContent = (this.kind() === "note" ? label.dataset.note : label.dataset.reply) ?? label.textContent;
  }

  /** @param {string} words */
  say(words) {
    const state = this.targets.find("state");
    if (state) state.textContent = words;
  }

  kind() {
    return this.element.dataset.kind === "note" ? "note" : "reply";
  }

  /** The server's names of the files that are attached. */
  files() {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.element.querySelectorAll("[data-attachments-target=list] input[name=files]"));
    return [...fields].map((field) => field.value).filter((token) => token);
  }

  text() {
    return /** @type {HTMLTextAreaElement} */ (this.targets.find("text"));
  }

  form() {
    return /** @type {HTMLFormElement} */ (this.element);
  }
}

/**
 * Two texts that grew from one. What was typed here takes the place of what it grew from.
 * @param {string} base
 * @param {string} theirs
 * @param {string} mine
 */
function together(base, theirs, mine) {
  if (mine.includes(theirs)) return mine;
  if (base && theirs.includes(base)) return theirs.replace(base, () => mine).trim();
  return theirs.includes(mine) ? theirs : `${theirs}\n\n${mine}`;
}
