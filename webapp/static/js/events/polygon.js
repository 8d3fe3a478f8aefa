// A polygon drawn on the map: each click adds a vertex, and each vertex is a line of the field, where it can be typed.

import { field, find } from "../core/dom.js";
import { L } from "../map/leaflet.js";
import { getParam } from "../core/state.js";
import { word } from "../core/i18n.js";
import { changeFilters, onFilterChange } from "./query.js";

const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/;

/**
 * Wire the drawing of a polygon; `begin` is called first, to uncover the map.
 * @param {LeafletMap} map
 * @param {() => void} begin
 */
export function wirePolygon(map, begin) {
  const shape = L.polygon([], { pane: "measure", className: "events-drawn", interactive: false }).addTo(map);
  const button = find("draw-polygon");
  const input = field("f-polygon");
  /** @type {[number, number][] | null} */
  let vertices = null;

  const show = () => shape.setLatLngs(vertices || positions(getParam("polygon") || ""));
  /** @param {boolean} keep */
  const stop = (keep) => {
    const finished = vertices;
    vertices = null;
    document.body.classList.remove("picking");
    button.setAttribute("aria-pressed", "false");
    button.textContent = word("events_draw");
    find("draw-said").textContent = "";
    input.value = (getParam("polygon") || "").replaceAll(";", "\n");
    if (keep && finished && finished.length > 2) changeFilters({ polygon: finished.map(([lat, lon]) => `${lon.toFixed(4)},${lat.toFixed(4)}`).join(";") });
    show();
  };
  const start = () => {
    vertices = [];
    document.body.classList.add("picking");
    button.setAttribute("aria-pressed", "true");
    button.textContent = word("events_draw_done");
    find("draw-said").textContent = word("events_draw_hint");
    show();
    begin();
  };

  button.addEventListener("click", () => (vertices ? stop(true) : start()));
  map.on("click", ({ latlng }) => {
    if (!vertices) return;
    const { lat, lng } = latlng.wrap();
    vertices.push([lat, lng]);
    input.value = vertices.map(([a, b]) => `${b.toFixed(4)},${a.toFixed(4)}`).join("\n");
    show();
  });
  map.on("dblclick", (event) => { if (vertices) { L.DomEvent.stop(event); stop(true); } });
  document.addEventListener("keydown", (event) => { if (vertices && event.key === "Escape") stop(false); });
  document.addEventListener("keydown", (event) => { if (vertices && event.key === "Enter" && event.target === document.body) stop(true); });
  onFilterChange(show);
  show();
}

/**
 * Return the vertices of a polygon written as "longitude,latitude" pairs.
 * @param {string} text
 */
function positions(text) {
  return text.split(/[;\n]/).flatMap((row) => {
    const match = PAIR.exec(row);
    return match ? [L.latLng(Number(match[2]), Number(match[1]))] : [];
  });
}
