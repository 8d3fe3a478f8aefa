// The claim card: one claim reported beside measured, drawn on the map while the card is open.

import * as api from "../core/api.js";
import { find } from "../core/dom.js";
import { drawMeasurement } from "../measure/measurement-overlay.js";
import { index } from "./layers.js";
import { compact, fitBounds } from "./leaflet.js";
import { getParam, hadView, setParams } from "../core/state.js";
import { pageContext } from "../core/i18n.js";

/** @type {MeasurementOverlay | null} */
let overlay = null;

/**
 * Place the card, wire its button, and draw its claim.
 * @param {LeafletMap} map
 */
export async function wireCard(map) {
  const card = find("card");
  const home = card.parentElement;
  const place = () => (compact.matches ? find("browse").prepend(card) : home?.append(card));
  compact.addEventListener("change", place);
  place();
  find("card-close").addEventListener("click", () => {
    card.hidden = true;
    setParams({ claim: "none" });
    overlay?.erase();
    find("search-text").focus();
  });
  if (card.hidden) return;
  const collection = await api.executeGeojson("claims", { of: pageContext.claim });
  if (card.hidden) return;
  const drawing = drawMeasurement(map, collection);
  overlay = drawing;
  if (getParam("claim") && !hadView) showClaim(map, drawing.group.getBounds());
}

/**
 * Bring the measurements of a claim into view, else the features it names.
 * @param {LeafletMap} map
 * @param {LatLngBounds} box
 */
function showClaim(map, box) {
  if (!box.isValid()) {
    for (const id of pageContext.claim_features) {
      const entry = index.get(id);
      for (const marker of entry?.markers || []) box.extend(marker.getLatLng());
      if (entry?.shape) box.extend(entry.shape.getBounds());
    }
  }
  if (box.isValid()) fitBounds(map, box, { maxZoom: 9 });
}
