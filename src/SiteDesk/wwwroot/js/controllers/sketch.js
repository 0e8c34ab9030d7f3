import { Controller } from "@hotwired/stimulus";

/**
 * The sketch of the widget beside its settings follows what is typed and chosen, before anything is saved. Fields say with
 * data-sketch-part which part of it they are: greeting, position, theme, color.
 */
export default class SketchController extends Controller {
  connect() {
    this.draw();
  }

  draw() {
    const sketch = /** @type {HTMLElement | undefined} */ (this.targets.find("sketch"));
    if (!sketch) return;
    const shown = this.value("language") || document.documentElement.lang;
    sketch.dataset.position = this.value("position") || "end";
    sketch.dataset.theme = this.theme();
    sketch.style.setProperty("--offset", `${Math.min(200, Math.max(0, Number(this.value("offset")) || 0)) / 4}px`);
    const color = sketch.dataset.color ?? "";
    if (/^#[0-9a-f]{6}$/i.test(color)) {
      sketch.style.setProperty("--site-color", color);
      sketch.style.setProperty("--site-ink", readableOn(color));
    }
    const greeting = /** @type {HTMLElement | undefined} */ (this.targets.find("greeting"));
    const field = /** @type {HTMLTextAreaElement | null} */ (this.element.querySelector(`[data-sketch-greeting="${shown}"]`));
    if (greeting && field) {
      greeting.textContent = field.value.trim() || field.placeholder;
      greeting.lang = shown;
    }
    const words = /** @type {HTMLElement | null} */ (this.element.querySelector('select[data-sketch-part="language"] option:checked'));
    for (const word of words ? this.targets.findAll("word") : []) {
      word.textContent = words?.dataset[/** @type {HTMLElement} */ (word).dataset.word ?? ""] ?? "";
      /** @type {HTMLElement} */ (word).lang = shown;
    }
    for (const part of this.targets.findAll("part")) {
      const box = /** @type {HTMLInputElement | null} */ (this.element.querySelector(`[name="${part.getAttribute("data-shown-by")}"]`));
      /** @type {HTMLElement} */ (part).hidden = !!box && !box.checked;
    }
  }

  theme() {
    const wished = this.value("theme");
    if (wished === "light" || wished === "dark") return wished;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  /** @param {string} part */
  value(part) {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.element.querySelectorAll(`[data-sketch-part="${part}"]`));
    const chosen = [...fields].find((field) => field.type !== "radio" || field.checked);
    return chosen?.value ?? "";
  }
}

/** @param {string} color @returns {string} black or white, whichever reads better */
function readableOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
