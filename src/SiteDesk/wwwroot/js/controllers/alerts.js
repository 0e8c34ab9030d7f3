import { Controller } from "@hotwired/stimulus";

/**
 * Tells the agent of what came for them: a count in the title always, a sound and a desktop notification when they have
 * switched them on in this browser. Several tabs hear the same signal; a lock lets only one of them speak.
 */
export default class AlertsController extends Controller {
  connect() {
    this.unseen = 0;
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("live:notification", (event) => this.alert(/** @type {CustomEvent} */ (event).detail), { signal });
    document.addEventListener("visibilitychange", () => this.seen(), { signal });
    document.addEventListener("turbo:load", () => this.title(), { signal });
    this.showChoices();
  }

  disconnect() {
    this.abort?.abort();
  }

  /** @param {{ id?: string | number, title?: string, body?: string, url?: string }} notice */
  alert(notice) {
    if (document.visibilityState === "hidden") {
      this.unseen = (this.unseen ?? 0) + 1;
      this.title();
    }
    navigator.locks.request(`sitedesk-alert:${notice.id}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      if (isOn("alert-sound")) chime();
      if (isOn("alert-desktop") && document.visibilityState === "hidden") showOnDesktop(notice);
      // Held for a moment, so that a tab that hears later does not repeat it.
      await new Promise((done) => setTimeout(done, 2_000));
    });
  }

  seen() {
    if (document.visibilityState !== "visible") return;
    this.unseen = 0;
    this.title();
  }

  title() {
    const plain = document.title.replace(/^\(\d+\) /, "");
    document.title = this.unseen ? `(${this.unseen}) ${plain}` : plain;
  }

  /** @param {Event} event */
  toggleSound(event) {
    const on = /** @type {HTMLInputElement} */ (event.target).checked;
    localStorage.setItem("alert-sound", on ? "on" : "off");
    if (on) chime();
  }

  /** @param {Event} event */
  async toggleDesktop(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    // Phones and addresses without HTTPS know no notifications at all: that is a refusal, too.
    const granted = box.checked && "Notification" in window && (await Notification.requestPermission()) === "granted";
    localStorage.setItem("alert-desktop", granted ? "on" : "off");
    const refused = /** @type {HTMLElement | undefined} */ (this.targets.find("refused"));
    if (refused) refused.hidden = granted || !box.checked;
    box.checked = granted;
  }

  showChoices() {
    const sound = /** @type {HTMLInputElement | undefined} */ (this.targets.find("sound"));
    const desktop = /** @type {HTMLInputElement | undefined} */ (this.targets.find("desktop"));
    if (sound) sound.checked = isOn("alert-sound");
    if (desktop) desktop.checked = isOn("alert-desktop") && "Notification" in window && Notification.permission === "granted";
  }
}

/** @param {string} name */
function isOn(name) {
  return localStorage.getItem(name) === "on";
}

/** @param {{ id?: string | number, title?: string, body?: string, url?: string }} notice */
function showOnDesktop(notice) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(notice.title ?? document.title, { body: notice.body, tag: String(notice.id) });
  shown.addEventListener("click", () => {
    focus();
    if (notice.url) location.assign(notice.url);
    shown.close();
  });
}

/** Two soft notes, made here rather than loaded. */
function chime() {
  const audio = new AudioContext();
  for (const [note, start] of [[659.25, 0], [880, 0.11]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = "sine";
    tone.frequency.value = note;
    const from = audio.currentTime + start;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.12, from + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.4);
  }
  setTimeout(() => audio.close(), 1_000);
}
