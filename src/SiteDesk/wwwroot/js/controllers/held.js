import { Controller } from "@hotwired/stimulus";

/** Under a held answer: back to the text, knowing now what came. */
export default class HeldController extends Controller {
  goOn() {
    const seen = document.getElementById("seen");
    if (seen instanceof HTMLInputElement) seen.value = this.data.get("seen") ?? seen.value;
    document.getElementById("held")?.replaceChildren();
    document.getElementById("composer-text")?.focus();
  }
}
