import { Controller } from "@hotwired/stimulus";

const minute = 60_000;

/**
 * Keeps a relative time true while the page stays open. The server writes the words; this only goes on counting,
 * in the page's own language.
 */
export default class TimeController extends Controller {
  connect() {
    this.timer = setInterval(() => this.write(), minute);
    this.write();
  }

  disconnect() {
    clearInterval(this.timer);
  }

  write() {
    const at = Date.parse(this.element.getAttribute("datetime") ?? "");
    if (Number.isNaN(at)) return;
    const minutes = Math.round((at - Date.now()) / minute);
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });
    const [amount, unit] =
      Math.abs(minutes) < 60 ? [minutes, "minute"] : Math.abs(minutes) < 60 * 24 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
    if (Math.abs(Number(amount)) > 6 && unit === "day") return;
    this.element.textContent = format.format(Number(amount), /** @type {Intl.RelativeTimeFormatUnit} */ (unit));
  }
}
