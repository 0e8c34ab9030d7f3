import { Controller } from "@hotwired/stimulus";

/** Light, dark, or as the system has it. Kept in a cookie, so that the server writes it into the page before the first paint. */
export default class ThemeController extends Controller {
  connect() {
    this.show();
  }

  /** @param {{ params: { choice?: string }, currentTarget: EventTarget | null }} event */
  choose(event) {
    const choice = event.params.choice ?? "system";
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
    this.show();
  }

  show() {
    const now = document.documentElement.dataset.theme ?? "system";
    for (const item of this.targets.findAll("choice")) {
      item.setAttribute("aria-checked", String(item.getAttribute("data-theme-choice-param") === now));
    }
  }
}
