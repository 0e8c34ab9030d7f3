// A morph makes the page equal to what the server sent. What the reader has opened is the reader's, not the server's.
export function keepDetailsOpen() {
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    const { attributeName } = /** @type {CustomEvent} */ (event).detail;
    const element = /** @type {Element} */ (event.target);
    if (attributeName === "open" && (element.localName === "details" || element.localName === "dialog")) event.preventDefault();
    if (attributeName === "data-side-open" || attributeName === "aria-expanded") event.preventDefault();
  });
}

/** A menu that is open is being read, or typed into: it is made equal the next time. */
export function keepOpenMenus() {
  document.addEventListener("turbo:before-morph-element", (event) => {
    if (/** @type {HTMLElement} */ (event.target).matches(":popover-open")) event.preventDefault();
  });
}

/** A panel beside a ticket has loaded itself and keeps itself fresh: the page around it must not empty it again. */
export function keepPanels() {
  document.addEventListener("turbo:before-morph-element", (event) => {
    const panel = /** @type {HTMLElement} */ (event.target);
    const next = /** @type {HTMLElement | undefined} */ (/** @type {CustomEvent} */ (event).detail.newElement);
    if (panel.localName !== "turbo-frame" || !panel.id.startsWith("panel-") || !next) return;
    if (addressOf(panel) === addressOf(next)) event.preventDefault();
  });
}

/** @param {Element} frame */
const addressOf = (frame) => new URL(frame.getAttribute("src") ?? "", location.href).href;
