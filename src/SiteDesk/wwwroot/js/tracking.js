// Keeps the tracking page up to date while it is open, and tells what was on the screen. The page works without it.
import "./contact.js";

const messages = document.getElementById("messages");
const token = document.querySelector("meta[name=antiforgery-token]")?.getAttribute("content") ?? "";

/** The newest message the server was told of. */
let told = "";

if (messages) {
  follow(messages);
  document.addEventListener("visibilitychange", () => tellSeen(messages));
  tellSeen(messages);
}

/** @param {HTMLElement} list */
function follow(list) {
  const source = new EventSource(list.dataset.stream ?? "");
  for (const kind of ["message", "state", "resync"]) source.addEventListener(kind, () => refresh(list));
}

/**
 * Fetches the page again and takes over what can have changed; what the reader is writing stays.
 * @param {HTMLElement} list
 */
async function refresh(list) {
  const answer = await fetch(location.pathname + location.search.replace("sent=1", ""), { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  // Without the answer's own style: it carries another request's nonce, and the content policy would report it.
  const text = (await answer.text()).replace(/<style[^]*?<\/style>/g, "");
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("messages");
  if (!fresh) return;
  for (const item of Array.from(fresh.children)) {
    if (!document.getElementById(item.id)) list.append(item);
  }
  list.dataset.last = fresh.dataset.last;
  const standing = document.querySelector(".standing");
  const newStanding = page.querySelector(".standing");
  if (standing && newStanding) standing.innerHTML = newStanding.innerHTML;
  tellSeen(list);
}

/** @param {HTMLElement} list */
function tellSeen(list) {
  const last = list.dataset.last ?? "";
  if (document.hidden || last === told || last === "0" || last === "") return;
  told = last;
  fetch(list.dataset.seen ?? "", {
    method: "POST",
    headers: { "X-Antiforgery-Token": token, "Content-Type": "application/x-www-form-urlencoded" },
    body: `messageId=${last}`,
  }).catch(() => {
    told = "";
  });
}
