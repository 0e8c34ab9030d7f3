// What only the settings need: the widget's sketch. The rest is the workspace's.
import { Application } from "@hotwired/stimulus";
import SketchController from "./controllers/sketch.js";

const application = Application.start();
application.register("sketch", SketchController);
