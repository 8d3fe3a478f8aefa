// The border ruler: map and strip highlight the same place; brushing the strip zooms the map.

import * as api from "../core/api.js";
import { all, closest, element, field, find, first } from "../core/dom.js";
import { pointsOf, simpleGeometries } from "../core/geometry.js";
import * as labels from "../map/labels.js";
import { index, loadLayers, setLayerShown } from "../map/layers.js";
import { L, createMap, fitBounds, toLatLng } from "../map/leaflet.js";
import { selectFeature } from "../map/selection.js";
import { symbol, symbolOf } from "../map/symbols.js";
import { showFetchError } from "../core/fetch-error.js";
import { pageContext, rtl } from "../core/i18n.js";

const ALWAYS = ["backdrop", "countries", "governorates", "rivers", "borders", "wall", "sites", "events"];
const OWN = pageContext.layers.filter((layer) => layer.id.startsWith("own-")).map((layer) => layer.id);
const strip = find("strip-svg", SVGSVGElement);
const map = createMap();

const layerIds = [...ALWAYS, ...OWN, ...(pageContext.ruler.layer && !ALWAYS.includes(pageContext.ruler.layer) ? [pageContext.ruler.layer] : [])];
const failed = await loadLayers(map, act, layerIds);
for (const layer of pageContext.layers) if (layerIds.includes(layer.id)) setLayerShown(map, layer.id, true);
const drawing = await api.executeGeojson("ruler", pageContext.ruler.inputs).catch(() => null);
if (failed.length || !drawing?.features.length) showFetchError(first("#panel h1"), failed);
const line = index.get(pageContext.ruler.line)?.feature ?? drawing?.features.find((feature) => feature.properties.role === "line");
const path = line?.geometry ? pathOf(line.geometry) : [];
if (!index.has(pageContext.ruler.line)) L.polyline(path.map(toLatLng), { pane: "own", className: "own-line", interactive: false }).addTo(map);
if (drawing) drawMarks(drawing);
if (path.length) {
  fitBounds(map, L.latLngBounds(path.map(toLatLng)), { animate: false });
  wireBrush();
}
drawSigns();
wireLighting();
map.on("moveend zoomend", () => labels.placeLabels(map));
document.fonts.ready.then(() => labels.placeLabels(map));
document.documentElement.dataset.ready = "true";

/**
 * @param {string} id
 * @param {SelectOptions} [how]
 */
function act(id, how = {}) {
  selectFeature(map, id, how);
}

/**
 * Return the display geometry of the line as longitude, latitude pairs, in the direction of the ruler.
 * @param {GeoJSON.Geometry} geometry
 * @returns {GeoJSON.Position[]}
 */
function pathOf(geometry) {
  const flat = simpleGeometries(geometry).flatMap((part) => (part.type === "LineString" ? part.coordinates : []));
  return pageContext.ruler.inputs.reverse === "true" && index.has(pageContext.ruler.line) ? flat.toReversed() : flat;
}

/** @param {FeatureCollection<MeasureProperties>} collection */
function drawMarks(collection) {
  for (const { properties: p, geometry } of collection.features.filter((feature) => feature.properties.role === "mark")) {
    const at = toLatLng(pointsOf(geometry)[0]);
    L.circleMarker(at, { pane: "measure", radius: 3.6, className: "km-mark", interactive: false }).addTo(map);
    const icon = L.divIcon({ className: "unseen-icon", html: "", iconSize: [0, 0] });
    const holder = L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
    holder.bindTooltip(element("span", {}, `\u2066${p.km}\u2069`), { permanent: true, direction: rtl ? "left" : "right", className: "place-label km-name", offset: [rtl ? -6 : 6, 0] });
    labels.addLabel(map, holder, 65);
  }
}

/** Add the symbols to the dots of the strip and the rows of the list. */
function drawSigns() {
  for (const group of all(".place", SVGElement, strip)) {
    const entry = index.get(group.dataset.row ?? "");
    const [at] = all(".sign-at", SVGElement, group);
    if (!entry || group.classList.contains("placeholder")) continue;
    const icon = symbol(symbolOf(entry.feature.properties), 16);
    icon.setAttribute("x", String(Number(at.dataset.x) - 8));
    icon.setAttribute("y", String(Number(at.dataset.y) - 8));
    at.replaceChildren(icon);
  }
  for (const row of all("button[data-row]", HTMLElement)) {
    const entry = index.get(row.dataset.row ?? "");
    if (entry) first(".sign-of", row).append(symbol(symbolOf(entry.feature.properties), 20));
  }
}

function wireLighting() {
  /**
   * @param {string} id
   * @param {boolean} on
   */
  const light = (id, on) => {
    for (const node of document.querySelectorAll(`[data-row="${CSS.escape(id)}"], .sign[data-id="${CSS.escape(id)}"]`)) node.classList.toggle("lit", on);
  };
  /**
   * @param {EventTarget} root
   * @param {string} selector
   * @param {(node: HTMLElement | SVGElement) => string} idOf
   */
  const wire = (root, selector, idOf) => {
    for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      root.addEventListener(begin, (event) => { const node = closest(event, selector); if (node) light(idOf(node), true); });
      root.addEventListener(end, (event) => { const node = closest(event, selector); if (node) light(idOf(node), false); });
    }
  };
  wire(document, "[data-row]", (node) => node.dataset.row ?? "");
  wire(find("map"), ".sign[data-id]", (node) => node.dataset.id ?? "");
  document.addEventListener("click", (event) => {
    const node = closest(event, "[data-row]");
    if (node) act(node.dataset.row ?? "", { focus: true });
  });
  strip.addEventListener("focusin", (event) => {
    const node = closest(event, "[data-row]");
    // A group is as wide as its label: what scrolls to it may leave its sign out of view.
    if (node) first(".sign-at", node).scrollIntoView({ block: "nearest", inline: "center" });
  });
  strip.addEventListener("keydown", (event) => {
    const node = closest(event, "[data-row]");
    if (node && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); act(node.dataset.row ?? "", { focus: true }); }
  });
}

function wireBrush() {
  const brush = find("brush", SVGElement);
  const { left, right } = Object.fromEntries(["left", "right"].map((name) => [name, Number(strip.dataset[name])]));
  const { start_m: start, end_m: end } = pageContext.ruler;
  /** @param {PointerEvent} event */
  const at = (event) => {
    const box = strip.getBoundingClientRect();
    return Math.min(right, Math.max(left, ((event.clientX - box.left) / box.width) * strip.viewBox.baseVal.width));
  };
  /** @type {number | null} */
  let from = null;
  strip.addEventListener("pointerdown", (event) => { if (!closest(event, ".place")) { from = at(event); strip.setPointerCapture(event.pointerId); } });
  strip.addEventListener("pointermove", (event) => { if (from !== null) mark(brush, from, at(event)); });
  strip.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const [low, high] = [from, at(event)].sort((a, b) => a - b);
    from = null;
    if (high - low < 6) { mark(brush, 0, 0); return; }
    const [a, b] = [low, high].map((x) => start + ((x - left) / (right - left)) * (end - start));
    zoomTo(a, b);
  });
  /** @param {number[]} ends metres along the line */
  const zoom = ([low, high]) => {
    const [a, b] = [low, high].map((metres) => left + ((Math.min(Math.max(metres, start), end) - start) / (end - start)) * (right - left));
    mark(brush, a, b);
    zoomTo(low, high);
  };
  find("zoom").addEventListener("submit", (event) => {
    event.preventDefault();
    const ends = ["zoom-from", "zoom-to"].map((id) => Number(field(id).value) * 1000).sort((a, b) => a - b);
    if (ends.every(Number.isFinite)) zoom(ends);
  });
  document.addEventListener("click", (event) => {
    const gap = closest(event, "[data-from]");
    if (gap) zoom([Number(gap.dataset.from), Number(gap.dataset.to)]);
  });
}

/**
 * @param {Element} brush
 * @param {number} a
 * @param {number} b
 */
function mark(brush, a, b) {
  brush.setAttribute("x", String(Math.min(a, b)));
  brush.setAttribute("width", String(Math.abs(b - a)));
}

/**
 * Zoom to an interval of the drawn line, in metres; for display only, nothing is measured by it.
 * @param {number} from
 * @param {number} to
 */
function zoomTo(from, to) {
  const { start_m: start, end_m: end } = pageContext.ruler;
  field("zoom-from").value = String(Math.round(from / 1000));
  field("zoom-to").value = String(Math.round(to / 1000));
  const lengths = [0];
  path.forEach((point, position) => {
    if (position) lengths.push(lengths[position - 1] + map.distance(toLatLng(path[position - 1]), toLatLng(point)));
  });
  const shares = [from, to].map((metres) => ((metres - start) / (end - start)) * lengths[lengths.length - 1]);
  const vertices = path.filter((_, position) => lengths[position] >= shares[0] && lengths[position] <= shares[1]);
  const ends = shares.map((share) => path[Math.max(0, lengths.findIndex((length) => length >= Math.min(share, lengths[lengths.length - 1])))]);
  fitBounds(map, L.latLngBounds([...vertices, ...ends].map(toLatLng)), { maxZoom: 12 });
}


