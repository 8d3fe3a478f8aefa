// The border ruler: map and strip light each other; brushing the strip zooms the map.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import * as labels from "../map/labels.js";
import { index, load, show } from "../map/layers.js";
import { L, createMap, fit } from "../map/leaflet.js";
import { select } from "../map/selection.js";
import { sign, signOf } from "../map/symbols.js";
import { sayUnfetched } from "../core/fetch-error.js";
import { boot, rtl } from "../core/i18n.js";

const ALWAYS = ["backdrop", "countries", "governorates", "rivers", "borders", "wall", "sites", "events"];
const OWN = boot.layers.filter((layer) => layer.id.startsWith("own-")).map((layer) => layer.id);
const strip = find("strip-svg");
const map = createMap();

const held = [...ALWAYS, ...OWN, ...(boot.ruler.layer && !ALWAYS.includes(boot.ruler.layer) ? [boot.ruler.layer] : [])];
const failed = await load(map, act, held);
for (const layer of boot.layers) if (held.includes(layer.id)) show(map, layer.id, true);
const drawing = await api.drawing("ruler", boot.ruler.inputs).catch(() => ({ features: [] }));
if (failed.length || !drawing.features.length) sayUnfetched(document.querySelector("#panel h1"), failed);
const line = index.get(boot.ruler.line)?.feature ?? drawing.features.find((one) => one.properties.role === "line");
const path = line ? pathOf(line) : [];
if (!index.has(boot.ruler.line)) L.polyline(path.map(toLatLng), { pane: "own", className: "own-line", interactive: false }).addTo(map);
drawMarks(drawing);
if (path.length) {
  fit(map, L.latLngBounds(path.map(([lon, lat]) => [lat, lon])), { animate: false });
  wireBrush();
}
drawSigns();
wireLighting();
map.on("moveend zoomend", () => labels.settle(map));
document.fonts.ready.then(() => labels.settle(map));
document.documentElement.dataset.ready = "true";

function act(id, how = {}) {
  select(map, id, how);
}

/** The drawn copy of the line as longitude, latitude pairs, in the direction of the ruler. */
function pathOf(feature) {
  const { type, coordinates } = feature.geometry;
  const flat = type === "MultiLineString" ? coordinates.flat() : coordinates;
  return boot.ruler.inputs.reverse === "true" && index.has(boot.ruler.line) ? flat.toReversed() : flat;
}

function drawMarks(collection) {
  for (const { properties: p, geometry } of collection.features.filter((one) => one.properties.role === "mark")) {
    const at = [geometry.coordinates[1], geometry.coordinates[0]];
    L.circleMarker(at, { pane: "measure", radius: 3.6, className: "km-mark", interactive: false }).addTo(map);
    const icon = L.divIcon({ className: "unseen-icon", html: "", iconSize: [0, 0] });
    const holder = L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
    holder.bindTooltip(element("span", {}, `\u2066${p.km}\u2069`), { permanent: true, direction: rtl ? "left" : "right", className: "place-label km-name", offset: [rtl ? -6 : 6, 0] });
    labels.add(map, holder, 65);
  }
}

/** The strip's dots and the rows of the list get the sign of their kind. */
function drawSigns() {
  for (const group of strip.querySelectorAll(".place")) {
    const entry = index.get(group.dataset.row);
    const at = group.querySelector(".sign-at");
    if (!entry || group.classList.contains("placeholder")) continue;
    const made = sign(signOf(entry.feature.properties), 16);
    made.setAttribute("x", at.dataset.x - 8);
    made.setAttribute("y", at.dataset.y - 8);
    at.replaceChildren(made);
  }
  for (const row of document.querySelectorAll("button[data-row]")) {
    const entry = index.get(row.dataset.row);
    if (entry) row.querySelector(".sign-of").append(sign(signOf(entry.feature.properties), 20));
  }
}

function wireLighting() {
  const light = (id, on) => {
    for (const one of document.querySelectorAll(`[data-row="${CSS.escape(id)}"], .sign[data-id="${CSS.escape(id)}"]`)) one.classList.toggle("lit", on);
  };
  const wire = (root, selector, idOf) => {
    for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      root.addEventListener(begin, (event) => { const one = event.target.closest?.(selector); if (one) light(idOf(one), true); });
      root.addEventListener(end, (event) => { const one = event.target.closest?.(selector); if (one) light(idOf(one), false); });
    }
  };
  wire(document, "[data-row]", (one) => one.dataset.row);
  wire(find("map"), ".sign[data-id]", (one) => one.dataset.id);
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-row]");
    if (one) act(one.dataset.row, { focus: true });
  });
  strip.addEventListener("keydown", (event) => {
    const one = event.target.closest("[data-row]");
    if (one && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); act(one.dataset.row, { focus: true }); }
  });
}

function wireBrush() {
  const brush = find("brush");
  const { left, right } = Object.fromEntries(["left", "right"].map((name) => [name, Number(strip.dataset[name])]));
  const { start_m: start, end_m: end } = boot.ruler;
  const at = (event) => {
    const box = strip.getBoundingClientRect();
    return Math.min(right, Math.max(left, ((event.clientX - box.left) / box.width) * strip.viewBox.baseVal.width));
  };
  let from = null;
  strip.addEventListener("pointerdown", (event) => { if (!event.target.closest(".place")) { from = at(event); strip.setPointerCapture(event.pointerId); } });
  strip.addEventListener("pointermove", (event) => { if (from !== null) mark(brush, from, at(event)); });
  strip.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const ends = [from, at(event)].sort((a, b) => a - b);
    from = null;
    if (ends[1] - ends[0] < 6) { mark(brush, 0, 0); return; }
    const [a, b] = ends.map((x) => start + ((x - left) / (right - left)) * (end - start));
    zoomTo(a, b);
  });
  find("zoom").addEventListener("submit", (event) => {
    event.preventDefault();
    const ends = ["zoom-from", "zoom-to"].map((id) => Number(find(id).value) * 1000).sort((a, b) => a - b);
    if (!ends.every(Number.isFinite)) return;
    mark(brush, ...ends.map((metres) => left + ((Math.min(Math.max(metres, start), end) - start) / (end - start)) * (right - left)));
    zoomTo(...ends);
  });
  document.addEventListener("click", (event) => {
    const gap = event.target.closest("[data-from]");
    if (!gap) return;
    const ends = [Number(gap.dataset.from), Number(gap.dataset.to)];
    mark(brush, ...ends.map((metres) => left + ((metres - start) / (end - start)) * (right - left)));
    zoomTo(...ends);
  });
}

function mark(brush, a, b) {
  brush.setAttribute("x", Math.min(a, b));
  brush.setAttribute("width", Math.abs(b - a));
}

/** Zoom to a stretch of the drawn line; a picture's frame, no measured number comes of it. */
function zoomTo(from, to) {
  const { start_m: start, end_m: end } = boot.ruler;
  find("zoom-from").value = String(Math.round(from / 1000));
  find("zoom-to").value = String(Math.round(to / 1000));
  const lengths = [0];
  path.forEach((point, position) => {
    if (position) lengths.push(lengths[position - 1] + map.distance(toLatLng(path[position - 1]), toLatLng(point)));
  });
  const shares = [from, to].map((metres) => ((metres - start) / (end - start)) * lengths.at(-1));
  const held = path.filter((point, position) => lengths[position] >= shares[0] && lengths[position] <= shares[1]);
  const ends = shares.map((share) => path[Math.max(0, lengths.findIndex((length) => length >= Math.min(share, lengths.at(-1))))]);
  fit(map, L.latLngBounds([...held, ...ends].map(toLatLng)), { maxZoom: 12 });
}

function toLatLng([lon, lat]) {
  return L.latLng(lat, lon);
}
