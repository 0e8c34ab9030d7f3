// A morph makes the page equal to what the server sent. What the reader has opened is the reader's, not the server's.
export function keepDetailsOpen() {
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    const { attributeName } = /** @type {CustomEvent} */ (event).detail;
    const element = /** @type {Element} */ (event.target);
    if (attributeName === "open" && (element.localName === "details" || element.localName === "dialog")) event.preventDefault();
    if (attributeName === "data-side-open" || attributeName === "aria-expanded") event.preventDefault();
  });
}
