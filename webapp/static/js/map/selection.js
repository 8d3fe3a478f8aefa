// One feature at a time is selected: lit on the map and in the lists, with its popup; an area is outlined meanwhile.

import { find } from "../core/dom.js";
import { index } from "./layers.js";
import { L, fit, inSight, openInSight, popupOptions } from "./leaflet.js";
import { popup } from "./popup.js";
import { drawRelations } from "./relations.js";
import { put } from "../core/state.js";
import { nameOf } from "../core/i18n.js";

let current = null;
let outline = null;
let ties = null;
let opener = null;

const named = (id) => (index.has(id) ? nameOf(index.get(id).feature.properties) : id);
const areaOf = (p) => (p.area ? index.get(p.area.split("/").pop()) : null);

/** Select a feature. `marker` or `at` say where; `focus` moves the keyboard into the popup, `open: false` shows none, `move: false` stays. */
export function select(map, id, { marker = null, at = null, focus = false, open = true, move = true } = {}) {
  const entry = index.get(id);
  if (!entry) return;
  clear(map);
  current = id;
  opener = document.activeElement;
  if (open) put({ at: id });
  for (const row of document.querySelectorAll(`[data-row="${CSS.escape(id)}"]`)) row.setAttribute("aria-pressed", "true");
  for (const one of entry.markers) one.getElement()?.classList.add("selected");
  ties = open ? drawRelations(map, entry) : null;
  const position = at || (move && placeOf(map, entry, marker));
  if (position && open) show(map, entry, position, focus);
}

/** Where a feature stands: its marker, its line's or area's middle; brought into view where it is not. */
function placeOf(map, entry, marker) {
  const one = marker || entry.markers[0];
  if (one || entry.feature.geometry?.type.endsWith("Point")) {
    const position = one ? one.getLatLng() : L.latLng(entry.feature.geometry.coordinates.flat().slice(0, 2).toReversed());
    if (!inSight(map, position)) fit(map, position.toBounds(80_000), { maxZoom: Math.max(map.getZoom(), 8) });
    return position;
  }
  const area = entry.feature.geometry ? entry : areaOf(entry.feature.properties);
  if (!area?.feature.geometry) return null;
  outline = L.geoJSON(area.feature, { pane: "area", interactive: false, style: { className: classOf(area) } }).addTo(map);
  const bounds = outline.getBounds();
  fit(map, bounds, { maxZoom: 9 });
  return bounds.getCenter();
}

const classOf = (area) => (area.feature.geometry.type.includes("Polygon") ? "area-held" : "line-held");

function show(map, entry, position, focus) {
  const made = L.popup({ ...popupOptions(), autoClose: true, closeOnClick: true, offset: [0, entry.markers.length ? -8 : 0] })
    .setLatLng(position).setContent(popup(entry, named));
  made.on("remove", () => { if (current === entry.feature.id) clear(map); });
  openInSight(made, map);
  made.getElement().addEventListener("keydown", (event) => { if (event.key === "Escape") dismiss(map); });
  if (focus) made.getElement().querySelector(".popup").focus({ preventScroll: true });
}

/** Close the popup and give the keyboard back to what opened it. */
function dismiss(map) {
  const back = opener;
  map.closePopup();
  if (back?.isConnected) back.focus();
  else find("map").focus();
}

function clear(map) {
  if (!current) return;
  // What was deleted meanwhile is selected no more, and has no marker.
  const markers = index.get(current)?.markers || [];
  current = null;
  for (const row of document.querySelectorAll('[data-row][aria-pressed="true"]')) row.setAttribute("aria-pressed", "false");
  for (const one of markers) one.getElement()?.classList.remove("selected");
  outline?.remove();
  ties?.remove();
  outline = ties = null;
  put({ at: null });
}
