// A page that takes files and has no other script.

import { wireDrop } from "./drop.js";
import { boot } from "./words.js";

wireDrop(boot.signed_in);
document.documentElement.dataset.ready = "true";
