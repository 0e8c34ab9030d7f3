// What only the settings need: the widget's sketch, progress. The rest is the workspace's.
import { Application } from "@hotwired/stimulus";
import AgainController from "./controllers/again.js";
import SketchController from "./controllers/sketch.js";

const application = Application.start();
application.register("again", AgainController);
application.register("sketch", SketchController);

// On narrow screens the rooms are one line that scrolls: the room one is in must not lie outside of it.
const showRoom = () => document.querySelector('.side-nav [aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("turbo:load", showRoom);
showRoom();
