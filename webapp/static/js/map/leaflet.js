// The map itself. Only this file knows which Leaflet this is.

import * as L from "../../../leaflet/leaflet-src.esm.js";
import { find } from "../core/dom.js";
import { get, put } from "../core/state.js";
import { quantity, rtl, word } from "../core/i18n.js";

export { L };

export const narrow = matchMedia("(max-width: 719px)");
export const compact = matchMedia("(max-width: 1099px)");
export const still = matchMedia("(prefers-reduced-motion: reduce)");

// Draw order is fixed by panes, never by which file came first.
const PANES = ["backdrop", "countries", "governorates", "rivers", "borders", "borders-alternatives", "wall", "own", "area",
  "spread", "places", "events", "measure"];
// The prison, the announced wall and the border between them; what a narrow screen can show of it.
const PITCH = [[34.25, 40.45], [37.12, 42.35]];
const NARROW_PITCH = [[35.45, 40.55], [36.95, 42.15]];

// Whether `fit` is still bringing the map somewhere.
let underway = false;

const Scale = L.Control.Scale.extend({
  // The scale of Leaflet, its unit in the page's language.
  _updateScale(scale, text, ratio) {
    L.Control.Scale.prototype._updateScale.call(this, scale, "", ratio);
    const [number, unit] = text.split(" ");
    scale.replaceChildren(quantity({ number, unit }));
  },
});

/** @returns {L.Map} the map with its panes and controls, at the view of the address. */
export function createMap() {
  const map = L.map("map", { zoomControl: false, minZoom: 3, maxZoom: 14, zoomSnap: 0.25, worldCopyJump: true, fadeAnimation: !still.matches, zoomAnimation: !still.matches });
  map.on("moveend", () => { underway = false; });
  PANES.forEach((name, index) => { map.createPane(name).style.zIndex = String(300 + index * 10); });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: rtl ? "topright" : "topleft", zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") }).addTo(map);
  new Scale({ position: rtl ? "bottomleft" : "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
  const held = (get("map") || "").split("/").map(Number);
  if (held.length === 3 && held.every(Number.isFinite) && Math.abs(held[1]) <= 85) map.setView([held[1], held[2]], held[0]);
  else fit(map, L.latLngBounds(narrow.matches ? NARROW_PITCH : PITCH), { animate: false });
  // Leaflet moves a map under an open popup with an animation of its own.
  if (still.matches) map.panBy = (by, options) => L.Map.prototype.panBy.call(map, by, { ...options, animate: false });
  keepPressed(map.getContainer());
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    put({ map: `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}` });
  });
  return map;
}

/** Where a press began in a popup and the map moved under it before its end, it is none on the map, and closes nothing. */
function keepPressed(container) {
  let pressed = null;
  container.addEventListener("pointerdown", ({ target }) => { pressed = target.closest(".leaflet-popup"); }, true);
  container.addEventListener("click", (event) => {
    if (event.detail && pressed && !pressed.contains(event.target)) event.stopPropagation();
  }, true);
}

/** @returns {object} what covers the map at its edges, as paddings that Leaflet takes. */
function covered() {
  const sheet = narrow.matches && find("handle");
  // Where the panel stands beside the map, nothing covers it.
  if (!sheet && !document.body.classList.contains("map-page")) return { paddingTopLeft: [40, 40], paddingBottomRight: [40, 40] };
  const panel = find("panel").getBoundingClientRect();
  if (sheet) {
    return { paddingTopLeft: [44, 92], paddingBottomRight: [44, Math.min(innerHeight - panel.top, innerHeight * 0.55) + 36] };
  }
  const card = find("card");
  const start = panel.width + 64;
  const end = compact.matches || card.hidden ? 40 : card.offsetWidth + 40;
  const below = find("timeline").offsetHeight + 44;
  return {
    paddingTopLeft: [rtl ? end : start, 32],
    paddingBottomRight: [rtl ? start : end, below],
  };
}

/** @returns {L.LatLngBounds} the part of the map that nothing covers. */
export function seen(map) {
  const { paddingTopLeft, paddingBottomRight } = covered();
  const size = map.getSize();
  return L.latLngBounds(map.containerPointToLatLng(paddingTopLeft), map.containerPointToLatLng(size.subtract(paddingBottomRight)));
}

/** Bring bounds into the part of the map that nothing covers. */
export function fit(map, bounds, { animate = true, maxZoom = 10 } = {}) {
  // What still runs ends here, and says so before this begins.
  map._stop();
  underway = true;
  map.fitBounds(bounds, { ...covered(), maxZoom, animate: animate && !still.matches });
}

/** @returns {boolean} whether a position lies where nothing covers the map. */
export function inSight(map, position) {
  return seen(map).contains(position);
}

/** @returns {object} options of a popup that keeps clear of the panel and the card; on a narrow screen it takes the whole width. */
export function popupOptions() {
  const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = covered();
  const edge = narrow.matches ? 8 : 0;
  return {
    maxWidth: 320, minWidth: 240, maxHeight: Math.max(160, Math.min(innerHeight * 0.46, innerHeight - top - bottom - 50)), closeButton: true,
    autoPanPaddingTopLeft: [edge || left, top], autoPanPaddingBottomRight: [edge || right, bottom],
  };
}

/** Open a popup and let it stay in sight: as parts of it are opened and closed, and as the map comes to rest under it. */
export function openInSight(popup, map) {
  const settle = () => {
    // The browser tells of a part that was opened a moment later: the popup may be closed by then.
    if (!popup.isOpen()) return;
    popup.options.autoPan = true;
    // Its own update would take the content out and in again, and the keyboard's place with it.
    popup._updateLayout();
    popup._updatePosition();
    popup._adjustPan();
  };
  popup.options.autoPan = !underway;
  popup.openOn(map);
  popup.getElement().addEventListener("toggle", settle, true);
  if (underway) map.once("moveend", settle);
}
