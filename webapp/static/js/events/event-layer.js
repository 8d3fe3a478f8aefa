// The picture of the events in view and the numbers beside it: both of one answer, so that they always agree.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { index } from "../map/layers.js";
import { L } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { nameOf, word } from "../core/i18n.js";
import { Picture } from "./canvas.js";
import { drawLegend } from "./legend.js";
import { asked, colouring, layer, regionsBy } from "./query.js";
import { CELL, drawRegions, measure, writeRegions } from "./regions.js";
import { drawShapes } from "./shapes.js";
import { onColours, ranks, sizeOf, step } from "./styles.js";

const ONE = 5;
const OTHER = 6;
// Pixels of an area's number: its box, a digit, what is beside the digits, its height; and of the ring in its stead.
const PILL = [48, 26];
const DIGIT = 7.6;
const SIDES = 9;
const TALL = 22;
const RING = [16, 16];
const picture = new Picture();
const areas = L.layerGroup();
const shapes = L.layerGroup();
const regions = L.layerGroup();
let ranked = {};
let called = {};
let map = null;
let act = null;
let answer = null;

/** Put the picture on the map; `base` counts the whole layer, `pick` is called with the ids that were pressed. */
export function wirePicture(held, base, pick) {
  map = held;
  act = pick;
  ranked = { category: ranks(base.facets.category), actor: ranks(base.facets.actor) };
  called = Object.fromEntries(["category", "actor"].map((name) => [name, new Map(base.facets[name].map((one) => [one.id, one.label]))]));
  for (const one of [regions, areas, shapes, picture]) one.addTo(map);
  map.on("click", ({ latlng }) => press(latlng));
  map.on("mousemove", ({ latlng }) => { if (!map.dragging.moving()) map.getContainer().classList.toggle("over", under(latlng)); });
  onColours(render);
}

/** @returns {string} the part of the map in view, as the server takes it. */
export function box() {
  const held = map.getBounds();
  const [west, south, east, north] = [Math.max(-180, held.getWest()), Math.max(-85, held.getSouth()), Math.min(180, held.getEast()), Math.min(85, held.getNorth())];
  return [west, south, east, north].map((one) => one.toFixed(5)).join(",");
}

/** Ask what is in view and draw it; @returns {Promise<object | null>} the answer, null where a newer question came. */
export async function look() {
  const by = regionsBy();
  const questions = [api.events(layer, "view", { ...asked(), bbox: box(), zoom: map.getZoom() }), by ? api.events(layer, "regions", { ...asked(), by }) : {}];
  const [view, shares] = await Promise.all(questions);
  if (!view || !shares) return null;
  answer = { ...view, regions: by ? shares : null };
  render();
  return answer;
}

function render() {
  if (!answer) return;
  Object.assign(picture, { points: [], cells: null });
  if (answer.regions) drawRegions(regions, answer.regions);
  else regions.clearLayers();
  if (!answer.regions && answer.mode === "points") picture.points = points(answer);
  if (!answer.regions && answer.mode === "density") Object.assign(picture, { cells: cells(answer), side: answer.cell });
  picture.outlines = (answer.regions ? [] : answer.areas).map(({ area }) => index.get(area.split("/").pop())?.feature).filter((one) => one?.geometry);
  picture.draw();
  drawAreas(answer.regions ? [] : answer.areas);
  drawShapes(shapes, answer.regions ? [] : answer.shapes.features, ranked, (id) => act({ ids: [id] }));
  writeRegions(answer.regions);
  drawLegend(answer, { ranked, labels: called });
}

function points(view) {
  const by = colouring();
  const made = view.lon.map((lon, at) => ({
    lon, lat: view.lat[at], id: view.id[at], deaths: view.deaths[at], metres: view.u[at],
    rank: by === "deaths" ? 0 : ranked[by].get(view[by][at]) ?? OTHER,
    radius: by === "deaths" ? sizeOf(view.deaths[at]) : ONE,
    hollow: by === "deaths" && !view.deaths[at],
  }));
  // The largest first: what is small is drawn over it.
  return made.sort((a, b) => b.radius - a.radius || b.rank - a.rank);
}

function cells(view) {
  const at = CELL[measure()];
  const most = Math.max(1, ...view.cells.map((one) => one[at]));
  return new Map(view.cells.map((one) => [`${one[0]}/${one[1]}`, { ...spanOf(one[0], one[1], view.cell), step: one[at] ? step(one[at], most) : null }]));
}

/** The corners of a cell: the world is a square of `size` cells a side in Web Mercator, from its north-west corner. */
function spanOf(x, y, size) {
  const lon = (at) => (at / size) * 360 - 180;
  const lat = (at) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * at) / size))) * 180) / Math.PI;
  return { west: lon(x), east: lon(x + 1), north: lat(y), south: lat(y + 1) };
}

/** Events that are known only to an area are the outlined area with their number, never a point. */
function drawAreas(items) {
  areas.clearLayers();
  const taken = [];
  for (const { area, count, deaths } of [...items].sort((a, b) => b.count - a.count)) {
    const entry = index.get(area.split("/").pop());
    if (!entry?.feature.geometry) continue;
    const at = middle(entry.feature);
    const number = count.toLocaleString("en");
    const name = word("events_area", { name: nameOf(entry.feature.properties), count: number });
    const free = hasRoom(map.latLngToLayerPoint(at), number.length, taken);
    const icon = L.divIcon({ className: `events-pill${free ? "" : " crowded"}`, html: element("span", {}, free ? number : ""), iconSize: free ? PILL : RING });
    const marker = L.marker(at, { icon, title: name, alt: name, zIndexOffset: free ? 0 : -500 });
    marker.on("add", () => marker.getElement().setAttribute("aria-label", name));
    const open = (event) => { L.DomEvent.stopPropagation(event); act({ area: entry, count, deaths, at: marker.getLatLng() }); };
    marker.on("click", open);
    marker.on("keydown", ({ originalEvent }) => { if (originalEvent.key === "Enter") open(originalEvent); });
    marker.addTo(areas);
  }
  labels.settle(map);
}

/** @returns {boolean} whether a number can stand at a point, where none of those that are `taken` does; else it is a ring. */
function hasRoom({ x, y }, digits, taken) {
  const half = (digits * DIGIT) / 2 + SIDES;
  if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < TALL)) return false;
  return Boolean(taken.push({ x, y, half }));
}

/** A place inside an area for its number: the middle of its largest part. */
function middle(feature) {
  const parts = L.geoJSON(feature).getLayers()[0].getLatLngs();
  const rings = Array.isArray(parts[0][0]) ? parts.map((part) => part[0]) : [parts[0]];
  return L.latLngBounds(rings.reduce((best, ring) => (ring.length > best.length ? ring : best), [])).getCenter();
}

const under = (latlng) => Boolean(picture.cells ? picture.cellUnder(latlng) : picture.under(latlng).length);

function press(latlng) {
  if (document.body.classList.contains("picking")) return;
  const cell = picture.cellUnder(latlng);
  if (cell) { map.fitBounds([[cell.south, cell.west], [cell.north, cell.east]], { maxZoom: map.getZoom() + 2 }); return; }
  const found = picture.under(latlng);
  if (found.length) act({ ids: found.map((one) => one.id) });
}

/** Ring the event that is selected; null rings none. */
export function ring(position) {
  picture.picked = position;
  picture.draw();
}

/** Say how many of what is filtered is in view, by the answer that is drawn. */
export function sayCount(view, summary) {
  const number = (count) => element("bdi", { dir: "ltr" }, count.toLocaleString("en"));
  const drawn = view.regions ? view.regions.items.reduce((sum, one) => sum + one.count, 0) : view.count;
  const [shown, all] = [drawn, summary.count].map((count) => `\u2066${count.toLocaleString("en")}\u2069`);
  find("events-count").replaceChildren(element("strong", {}, word(view.regions ? "events_in_areas" : "events_in_view", { shown, all })));
  const parts = [
    summary.count < summary.rows && ["events_of_layer", summary.rows], summary.areas && ["events_areas", summary.areas],
    summary.unplaced && ["events_unplaced", summary.unplaced], summary.flagged && ["events_flagged", summary.flagged],
  ].filter(Boolean);
  find("events-more").replaceChildren(...parts.flatMap(([key, count], at) => [at ? " · " : "", word(key), "\u00a0", number(count)]));
}
