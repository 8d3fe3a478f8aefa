// The pickers of a page with a form.

import { all } from "../core/dom.js";
import { makePicker } from "./picker.js";

for (const input of all("input[data-picker]", HTMLInputElement)) makePicker(input);
document.documentElement.dataset.pickers = "true";
