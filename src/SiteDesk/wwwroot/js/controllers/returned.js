import { Controller } from "@hotwired/stimulus";

/**
 * What the server gives back of a reply that was taken back. It is no part of the page: it hands itself to the composer, which
 * may hold newer words than the server knows, and goes.
 * @extends {Controller<HTMLElement>}
 */
export default class ReturnedController extends Controller {
  connect() {
    const detail = { text: this.data.get("text") ?? "", files: [...this.element.children] };
    document.getElementById("composer")?.dispatchEvent(new CustomEvent("composer:returned", { detail }));
    this.element.remove();
  }
}
