import { Controller } from "@hotwired/stimulus";
import { requestToken } from "../streams.js";

/** @typedef {{ id: string, name: string, size: string, picture?: string | null }} Kept what the server says of a file it keeps */

/**
 * Files for a message: chosen, dropped or pasted. Each goes up by itself with its progress; the form carries only the names
 * under which the server keeps them. XMLHttpRequest, because fetch still tells no progress of what it sends.
 * @extends {Controller<HTMLElement>}
 */
export default class AttachmentsController extends Controller {
  connect() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    // On the conversation above it, too: that is where one looks.
    const zone = /** @type {HTMLElement} */ (this.element.closest(".ticket-main") ?? this.element);
    zone.addEventListener("dragover", (event) => this.over(event), { signal });
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(/** @type {Node | null} */ (event.relatedTarget))) this.element.classList.remove("dropping");
    }, { signal });
    zone.addEventListener("drop", (event) => this.drop(event), { signal });
    this.element.addEventListener("paste", (event) => this.paste(event), { signal });
    this.element.addEventListener("submit", (event) => this.hold(event), { signal });
    this.element.addEventListener("turbo:submit-end", (event) => {
      if (!(/** @type {CustomEvent} */ (event).detail.success)) return;
      this.list().replaceChildren();
      this.say("");
    }, { signal });
  }

  disconnect() {
    this.abort?.abort();
  }

  /** A file that the server has already (of a draft) is taken away. @param {Event} event */
  takeAway(event) {
    /** @type {Element} */ (event.target).closest(".file")?.remove();
    this.changed();
  }

  /** What is attached belongs to the draft. */
  changed() {
    this.element.dispatchEvent(new CustomEvent("attachments:changed", { bubbles: true }));
  }

  /**
   * Sent while a file is on its way: the message waits for it and goes by itself.
   * @param {SubmitEvent} event
   */
  hold(event) {
    if (!this.list().querySelector("progress")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.held = event.submitter;
    this.say(this.data.get("waiting") ?? "");
  }

  /** @param {boolean} [complete] whether what was on its way has come */
  release(complete = true) {
    if (this.held === undefined) return;
    if (complete && this.list().querySelector("progress")) return;
    const button = this.held;
    this.held = undefined;
    this.say(complete ? "" : this.data.get("incomplete") ?? "");
    if (complete) /** @type {HTMLFormElement} */ (this.element).requestSubmit(button);
  }

  /** @param {string} words */
  say(words) {
    /** @type {HTMLElement} */ (this.targets.find("state")).textContent = words;
  }

  choose() {
    this.picker().click();
  }

  picked() {
    this.take(this.picker().files);
    this.picker().value = "";
  }

  /** @param {DragEvent} event */
  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.classList.add("dropping");
  }

  /** @param {DragEvent} event */
  drop(event) {
    this.element.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.take(event.dataTransfer.files);
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    // Pasted into the sentence that speaks of it.
    this.take(event.clipboardData.files, event.target instanceof HTMLTextAreaElement);
  }

  /** Files that the server has and this page did not know. @param {CustomEvent<Kept[]>} event */
  adopt(event) {
    const known = new Set([.../** @type {NodeListOf<HTMLInputElement>} */ (this.list().querySelectorAll("input[name=files]"))].map((field) => field.value));
    for (const kept of event.detail.filter(({ id }) => !known.has(id))) {
      const row = this.row(kept.name);
      row.querySelector("progress")?.remove();
      row.querySelector("[data-part=remove]")?.addEventListener("click", () => {
        row.remove();
        this.changed();
      });
      this.fill(row, kept);
    }
  }

  /** A line for a file, empty but for its name. @param {string} name */
  row(name) {
    const template = /** @type {HTMLTemplateElement} */ (this.targets.find("template"));
    const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    /** @type {HTMLElement} */ (row.querySelector("[data-part=name]")).textContent = name;
    this.list().append(row);
    return row;
  }

  /** What the server said of it. @param {HTMLElement} row @param {Kept} kept */
  fill(row, kept) {
    /** @type {HTMLElement} */ (row.querySelector("[data-part=size]")).textContent = kept.size;
    /** @type {HTMLInputElement} */ (row.querySelector("input")).value = kept.id;
    if (!kept.picture) return;
    row.dataset.picture = kept.picture;
    row.querySelector("[data-part=place]")?.removeAttribute("hidden");
  }

  /** Its place in the text, at the caret. @param {Event} event */
  place(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".file"));
    if (row) this.show(row);
  }

  /** @param {HTMLElement} row */
  show(row) {
    const { picture } = row.dataset;
    const name = row.querySelector(".truncate")?.textContent ?? "";
    if (picture) this.element.dispatchEvent(new CustomEvent("attachments:placed", { bubbles: true, detail: { picture, name } }));
  }

  /**
   * @param {FileList | null} files
   * @param {boolean} [inText] whether pictures go into the text at once
   */
  take(files, inText = false) {
    for (const file of files ?? []) this.upload(file, inText);
  }

  /**
   * @param {File} file
   * @param {boolean} inText
   */
  upload(file, inText) {
    const row = this.row(file.name);
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (row.querySelector(`[data-part="${name}"]`));
    const progress = /** @type {HTMLProgressElement} */ (row.querySelector("progress"));

    const request = new XMLHttpRequest();
    part("remove").addEventListener("click", () => {
      row.remove();
      request.abort();
      this.changed();
      this.release();
    });
    const refuse = (/** @type {string | undefined} */ why) => {
      progress.remove();
      row.classList.add("file-failed");
      part("size").textContent = why ?? this.data.get("failed") ?? "";
      this.release(false);
    };
    const refused = this.judge(file);
    if (refused) {
      refuse(refused);
      return;
    }
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      if (!row.isConnected) return;
      const answer = request.status >= 200 && request.status < 300 ? JSON.parse(request.responseText) : undefined;
      if (!answer) {
        refuse(problemOf(request));
        return;
      }
      progress.remove();
      this.fill(row, answer);
      if (inText) this.show(row);
      this.changed();
      this.release();
    });
    const form = new FormData();
    form.append("file", file, file.name || "image.png");
    request.open("POST", this.data.get("url") ?? "");
    request.setRequestHeader("X-Antiforgery-Token", requestToken());
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  }

  /**
   * What the server would refuse after minutes is said at once.
   * @param {File} file
   * @returns {string | undefined}
   */
  judge(file) {
    if (file.size > Number(this.data.get("most-bytes"))) return this.data.get("too-large")?.replace("{name}", () => file.name);
    return this.list().querySelectorAll(".file:not(.file-failed)").length > Number(this.data.get("most")) ? this.data.get("too-many") ?? undefined : undefined;
  }

  list() {
    return /** @type {HTMLElement} */ (this.targets.find("list"));
  }

  picker() {
    return /** @type {HTMLInputElement} */ (this.targets.find("picker"));
  }
}

/** The server's own words for why a file was refused. @param {XMLHttpRequest} request @returns {string | undefined} */
function problemOf(request) {
  if (!request.getResponseHeader("Content-Type")?.includes("json")) return undefined;
  const problem = JSON.parse(request.responseText);
  return problem.detail ?? problem.title;
}
