// The map page: wires its parts, nothing else.

import { wireCard } from "./claim-card.js";
import { find } from "../core/dom.js";
import { wireDrop } from "../core/file-drop.js";
import { wireEdit } from "../edit/edit.js";
import { drawLegend } from "./legend.js";
import { load, show } from "./layers.js";
import { createMap } from "./leaflet.js";
import * as labels from "./labels.js";
import { fillLists } from "./feature-list.js";
import { measureFrom, pickFeature, restore, wireMeasure } from "../measure/measure.js";
import { wireSearch } from "./search.js";
import { select } from "./selection.js";
import { lower, raise, wireSheet } from "./bottom-sheet.js";
import { get } from "../core/state.js";
import { drawSwitches, sayFailed, wanted } from "./layer-control.js";
import { drawTimeline } from "./timeline.js";
import { sayUnfetched } from "../core/fetch-error.js";
import { boot } from "../core/i18n.js";

wireSheet();
wireDrop(boot.signed_in);
const map = createMap();

let acted = false;

function act(id, how = {}) {
  acted = true;
  if (pickFeature(id)) return;
  lower();
  select(map, id, how);
}

document.addEventListener("masafa:select", ({ detail }) => act(detail, { focus: true }));
drawSwitches(map);
wireMeasure(map, act, () => raise(1));
wireEdit(map, act, () => raise(1));
const failed = await load(map, act);
for (const layer of boot.layers) show(map, layer.id, wanted(layer));
sayFailed(map, failed, act);
wireSearch(act, measureFrom);
const follow = () => {
  drawLegend();
  drawTimeline(act);
  return fillLists(act);
};
const missed = () => sayUnfetched(find("layers"));
document.addEventListener("masafa:loaded", () => follow().catch(missed));
map.on("moveend zoomend", () => labels.settle(map));
document.fonts.ready.then(() => labels.settle(map));
await Promise.all([follow().catch(missed), wireCard(map).catch(missed), restore()]);
// Who was faster than the last answers keeps what they chose.
if (!acted && get("at")) select(map, get("at"));
else if (!acted && !get("m")) select(map, boot.claim_features[0], { open: false, move: false });
document.documentElement.dataset.ready = "true";
