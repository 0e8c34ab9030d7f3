import { Controller } from "@hotwired/stimulus";
import { requestToken } from "../streams.js";

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
    this.take(event.clipboardData.files);
  }

  /** @param {FileList | null} files */
  take(files) {
    for (const file of files ?? []) this.upload(file);
  }

  /** @param {File} file */
  upload(file) {
    const template = /** @type {HTMLTemplateElement} */ (this.targets.find("template"));
    const row = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (row.querySelector(`[data-part="${name}"]`));
    const progress = /** @type {HTMLProgressElement} */ (row.querySelector("progress"));
    part("name").textContent = file.name;
    this.list().append(row);

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
      part("size").textContent = answer.size;
      /** @type {HTMLInputElement} */ (row.querySelector("input")).value = answer.id;
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
