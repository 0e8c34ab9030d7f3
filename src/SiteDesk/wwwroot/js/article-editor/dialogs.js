// Dialogs that ask for a link, a picture, a video.
import { get } from "./server.js";

/** @param {string} id @returns {HTMLDialogElement} */
const dialog = (id) => /** @type {HTMLDialogElement} */ (document.getElementById(id));

/** @param {string} id @returns {HTMLInputElement} */
const input = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

/**
 * Shows a dialog and waits for its button.
 * @param {HTMLDialogElement} shown
 * @returns {Promise<string>} the value of the button; empty when it was left
 */
export function ask(shown) {
  shown.returnValue = "";
  shown.showModal();
  return new Promise((resolve) => shown.addEventListener("close", () => resolve(shown.returnValue), { once: true }));
}

const isAddress = (/** @type {string} */ text) => /^(https?:\/\/|mailto:|tel:|\/|#|www\.)/i.test(text.trim());

/**
 * @param {string} current the address there is; empty for none
 * @param {string} suggestions where articles are searched
 * @param {Record<string, string>} texts
 * @returns {Promise<{ href: string, title: string } | "remove" | null>}
 */
export async function askLink(current, suggestions, texts) {
  const [shown, query, list] = [dialog("link-dialog"), input("link-query"), /** @type {HTMLElement} */ (document.getElementById("link-results"))];
  query.value = current;
  list.replaceChildren();
  let chosen = { href: current, title: "" };
  let active = -1;
  let asked = 0;
  const abort = new AbortController();

  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role="option"]')]);
  const mark = (/** @type {number} */ index) => {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    query.setAttribute("aria-activedescendant", options()[index]?.id ?? "");
    options()[index]?.scrollIntoView({ block: "nearest" });
  };
  const choose = (/** @type {HTMLElement} */ option) => {
    asked++; // an answer that is still on its way does not open the list again
    chosen = { href: option.dataset.address ?? "", title: option.textContent ?? "" };
    query.value = chosen.href;
    list.replaceChildren();
    query.setAttribute("aria-expanded", "false");
  };
  const search = async () => {
    const text = query.value.trim();
    chosen = { href: isAddress(text) ? text : "", title: "" };
    const turn = ++asked;
    if (!text || isAddress(text)) return list.replaceChildren();
    const found = /** @type {{ title: string, address: string }[]} */ (await get(`${suggestions}&q=${encodeURIComponent(text)}`));
    if (turn !== asked) return;
    list.replaceChildren(
      ...found.map((article, index) => {
        const option = document.createElement("li");
        Object.assign(option, { id: `link-result-${index}`, textContent: article.title });
        option.setAttribute("role", "option");
        option.dataset.address = article.address;
        return option;
      }),
    );
    if (found.length === 0) {
      const none = document.createElement("li");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = texts["no-articles"] ?? "";
      list.append(none);
    }
    query.setAttribute("aria-expanded", String(found.length > 0));
    mark(found.length > 0 ? 0 : -1);
  };
  query.addEventListener("input", search, { signal: abort.signal });
  query.addEventListener(
    "keydown",
    (event) => {
      const count = options().length;
      const option = options()[active];
      if (event.key === "ArrowDown" && count) mark((active + 1) % count);
      else if (event.key === "ArrowUp" && count) mark((active + count - 1) % count);
      else if (event.key === "Enter" && option?.dataset.address) choose(option);
      else return;
      event.preventDefault();
    },
    { signal: abort.signal },
  );
  list.addEventListener(
    "click",
    (event) => {
      const option = /** @type {HTMLElement} */ (event.target).closest('[role="option"]');
      if (option instanceof HTMLElement && option.dataset.address) choose(option);
    },
    { signal: abort.signal },
  );
  const answer = await ask(shown);
  abort.abort();
  if (answer === "remove") return "remove";
  return answer === "ok" && chosen.href ? chosen : null;
}

/**
 * @param {File | null} file the picture, where it is known already
 * @returns {Promise<{ file: File, alt: string } | null>}
 */
export async function askPicture(file) {
  const [shown, chooser, alt] = [dialog("picture-dialog"), input("picture-file"), input("picture-alt")];
  /** @type {HTMLElement} */ (shown.querySelector("[data-picture-file]")).hidden = file !== null;
  chooser.value = "";
  chooser.required = file === null;
  alt.value = "";
  if ((await ask(shown)) !== "ok") return null;
  const picture = file ?? chooser.files?.[0];
  return picture ? { file: picture, alt: alt.value.trim() } : null;
}

/**
 * Asks until the address is one of a video: what was typed stays to be mended.
 * @param {(address: string) => Promise<string>} read gives the video as HTML; empty when the address shows none
 * @param {Record<string, string>} texts
 * @returns {Promise<string | null>} the video as HTML
 */
export async function askVideo(read, texts) {
  const [shown, address, problem] = [dialog("video-dialog"), input("video-address"), /** @type {HTMLElement} */ (document.getElementById("video-problem"))];
  let html = "";
  const refuse = (/** @type {string} */ text) => {
    problem.textContent = text;
    address.setAttribute("aria-invalid", String(text !== ""));
    if (text) address.select();
  };
  const submit = async (/** @type {SubmitEvent} */ event) => {
    if (/** @type {HTMLButtonElement | null} */ (event.submitter)?.value === "cancel") return;
    event.preventDefault();
    const typed = address.value.trim();
    refuse("");
    try {
      // Addresses are copied from phones without their beginning, too.
      html = await read(/^[a-z]+:/i.test(typed) ? typed : `https://${typed}`);
      if (html) shown.close("ok");
      else refuse(texts["not-a-video"] ?? "");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      refuse(texts.offline ?? "");
    }
  };
  address.value = "";
  refuse("");
  shown.addEventListener("submit", submit);
  const answer = await ask(shown);
  shown.removeEventListener("submit", submit);
  return answer === "ok" ? html : null;
}

/**
 * @param {any} conflict what the server says of the other text
 * @returns {Promise<boolean>} whether the own text is to be used
 */
export async function askConflict(conflict) {
  const shown = dialog("conflict-dialog");
  /** @type {HTMLElement} */ (shown.querySelector("[data-conflict-message]")).textContent = conflict.message;
  // The server made it of escaped text and elements of its own.
  /** @type {HTMLElement} */ (shown.querySelector("[data-conflict-difference]")).innerHTML =
    `<p class="difference-title">${conflict.title}</p><p>${conflict.summary}</p>${conflict.body}`;
  return (await ask(shown)) === "mine";
}
