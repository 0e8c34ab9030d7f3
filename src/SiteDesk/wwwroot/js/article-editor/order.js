// Order of sections and articles: by dragging, and by Alt with the arrow keys. The buttons beside them do it without this script.
import { requestToken } from "../streams.js";

/** Moves go to the server one after the other: answered in another order they would leave another order there. */
let moved = Promise.resolve();

/** @param {HTMLElement} item @param {HTMLElement | null} before */
async function place(item, before) {
  const fields = new URLSearchParams({ Before: before?.dataset.orderId ?? "", Section: item.dataset.orderGroup ?? "" });
  const response = await fetch(item.dataset.orderAddress ?? "", { method: "POST", headers: { "X-Antiforgery-Token": requestToken(), Accept: "application/json" }, body: fields });
  const status = document.querySelector("[data-order-status]");
  if (status instanceof HTMLElement && response.ok) status.textContent = `${item.querySelector("a")?.textContent ?? ""}: ${status.dataset.moved}`;
  if (!response.ok) location.reload();
}

/** @param {HTMLElement} item @param {"previousElementSibling" | "nextElementSibling"} direction */
function neighbour(item, direction) {
  let other = item[direction];
  while (other instanceof HTMLElement && other.dataset.orderGroup !== item.dataset.orderGroup) other = other[direction];
  return other instanceof HTMLElement && other.dataset.orderId ? other : null;
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const itemOf = (target) => (target instanceof Element ? target.closest("[data-order] > [data-order-item]") : null);

document.addEventListener("keydown", (event) => {
  const item = itemOf(event.target);
  if (!item || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  const other = neighbour(item, event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling");
  if (!other) return;
  if (event.key === "ArrowUp") other.before(item);
  else other.after(item);
  focused.focus();
  const before = neighbour(item, "nextElementSibling");
  moved = moved.finally(() => place(item, before));
});

/** @type {HTMLElement | null} */
let dragged = null;

// Links are draggable by themselves: the whole item is, while it is held.
document.addEventListener("pointerdown", (event) => {
  const item = itemOf(event.target);
  if (item) item.draggable = true;
});

document.addEventListener("dragstart", (event) => {
  dragged = itemOf(event.target);
  dragged?.classList.add("is-dragged");
  if (dragged && event.dataTransfer) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const over = itemOf(event.target);
  if (!dragged || !over || over === dragged || over.parentElement !== dragged.parentElement || over.dataset.orderGroup !== dragged.dataset.orderGroup) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  const [item, before] = [dragged, neighbour(dragged, "nextElementSibling")];
  moved = moved.finally(() => place(item, before));
  dragged = null;
});
