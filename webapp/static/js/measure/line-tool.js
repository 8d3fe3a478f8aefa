// Drawing a line: each click is a position in the form, each position in the form a vertex on the map.

import { digits } from "../core/arabic.js";
import { field, find, first } from "../core/dom.js";
import { render } from "../core/message.js";
import { loadLayers, setLayerShown } from "../map/layers.js";
import { L, createMap, fitBounds } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { clearFetchError, showFetchError } from "../core/fetch-error.js";

const SHOWN = ["backdrop", "countries", "governorates", "rivers", "borders", "wall", "sites"];
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,،;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
const input = field("in-path");
const order = field("in-order");
const count = find("draw-count");
const hint = count.textContent;
const map = createMap();
const overlay = L.layerGroup().addTo(map);

await ground(SHOWN);
map.on("click", (event) => {
  const { lat, lng } = event.latlng.wrap();
  const pair = [lat.toFixed(5), lng.toFixed(5)];
  write([...rows(), (order.value === "lat,lon" ? pair : pair.toReversed()).join(", ")]);
});
input.addEventListener("input", preview);
order.addEventListener("change", preview);
find("draw-undo").addEventListener("click", () => write(rows().slice(0, -1)));
find("draw-clear").addEventListener("click", () => write([]));
map.on("moveend zoomend", () => labels.placeLabels(map));
preview();
if (vertices().length > 1) fitBounds(map, L.latLngBounds(vertices()), { animate: false });
document.documentElement.dataset.ready = "true";

/**
 * Draw the base map; a second try leaves the form as it is.
 * @param {string[]} ids
 */
async function ground(ids) {
  const failed = await loadLayers(map, () => {}, ids);
  for (const id of ids) setLayerShown(map, id, true);
  clearFetchError();
  if (failed.length) showFetchError(first(".draw-box"), failed, () => ground(failed));
}

function rows() {
  return input.value.split("\n").filter((row) => row.trim());
}

/** @param {string[]} list */
function write(list) {
  input.value = list.join("\n");
  preview();
}

/**
 * @param {RegExpExecArray | null} match
 * @returns {[number, number][]}
 */
const pairOf = (match) => (match ? [[Number(match[1]), Number(match[2])]] : []);

/** Return the positions in decimal degrees; other notations are read by the server. */
function vertices() {
  const pairs = rows().flatMap((row) => pairOf(PAIR.exec(digits(row))));
  const latitudeFirst = order.value === "lat,lon";
  return pairs.map(([a, b]) => (latitudeFirst ? L.latLng(a, b) : L.latLng(b, a))).filter(({ lat, lng }) => Math.abs(lat) <= 85 && Math.abs(lng) <= 180);
}

function preview() {
  const path = vertices();
  overlay.clearLayers();
  L.polyline(path, { pane: "measure", className: "own-line", interactive: false }).addTo(overlay);
  for (const at of path) L.circleMarker(at, { pane: "measure", radius: 4, className: "km-mark", interactive: false }).addTo(overlay);
  count.textContent = path.length ? render(count.dataset.words ?? "", { count: path.length }, document.documentElement.lang) : hint;
  for (const id of ["draw-undo", "draw-clear"]) find(id, HTMLButtonElement).disabled = !rows().length;
}
