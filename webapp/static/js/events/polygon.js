// A polygon drawn on the map: each click is a vertex, each vertex a line of the field, where it can be typed as well.

import { find } from "../core/dom.js";
import { L } from "../map/leaflet.js";
import { get } from "../core/state.js";
import { word } from "../core/i18n.js";
import { change, onChange } from "./query.js";

const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/;

/** Wire the drawing of a polygon; `begin` is called before it so that the map can be seen. */
export function wirePolygon(map, begin) {
  const shape = L.polygon([], { pane: "measure", className: "events-drawn", interactive: false }).addTo(map);
  const button = find("draw-polygon");
  const field = find("f-polygon");
  let vertices = null;

  const show = () => shape.setLatLngs(vertices || positions(get("polygon") || ""));
  const stop = (keep) => {
    const made = vertices;
    vertices = null;
    document.body.classList.remove("picking");
    button.setAttribute("aria-pressed", "false");
    button.textContent = word("events_draw");
    find("draw-said").textContent = "";
    field.value = (get("polygon") || "").replaceAll(";", "\n");
    if (keep && made.length > 2) change({ polygon: made.map(([lat, lon]) => `${lon.toFixed(4)},${lat.toFixed(4)}`).join(";") });
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
    field.value = vertices.map(([a, b]) => `${b.toFixed(4)},${a.toFixed(4)}`).join("\n");
    show();
  });
  map.on("dblclick", (event) => { if (vertices) { L.DomEvent.stop(event); stop(true); } });
  document.addEventListener("keydown", (event) => { if (vertices && event.key === "Escape") stop(false); });
  document.addEventListener("keydown", (event) => { if (vertices && event.key === "Enter" && event.target === document.body) stop(true); });
  onChange(show);
  show();
}

/** @returns {number[][]} the vertices of a written polygon, as Leaflet takes them. */
function positions(text) {
  return text.split(/[;\n]/).map((row) => PAIR.exec(row)).filter(Boolean).map(([, lon, lat]) => [Number(lat), Number(lon)]);
}
