// Lines and areas of the layers: each by the class of its layer, with its name where there is room.

import { element } from "../core/dom.js";
import * as labels from "./labels.js";
import { simple } from "../core/geometry.js";
import { L, seen } from "./leaflet.js";
import { drawPoints } from "./markers.js";
import { nameOf, word } from "../core/i18n.js";

const NEAR = new Set(["country-iq", "country-sy"]);
const PARALLELS = 10;
const SPOTS = 5;
const MAIN_BORDER = "border-iq-sy";

const CLASSES = {
  backdrop: (p) => (p.kind === "lake" ? "lake" : "ground"),
  countries: (p, id) => (NEAR.has(id) ? "country" : "country far"),
  governorates: () => "governorate",
  rivers: () => "river",
  borders: (p, id) => (id === MAIN_BORDER ? "border main" : "border"),
  "borders-alternatives": () => "border alternative",
  wall: () => "wall",
};
const CLICKABLE = new Set(["wall", "borders", "borders-alternatives", "rivers"]);
const NAMES = {
  countries: (p, id) => ["country-name", NEAR.has(id) ? 60 : 20, [3, 8.5]],
  governorates: () => ["governorate-name", 15, [6.75, 11]],
  rivers: () => ["river-name", 18, [6.5, 14]],
};

/** Draw a line or an area into its layer's group, and keep the shape in the entry. */
export function drawShape(map, entry, group, act) {
  const { feature, layer } = entry;
  if (!CLASSES[layer]) { drawOwn(entry, group, act); return; }
  const options = { pane: layer, interactive: false, smoothFactor: 0.7 };
  const classes = CLASSES[layer](feature.properties, feature.id);
  const casing = { wall: "wall-casing", [MAIN_BORDER]: "casing" }[layer === "wall" ? layer : feature.id];
  if (casing) group.addLayer(L.geoJSON(feature, { ...options, style: { className: casing } }));
  // A region such as north-east Syria is held for questions; it is outlined only while it is asked about.
  const hidden = feature.properties.kind === "region" || feature.properties.kind === "territory";
  const interactive = CLICKABLE.has(layer);
  entry.shape = L.geoJSON(feature, { ...options, interactive, style: { className: classes } });
  if (interactive) entry.shape.on("click", (event) => { L.DomEvent.stopPropagation(event); act(feature.id, { at: event.latlng }); });
  if (hidden) return;
  group.addLayer(entry.shape);
  if (layer === "wall") nameWall(map, entry, group);
  else if (NAMES[layer]) nameShape(map, entry, group);
}

/** A layer of the user's own: lines and areas each the way to what is known of it, points under their sign and name. */
function drawOwn(entry, group, act) {
  const { feature } = entry;
  const parts = simple(feature.geometry);
  const points = parts.filter(({ type }) => type === "Point");
  entry.shape = L.featureGroup(parts.filter(({ type }) => type !== "Point").map((geometry) => L.geoJSON(geometry, {
    pane: "own", style: { className: geometry.type === "LineString" ? "own-line" : "own-line own-area" },
  })));
  entry.shape.on("click", (event) => { L.DomEvent.stopPropagation(event); act(feature.id, { at: event.latlng }); });
  group.addLayer(entry.shape);
  drawPoints(entry, points.map(({ coordinates }) => coordinates), group, act);
}

function nameShape(map, entry, group) {
  const { feature, layer } = entry;
  const [kind, priority, zooms] = NAMES[layer](feature.properties, feature.id);
  const icon = L.divIcon({ className: `area-label ${kind}`, html: element("span", {}, nameOf(feature.properties)), iconSize: [0, 0] });
  const spots = () => labelPoints(map, entry.shape, layer);
  const marker = L.marker(spots()[0], { icon, interactive: false, keyboard: false });
  group.addLayer(marker);
  labels.add(map, marker, priority, zooms, spots);
}

function nameWall(map, entry, group) {
  const text = element("span", {}, word("wall_label"), element("small", {}, word("illustration")));
  const icon = L.divIcon({ className: "unseen-icon", html: "", iconSize: [0, 0] });
  const holder = L.marker(labelPoints(map, entry.shape, "wall")[0], { interactive: false, keyboard: false, icon });
  holder.bindTooltip(text, {
    permanent: true, direction: "right", className: "place-label wall-name", offset: [12, 0],
  });
  group.addLayer(holder);
  labels.add(map, holder, 70, [6, 14]);
}

/** Points to write a name at, the best first: along a line; inside the largest part of an area, in what is seen of it. */
function labelPoints(map, shape, layer) {
  const part = shape.getLayers()[0];
  if (layer === "wall" || layer === "rivers") {
    const flat = part.getLatLngs().flat(3);
    const shares = layer === "wall" ? [0.5, 0.7, 0.85, 0.3] : [0.4, 0.3, 0.5, 0.2, 0.6, 0.7, 0.8];
    const points = shares.map((share) => flat[Math.floor(flat.length * share)]);
    const near = points.filter((point) => seen(map).contains(point));
    return near.length ? near : points;
  }
  const rings = part.getLatLngs();
  const outer = Array.isArray(rings[0][0]) ? rings.map((polygon) => polygon[0]) : [rings[0]];
  const largest = outer.reduce((best, ring) => (ring.length > best.length ? ring : best), []);
  const whole = L.latLngBounds(largest);
  return stretches(largest, seen(map).intersects(whole) ? seen(map) : whole, whole);
}

/** The middles of the stretches of some parallels that lie inside a ring and inside a box, the widest first. */
function stretches(ring, box, whole) {
  const south = Math.max(box.getSouth(), whole.getSouth());
  const north = Math.min(box.getNorth(), whole.getNorth());
  const found = [];
  for (let step = 1; step < PARALLELS; step += 1) {
    const lat = south + ((north - south) * step) / PARALLELS;
    const cuts = crossings(ring, lat);
    for (let index = 0; index + 1 < cuts.length; index += 2) {
      const [west, east] = [Math.max(cuts[index], box.getWest()), Math.min(cuts[index + 1], box.getEast())];
      // Towards the middle of what is seen, for as long as it is about as wide there.
      const width = (east - west) * (1 - 0.3 * Math.abs((2 * step) / PARALLELS - 1));
      if (width > 0) found.push({ width, at: L.latLng(lat, (west + east) / 2) });
    }
  }
  found.sort((a, b) => b.width - a.width);
  return found.length ? found.slice(0, SPOTS).map((one) => one.at) : [whole.getCenter()];
}

function crossings(ring, lat) {
  const cuts = [];
  ring.forEach((a, index) => {
    const b = ring[(index + 1) % ring.length];
    if ((a.lat > lat) !== (b.lat > lat)) cuts.push(a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng));
  });
  return cuts.sort((a, b) => a - b);
}
