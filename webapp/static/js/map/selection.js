// The selected feature: highlighted on the map and in the lists, with its popup, and its area outlined.

import { find, first } from "../core/dom.js";
import { areaOf, featureName, index } from "./layers.js";
import { L, fitBounds, isVisible, openVisible, popupOptions, toLatLng } from "./leaflet.js";
import { popupContent } from "./popup.js";
import { drawRelations } from "./relations.js";
import { setParams } from "../core/state.js";
import { pointsOf } from "../core/geometry.js";

/** @type {string | null} */
let current = null;
/** @type {LeafletGeoJSON | null} */
let outline = null;
/** @type {LeafletGroup | null} */
let ties = null;
/** @type {Element | null} */
let opener = null;


/**
 * Select a feature. `marker` or `at` is its position; `focus` moves the focus into the popup, `open: false` opens none, `move: false` leaves the map.
 * @param {LeafletMap} map
 * @param {string} id
 * @param {SelectOptions} [options]
 */
export function selectFeature(map, id, { marker = null, at = null, focus = false, open = true, move = true } = {}) {
  const entry = index.get(id);
  if (!entry) return;
  clear();
  current = id;
  opener = document.activeElement;
  if (open) setParams({ at: id });
  for (const row of document.querySelectorAll(`[data-row="${CSS.escape(id)}"]`)) row.setAttribute("aria-pressed", "true");
  for (const symbol of entry.markers) symbol.getElement()?.classList.add("selected");
  ties = open ? drawRelations(map, entry) : null;
  const position = at || (move && placeOf(map, entry, marker));
  if (position && open) show(map, entry, position, focus);
}

/**
 * Return the position of a feature, that of its marker or the middle of its bounds, and bring it into view.
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LeafletMarker | null} marker
 */
function placeOf(map, entry, marker) {
  const symbol = marker || entry.markers[0];
  if (symbol || entry.feature.geometry?.type.endsWith("Point")) {
    const position = symbol ? symbol.getLatLng() : toLatLng(pointsOf(entry.feature.geometry)[0]);
    if (!isVisible(map, position)) fitBounds(map, position.toBounds(80_000), { maxZoom: Math.max(map.getZoom(), 8) });
    return position;
  }
  const area = entry.feature.geometry ? entry : areaOf(entry.feature.properties);
  if (!area?.feature.geometry) return null;
  outline = L.geoJSON(area.feature, { pane: "area", interactive: false, style: { className: classOf(area) } }).addTo(map);
  const bounds = outline.getBounds();
  fitBounds(map, bounds, { maxZoom: 9 });
  return bounds.getCenter();
}

/** @param {Entry} area */
const classOf = (area) => (area.feature.geometry?.type.includes("Polygon") ? "area-held" : "line-held");

/**
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LatLng} position
 * @param {boolean} focus
 */
function show(map, entry, position, focus) {
  const dialog = L.popup({ ...popupOptions(), autoClose: true, closeOnClick: true, offset: [0, entry.markers.length ? -8 : 0] })
    .setLatLng(position).setContent(popupContent(entry, featureName));
  dialog.on("remove", () => { if (current === entry.feature.id) clear(); });
  openVisible(dialog, map);
  const node = dialog.getElement();
  node?.addEventListener("keydown", (event) => { if (event.key === "Escape") dismiss(map); });
  if (focus && node) first(".popup", node).focus({ preventScroll: true });
}

/**
 * Close the popup and return the focus to what opened it.
 * @param {LeafletMap} map
 */
function dismiss(map) {
  const back = opener;
  map.closePopup();
  if (back instanceof HTMLElement && back.isConnected) back.focus();
  else find("map").focus();
}

function clear() {
  if (!current) return;
  // A feature that was deleted meanwhile has no marker.
  const markers = index.get(current)?.markers || [];
  current = null;
  for (const row of document.querySelectorAll('[data-row][aria-pressed="true"]')) row.setAttribute("aria-pressed", "false");
  for (const symbol of markers) symbol.getElement()?.classList.remove("selected");
  outline?.remove();
  ties?.remove();
  outline = ties = null;
  setParams({ at: null });
}
