// A page that takes files and has no other script.

import { wireDrop } from "./file-drop.js";
import { pageContext } from "./i18n.js";

wireDrop(pageContext.signed_in);
document.documentElement.dataset.ready = "true";
