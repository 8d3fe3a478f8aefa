// The events in view and the numbers beside the map: both from one answer, so that they always agree.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { areaOf } from "../map/layers.js";
import { L, largestRing } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { nameOf, word } from "../core/i18n.js";
import { EventCanvas } from "./canvas.js";
import { drawLegend } from "./legend.js";
import { activeFilters, colourBy, layer, regionLevel } from "./query.js";
import { CELL, drawRegions, fillRegionTable, regionMeasure } from "./regions.js";
import { drawEventShapes } from "./shapes.js";
import { classOf, onColourScheme, radiusOf, rankValues } from "./styles.js";

const ONE = 5;
const OTHER = 6;
// Pixels of an area's number: its box, a digit, the padding, its height; and of the ring that replaces it.
/** @type {[number, number]} */
const PILL = [48, 26];
const DIGIT = 7.6;
const SIDES = 9;
const TALL = 22;
/** @type {[number, number]} */
const RING = [16, 16];
const canvas = new EventCanvas();
const areas = L.layerGroup();
const shapes = L.layerGroup();
const regions = L.layerGroup();
/** @type {Ranks} */
let ranked = { category: new Map(), actor: new Map() };
/** @type {FacetLabels} */
let facetLabels = { category: new Map(), actor: new Map() };
/** @type {LeafletMap} */
let map;
/** @type {(hit: EventHit) => void} */
let act;
/** @type {DrawnView | null} */
let answer = null;

/**
 * Add the events to the map; `base` is the summary of the layer, `pick` is called with what was clicked.
 * @param {LeafletMap} leafletMap
 * @param {EventSummary} base
 * @param {(hit: EventHit) => void} pick
 */
export function wireEventLayer(leafletMap, base, pick) {
  map = leafletMap;
  act = pick;
  ranked = { category: rankValues(base.facets.category), actor: rankValues(base.facets.actor) };
  facetLabels = { category: labelsOf(base.facets.category), actor: labelsOf(base.facets.actor) };
  for (const overlay of [regions, areas, shapes, canvas]) overlay.addTo(map);
  map.on("click", ({ latlng }) => press(latlng));
  map.on("mousemove", ({ latlng }) => { if (!map.dragging.moving()) map.getContainer().classList.toggle("over", under(latlng)); });
  onColourScheme(render);
}

/** @param {FacetItem[]} items */
const labelsOf = (items) => new Map(items.map((item) => [item.id, item.label]));

/**
 * Return the bounds of the map as the server takes them: west,south,east,north.
 * @returns {string}
 */
export function viewBounds() {
  const bounds = map.getBounds();
  const [west, south, east, north] = [Math.max(-180, bounds.getWest()), Math.max(-85, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(85, bounds.getNorth())];
  return [west, south, east, north].map((degrees) => degrees.toFixed(5)).join(",");
}

/** Fetch and draw the events in view; return the answer, null if a newer request replaced it. */
export async function refreshView() {
  const by = regionLevel();
  const [view, regionAnswer] = await Promise.all([
    api.queryEvents(layer, "view", { ...activeFilters(), bbox: viewBounds(), zoom: map.getZoom() }),
    by ? api.queryEvents(layer, "regions", { ...activeFilters(), by }) : null,
  ]);
  if (!view || (by && !regionAnswer)) return null;
  answer = { ...view, regions: regionAnswer };
  render();
  return answer;
}

function render() {
  if (!answer) return;
  canvas.points = [];
  canvas.cells = null;
  if (answer.regions) drawRegions(regions, answer.regions);
  else regions.clearLayers();
  if (!answer.regions && answer.mode === "points") canvas.points = points(answer);
  if (!answer.regions && answer.mode === "density") {
    canvas.cells = cells(answer);
    canvas.side = answer.cell;
  }
  canvas.outlines = (answer.regions ? [] : answer.areas).flatMap((area) => {
    const feature = areaOf(area)?.feature;
    return feature?.geometry ? [feature] : [];
  });
  canvas.draw();
  drawAreas(answer.regions ? [] : answer.areas);
  drawEventShapes(shapes, answer.regions ? [] : answer.shapes.features, ranked, (id) => act({ ids: [id] }));
  fillRegionTable(answer.regions);
  drawLegend(answer, { ranked, labels: facetLabels });
}

/** @param {EventView} view */
function points(view) {
  const by = colourBy();
  const positions = view.lon.map((lon, at) => ({
    lon, lat: view.lat[at], id: view.id[at], deaths: view.deaths[at], metres: view.u[at],
    rank: by === "deaths" ? 0 : ranked[by].get(view[by][at]) ?? OTHER,
    radius: by === "deaths" ? radiusOf(view.deaths[at]) : ONE,
    hollow: by === "deaths" && !view.deaths[at],
    // The position on the canvas is set when it is drawn.
    at: L.point(Infinity, Infinity),
  }));
  // The largest first, so that small ones are drawn over them.
  return positions.sort((a, b) => b.radius - a.radius || b.rank - a.rank);
}

/** @param {EventView} view */
function cells(view) {
  const at = CELL[regionMeasure()];
  const most = Math.max(1, ...view.cells.map((cell) => cell[at]));
  return new Map(view.cells.map((cell) => [`${cell[0]}/${cell[1]}`, { ...spanOf(cell[0], cell[1], view.cell), step: cell[at] ? classOf(cell[at], most) : null }]));
}

/**
 * Return the bounds of a cell: the world is a square of `size` cells a side in Web Mercator, from its north-west corner.
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function spanOf(x, y, size) {
  /** @param {number} at */
  const lon = (at) => (at / size) * 360 - 180;
  /** @param {number} at */
  const lat = (at) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * at) / size))) * 180) / Math.PI;
  return { west: lon(x), east: lon(x + 1), north: lat(y), south: lat(y + 1) };
}

/**
 * Draw the number of events whose position is known only as an area; they are never drawn as points.
 * @param {AreaCount[]} items
 */
function drawAreas(items) {
  areas.clearLayers();
  /** @type {{ x: number, y: number, half: number }[]} */
  const occupied = [];
  for (const { area, count, deaths } of [...items].sort((a, b) => b.count - a.count)) {
    const entry = areaOf({ area });
    if (!entry?.feature.geometry) continue;
    const at = middle(entry.feature);
    const number = count.toLocaleString("en");
    const name = word("events_area", { name: nameOf(entry.feature.properties), count: number });
    const free = hasRoom(map.latLngToLayerPoint(at), number.length, occupied);
    const icon = L.divIcon({ className: `events-pill${free ? "" : " crowded"}`, html: element("span", {}, free ? number : ""), iconSize: free ? PILL : RING });
    const marker = L.marker(at, { icon, title: name, alt: name, zIndexOffset: free ? 0 : -500 });
    marker.on("add", () => marker.getElement()?.setAttribute("aria-label", name));
    /** @param {Event} event */
    const open = (event) => { event.stopPropagation(); act({ area: entry, count, deaths }); };
    marker.on("click", ({ originalEvent }) => open(originalEvent));
    marker.on("keydown", ({ originalEvent }) => { if (originalEvent.key === "Enter") open(originalEvent); });
    marker.addTo(areas);
  }
  labels.placeLabels(map);
}

/**
 * Tell whether a number has room at a point among those already placed, and reserve it.
 * @param {{ x: number, y: number }} options
 * @param {number} digits
 * @param {{ x: number, y: number, half: number }[]} occupied
 * @returns {boolean}
 */
function hasRoom({ x, y }, digits, occupied) {
  const half = (digits * DIGIT) / 2 + SIDES;
  if (occupied.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < TALL)) return false;
  return Boolean(occupied.push({ x, y, half }));
}

/**
 * Return the position of an area's number: the middle of its largest part.
 * @param {Feature} feature
 */
function middle(feature) {
  const [area] = /** @type {L.Polygon[]} */ (L.geoJSON(/** @type {GeoJSON.Feature} */ (feature)).getLayers());
  return L.latLngBounds(largestRing(area)).getCenter();
}

/** @param {LatLng} latlng */
const under = (latlng) => Boolean(canvas.cells ? canvas.cellUnder(latlng) : canvas.under(latlng).length);

/** @param {LatLng} latlng */
function press(latlng) {
  if (document.body.classList.contains("picking")) return;
  const cell = canvas.cellUnder(latlng);
  if (cell) { map.fitBounds([[cell.south, cell.west], [cell.north, cell.east]], { maxZoom: map.getZoom() + 2 }); return; }
  const hits = canvas.under(latlng);
  if (hits.length) act({ ids: hits.map((point) => point.id) });
}

/**
 * Draw a ring around the selected event; null removes it.
 * @param {LatLng | null} position
 */
export function highlightPosition(position) {
  canvas.selected = position;
  canvas.draw();
}

/**
 * Show how many of the filtered events are in view, by the answer that is drawn.
 * @param {DrawnView} view
 * @param {EventSummary} summary
 */
export function showCounts(view, summary) {
  /** @param {number} count */
  const number = (count) => element("bdi", { dir: "ltr" }, count.toLocaleString("en"));
  const visible = view.regions ? view.regions.items.reduce((sum, item) => sum + item.count, 0) : view.count;
  const [shown, all] = [visible, summary.count].map((count) => `\u2066${count.toLocaleString("en")}\u2069`);
  find("events-count").replaceChildren(element("strong", {}, word(view.regions ? "events_in_areas" : "events_in_view", { shown, all })));
  const parts = /** @type {[string, number][]} */ ([
    ["events_of_layer", summary.count < summary.rows ? summary.rows : 0], ["events_areas", summary.areas],
    ["events_unplaced", summary.unplaced], ["events_flagged", summary.flagged],
  ]).filter(([, count]) => count);
  find("events-more").replaceChildren(...parts.flatMap(([key, count], at) => [at ? " · " : "", word(key), "\u00a0", number(count)]));
}
