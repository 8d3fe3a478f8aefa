// Lines and areas of the layers: each in the class of its layer, with its name.

import { element } from "../core/dom.js";
import * as labels from "./labels.js";
import { pointsOf, simpleGeometries } from "../core/geometry.js";
import { L, largestRing, visibleBounds } from "./leaflet.js";
import { drawPoints } from "./markers.js";
import { nameOf, word } from "../core/i18n.js";

const NEAR = new Set(["country-iq", "country-sy"]);
const PARALLELS = 10;
const SPOTS = 5;
const MAIN_BORDER = "border-iq-sy";

/** @type {Record<string, (p: FeatureProperties, id: string) => string>} */
const CLASSES = {
  backdrop: (p) => (p.kind === "lake" ? "lake" : "ground"),
  countries: (_, id) => (NEAR.has(id) ? "country" : "country far"),
  governorates: () => "governorate",
  rivers: () => "river",
  borders: (_, id) => (id === MAIN_BORDER ? "border main" : "border"),
  "borders-alternatives": () => "border alternative",
  wall: () => "wall",
};
const CLICKABLE = new Set(["wall", "borders", "borders-alternatives", "rivers"]);
/** The class of a name, its priority and the zooms it shows at. @type {Record<string, (id: string) => [string, number, [number, number]]>} */
const NAMES = {
  countries: (id) => ["country-name", NEAR.has(id) ? 60 : 20, [3, 8.5]],
  governorates: () => ["governorate-name", 15, [6.75, 11]],
  rivers: () => ["river-name", 18, [6.5, 14]],
};

/**
 * Draw a line or an area into its layer's group, and store the shape in the entry.
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LeafletGroup} group
 * @param {Act} act
 */
export function drawShape(map, entry, group, act) {
  const { feature, layer } = entry;
  if (!CLASSES[layer]) { drawOwn(entry, group, act); return; }
  const options = { pane: layer, interactive: false, smoothFactor: 0.7 };
  const classes = CLASSES[layer](feature.properties, feature.id);
  const casing = { wall: "wall-casing", [MAIN_BORDER]: "casing" }[layer === "wall" ? layer : feature.id];
  if (casing) group.addLayer(L.geoJSON(feature, { ...options, style: { className: casing } }));
  // A region such as north-east Syria is outlined only while it is selected.
  const hidden = feature.properties.kind === "region" || feature.properties.kind === "territory";
  const interactive = CLICKABLE.has(layer);
  const shape = L.geoJSON(feature, { ...options, interactive, style: { className: classes } });
  entry.shape = shape;
  if (interactive) shape.on("click", (event) => { L.DomEvent.stopPropagation(event); act(feature.id, { at: event.latlng }); });
  if (hidden) return;
  group.addLayer(shape);
  if (layer === "wall") nameWall(map, shape, group);
  else if (NAMES[layer]) nameShape(map, entry, shape, group);
}

/**
 * Draw a feature of a user's layer: clickable lines and areas, and points with symbol and name.
 * @param {Entry} entry
 * @param {LeafletGroup} group
 * @param {Act} act
 */
function drawOwn(entry, group, act) {
  const { feature } = entry;
  const parts = simpleGeometries(feature.geometry);
    const shape = L.featureGroup(parts.filter(({ type }) => type !== "Point").map((geometry) => L.geoJSON(geometry, {
    pane: "own", style: { className: geometry.type === "LineString" ? "own-line" : "own-line own-area" },
  })));
  entry.shape = shape;
  shape.on("click", (event) => { L.DomEvent.stopPropagation(event); act(feature.id, { at: event.latlng }); });
  group.addLayer(shape);
  drawPoints(entry, pointsOf(feature.geometry), group, act);
}

/**
 * @param {LeafletMap} map
 * @param {Entry} entry
 * @param {LeafletGeoJSON} shape
 * @param {LeafletGroup} group
 */
function nameShape(map, entry, shape, group) {
  const { feature, layer } = entry;
  const [kind, priority, zooms] = NAMES[layer](feature.id);
  const icon = L.divIcon({ className: `area-label ${kind}`, html: element("span", {}, nameOf(feature.properties)), iconSize: [0, 0] });
  const spots = () => labelPoints(map, shape, layer);
  const marker = L.marker(spots()[0], { icon, interactive: false, keyboard: false });
  group.addLayer(marker);
  labels.addLabel(map, marker, priority, zooms, spots);
}

/**
 * @param {LeafletMap} map
 * @param {LeafletGeoJSON} shape
 * @param {LeafletGroup} group
 */
function nameWall(map, shape, group) {
  const text = element("span", {}, word("wall_label"), element("small", {}, word("illustration")));
  const icon = L.divIcon({ className: "unseen-icon", html: "", iconSize: [0, 0] });
  const holder = L.marker(labelPoints(map, shape, "wall")[0], { interactive: false, keyboard: false, icon });
  holder.bindTooltip(text, {
    permanent: true, direction: "right", className: "place-label wall-name", offset: [12, 0],
  });
  group.addLayer(holder);
  labels.addLabel(map, holder, 70, [6, 14]);
}

/**
 * Return positions for a name, the best first: along a line, or inside the visible part of the largest ring of an area.
 * @param {LeafletMap} map
 * @param {LeafletGeoJSON} shape
 * @param {string} layer
 */
function labelPoints(map, shape, layer) {
  const [part] = /** @type {L.Polyline[]} */ (shape.getLayers());
  if (layer === "wall" || layer === "rivers") {
    const flat = /** @type {LatLng[]} */ (part.getLatLngs().flat(3));
    const shares = layer === "wall" ? [0.5, 0.7, 0.85, 0.3] : [0.4, 0.3, 0.5, 0.2, 0.6, 0.7, 0.8];
    const points = shares.map((share) => flat[Math.floor(flat.length * share)]);
    const near = points.filter((point) => visibleBounds(map).contains(point));
    return near.length ? near : points;
  }
  const largest = largestRing(part);
  const bounds = L.latLngBounds(largest);
  return stretches(largest, visibleBounds(map).intersects(bounds) ? visibleBounds(map) : bounds, bounds);
}

/**
 * Return the middles of the segments of some parallels inside a ring and a box, the widest first.
 * @param {LatLng[]} ring
 * @param {LatLngBounds} box
 * @param {LatLngBounds} bounds
 */
function stretches(ring, box, bounds) {
  const south = Math.max(box.getSouth(), bounds.getSouth());
  const north = Math.min(box.getNorth(), bounds.getNorth());
  const candidates = [];
  for (let step = 1; step < PARALLELS; step += 1) {
    const lat = south + ((north - south) * step) / PARALLELS;
    const cuts = crossings(ring, lat);
    for (let index = 0; index + 1 < cuts.length; index += 2) {
      const [west, east] = [Math.max(cuts[index], box.getWest()), Math.min(cuts[index + 1], box.getEast())];
      // Prefers the middle of the box among segments of about the same width.
      const width = (east - west) * (1 - 0.3 * Math.abs((2 * step) / PARALLELS - 1));
      if (width > 0) candidates.push({ width, at: L.latLng(lat, (west + east) / 2) });
    }
  }
  candidates.sort((a, b) => b.width - a.width);
  return candidates.length ? candidates.slice(0, SPOTS).map((candidate) => candidate.at) : [bounds.getCenter()];
}

/**
 * @param {LatLng[]} ring
 * @param {number} lat
 */
function crossings(ring, lat) {
  /** @type {number[]} */
  const cuts = [];
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length];
    if ((a.lat > lat) !== (b.lat > lat)) cuts.push(a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng));
  });
  return cuts.sort((a, b) => a - b);
}
