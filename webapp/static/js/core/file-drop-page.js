// A page that takes files and has no other script.

import { wireDrop } from "./file-drop.js";
import { boot } from "./i18n.js";

wireDrop(boot.signed_in);
document.documentElement.dataset.ready = "true";
