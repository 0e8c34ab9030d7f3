// Keeps the tracking page up to date while it is open, and tells what was on the screen. The page works without it.
import "./contact.js";

const messages = document.getElementById("messages");
const token = document.querySelector("meta[name=antiforgery-token]")?.getAttribute("content") ?? "";

const shortestWait = 2_000;
const longestWait = 60_000;

/** Before the stream is asked for anew, milliseconds. */
let wait = shortestWait;

/** The newest message the server was told of. */
let told = "";

if (messages) {
  follow(messages);
  document.addEventListener("visibilitychange", () => tellSeen(messages));
  tellSeen(messages);
}

/** @param {HTMLElement} list @param {boolean} [again] whether something may have been missed */
function follow(list, again = false) {
  const source = new EventSource(list.dataset.stream ?? "");
  let opened = again;
  for (const kind of ["message", "state", "withdrawn"]) source.addEventListener(kind, () => refresh(list));
  // What was taken back while the line was torn is in no event.
  source.addEventListener("open", () => {
    if (opened) refresh(list);
    opened = true;
    wait = shortestWait;
  });
  // A browser gives up on an answer that is no stream, as a proxy gives while the server starts anew.
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(list, true), wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, longestWait);
  });
  // The conversation goes on in another ticket, or without some of its messages: listened to anew.
  source.addEventListener("resync", async () => {
    source.close();
    await refresh(list).finally(() => follow(list, true));
  });
}

/**
 * Fetches the page again and takes over what can have changed; what the reader is writing stays.
 * @param {HTMLElement} list
 */
async function refresh(list) {
  const answer = await fetch(location.pathname + location.search.replace("sent=1", ""), { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  // Its styles carry another nonce, which this page's policy would report; the styles are here already.
  const page = new DOMParser().parseFromString((await answer.text()).replace(/<style[^]*?<\/style>/g, ""), "text/html");
  const fresh = page.getElementById("messages");
  if (!fresh) return;
  for (const item of Array.from(list.children)) {
    if (!page.getElementById(item.id)) item.remove();
  }
  let before = list.firstElementChild;
  for (const item of Array.from(fresh.children)) {
    if (before?.id === item.id) before = before.nextElementSibling;
    else list.insertBefore(document.getElementById(item.id) ?? item, before);
  }
  takeOverOffers(page);
  list.dataset.last = fresh.dataset.last;
  list.dataset.stream = fresh.dataset.stream;
  list.dataset.seen = fresh.dataset.seen;
  const standing = document.querySelector(".standing");
  const newStanding = page.querySelector(".standing");
  if (standing && newStanding) standing.innerHTML = newStanding.innerHTML;
  tellSeen(list);
}

/**
 * What the newest message offers takes the place of what an older one offered. Who had their finger on it goes on at the same place.
 * @param {Document} page
 */
function takeOverOffers(page) {
  const [here, there] = [document, page].map((root) => root.getElementById("offers"));
  if (!here || !there || here.dataset.key === there.dataset.key) return;
  const focused = here.contains(document.activeElement);
  here.replaceWith(there);
  if (focused) there.focus({ preventScroll: true });
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
