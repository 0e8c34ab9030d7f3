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
    this.element.addEventListener("dragover", (event) => this.over(event), { signal });
    this.element.addEventListener("dragleave", () => this.element.classList.remove("dropping"), { signal });
    this.element.addEventListener("drop", (event) => this.drop(event), { signal });
    this.element.addEventListener("paste", (event) => this.paste(event), { signal });
    this.element.addEventListener("turbo:submit-end", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.success) this.list().replaceChildren();
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
      request.abort();
      row.remove();
      this.changed();
    });
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      if (!row.isConnected) return;
      progress.remove();
      const answer = request.status >= 200 && request.status < 300 ? JSON.parse(request.responseText) : undefined;
      if (!answer) {
        row.classList.add("file-failed");
        part("size").textContent = problemOf(request) ?? this.data.get("failed") ?? "";
        return;
      }
      this.fill(row, answer);
      if (inText) this.show(row);
      this.changed();
    });
    const form = new FormData();
    form.append("file", file, file.name || "image.png");
    request.open("POST", this.data.get("url") ?? "");
    request.setRequestHeader("X-Antiforgery-Token", requestToken());
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
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
