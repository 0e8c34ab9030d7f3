// What only the settings need: the widget's sketch, progress. The rest is the workspace's.
import { Application } from "@hotwired/stimulus";
import AgainController from "./controllers/again.js";
import SketchController from "./controllers/sketch.js";

const application = Application.start();
application.register("again", AgainController);
application.register("sketch", SketchController);

// Where the rooms open by a button, the one that one is in must not lie outside of what is shown.
document.addEventListener(
  "toggle",
  (event) => {
    const rooms = /** @type {Element} */ (event.target);
    if (rooms.id === "rooms") rooms.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
  },
  true,
);
