// The map page: wires its parts, nothing else.

import { wireCard } from "./claim-card.js";
import { find } from "../core/dom.js";
import { wireDrop } from "../core/file-drop.js";
import { showImportNotice } from "../core/import-notice.js";
import { wireEdit } from "../edit/edit.js";
import { drawLegend } from "./legend.js";
import { loadLayers, setLayerShown } from "./layers.js";
import { createMap } from "./leaflet.js";
import * as labels from "./labels.js";
import { fillLists } from "./feature-list.js";
import { measureFrom, pickFeature, restore, wireMeasure } from "../measure/measure.js";
import { wireSearch } from "./search.js";
import { selectFeature } from "./selection.js";
import { lowerBottomSheet, raiseBottomSheet, wireBottomSheet } from "./bottom-sheet.js";
import { getParam } from "../core/state.js";
import { drawLayerControl, isWanted, showFailedLayers } from "./layer-control.js";
import { drawTimeline } from "./timeline.js";
import { showFetchError } from "../core/fetch-error.js";
import { pageContext } from "../core/i18n.js";

wireBottomSheet();
wireDrop(pageContext.signed_in);
showImportNotice();
const map = createMap();

let acted = false;

/**
 * @param {string} id
 * @param {SelectOptions} [how]
 */
function act(id, how = {}) {
  acted = true;
  if (pickFeature(id)) return;
  lowerBottomSheet();
  selectFeature(map, id, how);
}

document.addEventListener("masafa:select", ({ detail }) => act(detail, { focus: true }));
drawLayerControl(map);
wireMeasure(map, act, () => raiseBottomSheet(1));
wireEdit(map, act, () => raiseBottomSheet(1));
const failed = await loadLayers(map, act);
for (const layer of pageContext.layers) setLayerShown(map, layer.id, isWanted(layer));
showFailedLayers(map, failed, act);
wireSearch(act, measureFrom);
const follow = () => {
  drawLegend();
  drawTimeline(act);
  return fillLists(act);
};
const missed = () => showFetchError(find("layers"));
document.addEventListener("masafa:loaded", () => follow().catch(missed));
map.on("moveend zoomend", () => labels.placeLabels(map));
document.fonts.ready.then(() => labels.placeLabels(map));
await Promise.all([follow().catch(missed), wireCard(map).catch(missed), restore()]);
// A selection made before the last answers came is not replaced.
const selected = getParam("at");
if (!acted && selected) selectFeature(map, selected);
else if (!acted && !getParam("m")) selectFeature(map, pageContext.claim_features[0], { open: false, move: false });
document.documentElement.dataset.ready = "true";
