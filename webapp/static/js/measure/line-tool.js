// Drawing a line: each click is a position in the form, each position in the form a vertex on the map.

import { digits } from "../core/arabic.js";
import { find } from "../core/dom.js";
import { load, show } from "../map/layers.js";
import { L, createMap, fit } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { clearUnfetched, sayUnfetched } from "../core/fetch-error.js";

const SHOWN = ["backdrop", "countries", "governorates", "rivers", "borders", "wall", "sites"];
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,،;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
const field = find("in-path");
const order = find("in-order");
const count = find("draw-count");
const hint = count.textContent;
const map = createMap();
const drawn = L.layerGroup().addTo(map);

await ground(SHOWN);
map.on("click", (event) => {
  const { lat, lng } = event.latlng.wrap();
  const pair = [lat.toFixed(5), lng.toFixed(5)];
  write([...rows(), (order.value === "lat,lon" ? pair : pair.toReversed()).join(", ")]);
});
field.addEventListener("input", preview);
order.addEventListener("change", preview);
find("draw-undo").addEventListener("click", () => write(rows().slice(0, -1)));
find("draw-clear").addEventListener("click", () => write([]));
map.on("moveend zoomend", () => labels.settle(map));
preview();
if (vertices().length > 1) fit(map, L.latLngBounds(vertices()), { animate: false });
document.documentElement.dataset.ready = "true";

/** Draw what lies under the line. To try again takes nothing from the form. */
async function ground(ids) {
  const failed = await load(map, () => {}, ids);
  for (const id of ids) show(map, id, true);
  clearUnfetched();
  if (failed.length) sayUnfetched(document.querySelector(".draw-box"), failed, () => ground(failed));
}

function rows() {
  return field.value.split("\n").filter((row) => row.trim());
}

function write(list) {
  field.value = list.join("\n");
  preview();
}

/** The positions that are plain degrees, as Leaflet takes them; the others the server reads. */
function vertices() {
  const pairs = rows().map((row) => PAIR.exec(digits(row))).filter(Boolean).map(([, a, b]) => [Number(a), Number(b)]);
  const turned = order.value === "lat,lon" ? pairs : pairs.map((pair) => pair.toReversed());
  return turned.filter(([lat, lon]) => Math.abs(lat) <= 85 && Math.abs(lon) <= 180);
}

function preview() {
  const path = vertices();
  drawn.clearLayers();
  L.polyline(path, { pane: "measure", className: "own-line", interactive: false }).addTo(drawn);
  for (const at of path) L.circleMarker(at, { pane: "measure", radius: 4, className: "km-mark", interactive: false }).addTo(drawn);
  count.textContent = path.length ? count.dataset.words.replace("{count}", `\u2066${path.length}\u2069`) : hint;
  for (const id of ["draw-undo", "draw-clear"]) find(id).disabled = !rows().length;
}
