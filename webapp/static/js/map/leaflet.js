// The map. Only this file imports Leaflet.

import * as L from "../../../leaflet/leaflet-src.esm.js";
import { closest, find, first, lookup } from "../core/dom.js";
import { wireMarkerFocus } from "./marker-focus.js";
import { getParam, setParams } from "../core/state.js";
import { quantity, rtl, word } from "../core/i18n.js";

export { L };

/**
 * Return a position of GeoJSON as Leaflet writes it.
 * @param {GeoJSON.Position} position longitude, latitude
 */
export const toLatLng = ([lon, lat]) => L.latLng(lat, lon);

/**
 * Return the outer ring of the part of an area that has the most vertices.
 * @param {L.Polyline | L.Polygon} area
 */
export function largestRing(area) {
  const rings = /** @type {LatLng[][] | LatLng[][][]} */ (area.getLatLngs());
  const outer = /** @type {LatLng[][]} */ (Array.isArray(rings[0][0]) ? rings.map((polygon) => polygon[0]) : [rings[0]]);
  return outer.reduce((best, ring) => (ring.length > best.length ? ring : best));
}

/** Whether the panel is a sheet over the map. */
export const narrow = matchMedia("(max-width: 719px)");
/** Whether the claim card has no room beside the map. */
export const compact = matchMedia("(max-width: 1099px)");
/** Whether motion is to be reduced. */
export const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

// The draw order is fixed by panes, not by the order of loading.
const PANES = ["backdrop", "countries", "governorates", "rivers", "borders", "borders-alternatives", "wall", "own", "area",
  "spread", "places", "events", "measure"];
// The first view: the prison, the announced wall and the border between them; and what a narrow screen can show of it.
/** @type {[number, number][]} */
const PITCH = [[34.25, 40.45], [37.12, 42.35]];
/** @type {[number, number][]} */
const NARROW_PITCH = [[35.45, 40.55], [36.95, 42.15]];

// Leaflet brings a focused marker to the edge of the map, where a panel may cover it.
L.Marker.mergeOptions({ autoPanOnFocus: false });

// Whether a move begun by `fitBounds` is under way.
let underway = false;

/** The scale of Leaflet, its unit in the page's language. */
class Scale extends L.Control.Scale {
  /**
   * @override
   * @param {HTMLElement} scale
   * @param {string} text
   * @param {number} ratio
   */
  _updateScale(scale, text, ratio) {
    super._updateScale(scale, "", ratio);
    const [number, unit] = text.split(" ");
    // Leaflet's controls read left to right; the quantity reads as the page does.
    if (rtl) scale.dir = "rtl";
    scale.replaceChildren(quantity({ number, unit }));
  }
}

/**
 * Return the map with its panes and controls, at the view of the address.
 * @returns {L.Map}
 */
export function createMap() {
  const map = L.map("map", { zoomControl: false, minZoom: 3, maxZoom: 14, zoomSnap: 0.25, worldCopyJump: true, fadeAnimation: !reducedMotion.matches, zoomAnimation: !reducedMotion.matches });
  map.on("moveend", () => { underway = false; });
  PANES.forEach((name, index) => { map.createPane(name).style.zIndex = String(300 + index * 10); });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: rtl ? "topright" : "topleft", zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") }).addTo(map);
  new Scale({ position: rtl ? "bottomleft" : "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
  const view = (getParam("map") || "").split("/").map(Number);
  if (view.length === 3 && view.every(Number.isFinite) && Math.abs(view[1]) <= 85) map.setView([view[1], view[2]], view[0]);
  else fitBounds(map, L.latLngBounds(narrow.matches ? NARROW_PITCH : PITCH), { animate: false });
  // Leaflet moves a map under an open popup with an animation of its own.
  if (reducedMotion.matches) map.panBy = (by, options) => L.Map.prototype.panBy.call(map, by, { ...options, animate: false });
  keepPressed(map.getContainer());
  wireMarkerFocus(map, (marker) => bringInside(map, marker.getLatLng()));
  map.on("popupopen", ({ popup }) => {
    const button = first(".leaflet-popup-close-button", popup.getElement());
    for (const name of ["aria-label", "title"]) button.setAttribute(name, word("close_popup"));
  });
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    setParams({ map: `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}` });
  });
  return map;
}

/**
 * Ignore a click that began in a popup and ended outside because the map moved under it: it must not close the popup.
 * @param {HTMLElement} container
 */
function keepPressed(container) {
  /** @type {Element | null} */
  let pressed = null;
  container.addEventListener("pointerdown", (event) => { pressed = closest(event, ".leaflet-popup"); }, true);
  container.addEventListener("click", (event) => {
    if (event.detail && pressed && !(event.target instanceof Node && pressed.contains(event.target))) event.stopPropagation();
  }, true);
}

/**
 * Return what covers the map at its edges, as paddings that Leaflet takes.
 * @returns {{ paddingTopLeft: [number, number], paddingBottomRight: [number, number] }}
 */
function covered() {
  const handle = narrow.matches && lookup("handle");
  // A panel beside the map covers nothing.
  if (!handle && !document.body.classList.contains("map-page")) return { paddingTopLeft: [40, 40], paddingBottomRight: [40, 40] };
  const panel = find("panel").getBoundingClientRect();
  if (handle) {
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

/**
 * Return the part of the map that nothing covers.
 * @param {LeafletMap} map
 * @returns {L.LatLngBounds}
 */
export function visibleBounds(map) {
  const { paddingTopLeft, paddingBottomRight } = covered();
  const size = map.getSize();
  return L.latLngBounds(map.containerPointToLatLng(paddingTopLeft), map.containerPointToLatLng(size.subtract(paddingBottomRight)));
}

/**
 * Bring bounds into the part of the map that nothing covers.
 * @param {LeafletMap} map
 * @param {LatLngBounds} bounds
 * @param {{ animate?: boolean, maxZoom?: number }} [options]
 */
export function fitBounds(map, bounds, { animate = true, maxZoom = 10 } = {}) {
  // End a move that is under way, so that its "moveend" comes before this one begins.
  map._stop();
  underway = true;
  map.fitBounds(bounds, { ...covered(), maxZoom, animate: animate && !reducedMotion.matches });
}

// What the controls at the edges of the map take.
const CONTROLS = 24;

/**
 * Move the map as little as brings a position where neither a panel nor a control covers it.
 * @param {LeafletMap} map
 * @param {LatLng} position
 */
function bringInside(map, position) {
  const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = covered();
  map.panInside(position, {
    paddingTopLeft: [left + CONTROLS, top + CONTROLS], paddingBottomRight: [right + CONTROLS, bottom + CONTROLS], animate: !reducedMotion.matches,
  });
}

/**
 * Tell whether a position lies where nothing covers the map.
 * @param {LeafletMap} map
 * @param {LatLng} position
 * @returns {boolean}
 */
export function isVisible(map, position) {
  return visibleBounds(map).contains(position);
}

/**
 * Return options of a popup that stays clear of the panel and the card; on a narrow screen it takes the full width.
 * @returns {L.PopupOptions}
 */
export function popupOptions() {
  const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = covered();
  const edge = narrow.matches ? 8 : 0;
  return {
    maxWidth: 320, minWidth: 240, maxHeight: Math.max(160, Math.min(innerHeight * 0.46, innerHeight - top - bottom - 50)), closeButton: true,
    autoPanPaddingTopLeft: [edge || left, top], autoPanPaddingBottomRight: [edge || right, bottom],
  };
}

/**
 * Open a popup and keep it visible while parts of it are opened and closed, and when the map stops moving.
 * @param {LeafletPopup} popup
 * @param {LeafletMap} map
 */
export function openVisible(popup, map) {
  const keepVisible = () => {
    // The "toggle" event comes a moment later: the popup may be closed by then.
    if (!popup.isOpen()) return;
    popup.options.autoPan = true;
    // Popup.update would remove and insert the content again, and lose the focus in it.
    popup._updateLayout();
    popup._updatePosition();
    popup._adjustPan();
  };
  popup.options.autoPan = !underway;
  popup.openOn(map);
  popup.getElement()?.addEventListener("toggle", keepVisible, true);
  if (underway) map.once("moveend", keepVisible);
}
