// Saves the draft by itself, keeps it in this browser while that fails, and tells of other authors.
import { askConflict } from "./dialogs.js";
import { post, problemsOf } from "./server.js";

const pause = 1_500;
const heartbeat = 15_000;

/**
 * @param {HTMLFormElement} form
 * @param {() => string} body the article's HTML now
 * @param {Record<string, string>} texts
 */
export function keepDraft(form, body, texts) {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const status = /** @type {HTMLElement} */ (document.querySelector("[data-saved]"));
  const others = /** @type {HTMLElement} */ (document.querySelector("[data-others]"));
  const key = `article-draft:${new URL(form.action).pathname}`;
  let saved = "";
  let timer = 0;
  let isStopped = false;
  /** @type {Promise<void> | null} */
  let running = null;

  const content = () => ({ Title: field("Title").value, Summary: field("Summary").value, Body: body() });
  const say = (/** @type {string} */ text) => (status.textContent = text);

  /** @param {boolean} [replaces] */
  async function send(replaces = false) {
    const now = content();
    const text = JSON.stringify(now);
    if ((text === saved && !replaces) || !now.Title.trim()) return;
    say(texts.saving ?? "");
    const fields = new FormData();
    for (const [name, value] of Object.entries(now)) fields.set(name, value);
    fields.set("Version", field("Version").value);
    if (replaces) fields.set("Replaces", "true");
    try {
      const { status: code, answer } = await post(form.action, fields);
      if (code === 200) {
        field("Version").value = String(answer.version);
        saved = text;
        localStorage.removeItem(key);
        say(answer.saved);
      } else if (code === 409) {
        await settle(answer);
      } else {
        say(problemsOf(answer, texts.unsaved ?? ""));
      }
    } catch (error) {
      // The network is away: what was written stays in this browser, and goes with the next try.
      if (!(error instanceof TypeError)) throw error;
      say(texts.offline ?? "");
      timer = setTimeout(save, heartbeat);
    }
  }

  /** Another author was quicker; the server has kept this text as a version. @param {any} conflict */
  async function settle(conflict) {
    isStopped = true;
    say(texts.unsaved ?? "");
    if (await askConflict(conflict)) {
      field("Version").value = String(conflict.version);
      isStopped = false;
      await send(true);
      return;
    }
    localStorage.removeItem(key);
    location.reload();
  }

  function save() {
    clearTimeout(timer);
    if (isStopped) return running ?? Promise.resolve();
    running = (running ?? Promise.resolve()).then(() => send()).finally(() => (running = null));
    return running;
  }

  function changed() {
    const text = JSON.stringify(content());
    if (text === saved || isStopped) return;
    try {
      localStorage.setItem(key, JSON.stringify({ version: field("Version").value, text }));
    } catch (error) {
      // A full or forbidden store: the server keeps the draft all the same.
      if (!(error instanceof DOMException)) throw error;
    }
    say(texts.unsaved ?? "");
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  /** What this browser kept and the server never got. @returns {{ Title: string, Summary: string, Body: string } | null} */
  function unsaved() {
    const kept = localStorage.getItem(key);
    if (!kept) return null;
    const { version, text } = JSON.parse(kept);
    const found = version === field("Version").value ? JSON.parse(text) : null;
    localStorage.removeItem(key);
    return found;
  }

  async function present(state = "here") {
    if (document.visibilityState !== "visible" && state === "here") return;
    try {
      const { answer } = await post(form.dataset.presence ?? "", new URLSearchParams({ State: state }), { keepalive: state === "gone" });
      others.replaceChildren(...(answer.others ?? []).map((/** @type {string} */ name) => Object.assign(document.createElement("span"), { textContent: name })));
    } catch (error) {
      // Said again in a moment.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    // What is under way comes first: its answer has the version that this form needs.
    if (running) {
      event.preventDefault();
      const button = event.submitter;
      void running.then(() => form.requestSubmit(button));
      return;
    }
    clearTimeout(timer);
    const hidden = field("Body") instanceof HTMLInputElement ? field("Body") : form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "Body" }));
    hidden.value = body();
    isStopped = true;
    localStorage.removeItem(key);
  });
  addEventListener("pagehide", () => void present("gone"));
  document.addEventListener("visibilitychange", () => void present());
  setInterval(present, heartbeat);
  void present();

  return { changed, unsaved, save, say, begin: () => (saved = JSON.stringify(content())) };
}
