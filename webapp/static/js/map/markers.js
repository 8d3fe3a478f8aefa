// Markers of sites and events with their circles of uncertainty, and of towns at large scales.

import { element } from "../core/dom.js";
import * as labels from "./labels.js";
import { numberedName, pointsOf } from "../core/geometry.js";
import { L, toLatLng } from "./leaflet.js";
import { symbol, symbolOf } from "./symbols.js";
import { localized, nameOf, rtl } from "../core/i18n.js";

const TOWN_ZOOM = 8.5;
const TOWNS_SHOWN = 40;
const SAME_PLACE = 1000;
// What a finger or an unsteady hand hits: WCAG 2.2, 2.5.8.
const TARGET = 24;

/**
 * Return the accessible name of a marker.
 * @param {Entry} entry
 * @returns {string}
 */
export function markerTitle(entry) {
  const p = entry.feature.properties;
  return p.date_text ? `${nameOf(p)}, ${localized(p.date_text)}` : nameOf(p) || entry.feature.id;
}

/**
 * Draw a site or an event into its layer's group; an event with two points has two markers.
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LeafletGroup} group
 * @param {Act} act
 */
export function drawMarkers(map, entry, group, act) {
  const p = entry.feature.properties;
  const points = pointsOf(entry.feature.geometry);
  for (const marker of drawPoints(entry, points, group, act)) {
    marker.bindTooltip(element("span", {}, nameOf(p)), {
      permanent: entry.layer === "sites", direction: rtl ? "left" : "right", className: "place-label", offset: [rtl ? -9 : 9, 0],
    });
    if (entry.layer === "sites") labels.addLabel(map, marker, 80 + (p.priority || 0), p.placeholder ? [8, 99] : [0, 99]);
  }
}

/**
 * Draw the points of a feature, each with circle, symbol and name; return the markers.
 * @param {Entry} entry
 * @param {GeoJSON.Position[]} points
 * @param {LeafletGroup} group
 * @param {Act} act
 * @returns {L.Marker[]}
 */
export function drawPoints(entry, points, group, act) {
  const p = entry.feature.properties;
  return points.map(([lon, lat], at) => {
    const metres = p.coordinateUncertaintyInMeters;
    if (metres && metres > 0) group.addLayer(spread(lat, lon, metres, p));
    const marker = markerOf(entry, lat, lon, numberedName(markerTitle(entry), at, points.length), act);
    group.addLayer(marker);
    entry.markers.push(marker);
    return marker;
  });
}

/**
 * @param {number} lat
 * @param {number} lon
 * @param {number} metres
 * @param {FeatureProperties} p
 */
function spread(lat, lon, metres, p) {
  const className = p.placeholder ? "spread placeholder" : "spread";
  return L.circle([lat, lon], { pane: "spread", radius: metres, className, interactive: false });
}

/**
 * @param {Entry} entry
 * @param {number} lat
 * @param {number} lon
 * @param {string} name
 * @param {Act} act
 * @param {string} [className]
 */
function markerOf(entry, lat, lon, name, act, className = "sign") {
  const p = entry.feature.properties;
  const icon = L.divIcon({ className, html: symbol(symbolOf(p)), iconSize: [TARGET, TARGET] });
  const marker = L.marker([lat, lon], { icon, riseOnHover: true, zIndexOffset: (p.priority || 0) * 10 });
  marker.on("add", () => {
    const node = marker.getElement();
    node?.setAttribute("aria-label", name);
    // The sites have their name beside them.
    if (entry.layer !== "sites") node?.setAttribute("title", name);
    if (node) node.dataset.id = entry.feature.id;
  });
  marker.on("click", (event) => { L.DomEvent.stopPropagation(event); act(entry.feature.id, { marker }); });
  marker.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(entry.feature.id, { marker, focus: true });
  });
  return marker;
}

/**
 * Return a group that draws the larger towns in view from a zoom on, but for those that are sites.
 * @param {LeafletMap} map
 * @param {Entry[]} entries
 * @param {Act} act
 * @param {Entry[]} sites
 */
export function townsLayer(map, entries, act, sites) {
  const group = L.layerGroup();
  /** @type {Map<Entry, LeafletMarker>} */
  const shown = new Map();
  const ordered = entries.toSorted((a, b) => (b.feature.properties.population || 0) - (a.feature.properties.population || 0))
    .filter((entry) => !sites.some((site) => isSameTown(site, entry)));
  function renew() {
    /** @type {Set<Entry>} */
    const wanted = new Set();
    if (map.hasLayer(group) && map.getZoom() >= TOWN_ZOOM) {
      const view = map.getBounds();
      for (const entry of ordered) {
        const [[lon, lat]] = pointsOf(entry.feature.geometry);
        if (view.contains([lat, lon])) wanted.add(entry);
        if (wanted.size === TOWNS_SHOWN) break;
      }
    }
    for (const [entry, marker] of shown) {
      if (wanted.has(entry)) continue;
      labels.removeLabels(new Set([marker]));
      group.removeLayer(marker);
      entry.markers.length = 0;
      shown.delete(entry);
    }
    for (const entry of wanted) if (!shown.has(entry)) shown.set(entry, drawTown(map, entry, group, act));
  }
  map.on("moveend", renew);
  group.on("add", renew);
  group.on("remove", renew);
  return group;
}

/**
 * @param {Entry} site
 * @param {Entry} place
 */
function isSameTown(site, place) {
  if (!["city", "town"].includes(site.feature.properties.kind ?? "")) return false;
  const [a, b] = [site, place].map((entry) => toLatLng(pointsOf(entry.feature.geometry)[0]));
  return a.distanceTo(b) < SAME_PLACE;
}

/**
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LeafletGroup} group
 * @param {Act} act
 */
function drawTown(map, entry, group, act) {
  const [[lon, lat]] = pointsOf(entry.feature.geometry);
  const marker = markerOf(entry, lat, lon, markerTitle(entry), act, "sign small");
  marker.bindTooltip(element("span", {}, nameOf(entry.feature.properties)), {
    permanent: true, direction: rtl ? "left" : "right", className: "place-label town-name", offset: [rtl ? -7 : 7, 0],
  });
  group.addLayer(marker);
  entry.markers.push(marker);
  labels.addLabel(map, marker, 10 + (entry.feature.properties.priority || 0), [TOWN_ZOOM, 99]);
  return marker;
}
