// Which part of the panel is seen: what was found, the tool, or the layers and lists.

import { find } from "../core/dom.js";

let searching = false;
let measuring = false;

function update() {
  find("hits").hidden = !searching;
  find("tool").hidden = searching || !measuring;
  find("browse").hidden = searching || measuring;
}

/** Show what a search found, or go back to what was seen before. */
export function showHits(on) {
  searching = on;
  update();
}

/** Show the tool, or go back to the lists. */
export function showTool(on) {
  measuring = on;
  if (on) searching = false;
  update();
}
