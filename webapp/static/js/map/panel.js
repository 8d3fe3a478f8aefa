// Which part of the panel is shown: search results, the tool, or the layers and lists.

import { find } from "../core/dom.js";

let searching = false;
let measuring = false;

function update() {
  find("hits").hidden = !searching;
  find("tool").hidden = searching || !measuring;
  find("browse").hidden = searching || measuring;
}

/**
 * Show or hide the search results.
 * @param {boolean} on
 */
export function showHits(on) {
  searching = on;
  update();
}

/**
 * Show the tool, or return to the lists.
 * @param {boolean} on
 */
export function showTool(on) {
  measuring = on;
  if (on) searching = false;
  update();
}
