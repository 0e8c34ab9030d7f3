// Starts what makes staff pages live. Everything also works as plain pages and forms before this has loaded.
import { StreamActions, visit } from "@hotwired/turbo";
import { Application } from "@hotwired/stimulus";
import { fetchWhereNeeded } from "./rare.js";
import { keepDetailsOpen, keepOpenMenus, keepPanels } from "./morph.js";
import { openLiveStream } from "./live.js";
import AlertsController from "./controllers/alerts.js";
import AttachmentsController from "./controllers/attachments.js";
import { InsertionsController, MentionsController } from "./controllers/caret-menus.js";
import ComposerController from "./controllers/composer.js";
import KeysController from "./controllers/keys.js";
import ListController from "./controllers/list.js";
import MarkupController from "./controllers/markup.js";
import MenuController from "./controllers/menu.js";
import PaletteController from "./controllers/palette.js";
import PresenceController from "./controllers/presence.js";
import RefreshController from "./controllers/refresh.js";
import { AutosubmitController, ConnectionController, CopyController, DialogController, SideController, ThemeController } from "./controllers/small.js";
import TalkController from "./controllers/talk.js";
import TimeController from "./controllers/time.js";
import ToastController from "./controllers/toast.js";

const application = Application.start();
application.register("alerts", AlertsController);
application.register("attachments", AttachmentsController);
application.register("autosubmit", AutosubmitController);
application.register("composer", ComposerController);
application.register("connection", ConnectionController);
application.register("copy", CopyController);
application.register("dialog", DialogController);
application.register("keys", KeysController);
application.register("list", ListController);
application.register("insertions", InsertionsController);
application.register("markup", MarkupController);
application.register("mentions", MentionsController);
application.register("menu", MenuController);
application.register("palette", PaletteController);
application.register("presence", PresenceController);
application.register("refresh", RefreshController);
application.register("side", SideController);
application.register("talk", TalkController);
application.register("theme", ThemeController);
application.register("time", TimeController);
application.register("toast", ToastController);

fetchWhereNeeded(application, {
  condition: () => import("./controllers/condition.js"),
  held: () => import("./controllers/held.js"),
  returned: () => import("./controllers/returned.js"),
  suggestions: () => import("./controllers/suggestions.js"),
  translation: () => import("./controllers/translation.js"),
});

keepDetailsOpen();
keepOpenMenus();
keepPanels();

// An answer may arrive when its reader has gone on to another ticket, whose page has the same places: it comes too late.
document.addEventListener("turbo:before-stream-render", (event) => {
  const ticket = /** @type {HTMLElement} */ (event.target).dataset.ofTicket;
  if (ticket && document.querySelector("[data-ticket]")?.getAttribute("data-ticket") !== ticket) event.preventDefault();
});

// What was done to a page leads away from it, and what was said of it stays in sight: toasts outlive the page.
StreamActions.visit = function () {
  visit(this.getAttribute("target") ?? location.href);
};

// A file that misses its place would be opened instead of the page that somebody is working in.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    const { dataTransfer } = /** @type {DragEvent} */ (event);
    const field = event.target instanceof HTMLInputElement && event.target.type === "file";
    if (event.defaultPrevented || field || !dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    dataTransfer.dropEffect = "none";
  });
}

// For tests and for nobody else: from here on keys and buttons do what they say.
requestAnimationFrame(() => (document.documentElement.dataset.ready = "true"));

const stream = document.querySelector('meta[name="live-stream"]')?.getAttribute("content");
if (stream) openLiveStream(stream);
