// Events that the source gives several points, a line, an area or all of these: drawn one by one, each under its name.

import { element } from "../core/dom.js";
import { numbered, simple } from "../core/geometry.js";
import { L } from "../map/leaflet.js";
import { nameOf } from "../core/i18n.js";
import { mark } from "./legend.js";
import { colouring } from "./query.js";
import { MOST, sizeOf } from "./styles.js";

const SIGN = 5.5;

/** Draw features into a group; `ranked` says which sign a category or an actor has, `open` is called with an id. */
export function drawShapes(group, features, ranked, open) {
  group.clearLayers();
  for (const feature of features) for (const layer of layersOf(feature, ranked, open)) layer.addTo(group);
}

function layersOf(feature, ranked, open) {
  const { properties: p } = feature;
  const parts = simple(feature.geometry);
  const points = parts.filter(({ type }) => type === "Point").map(({ coordinates: [lon, lat] }) => L.latLng(lat, lon));
  const act = (event) => { L.DomEvent.stopPropagation(event); open(feature.id); };
  const name = nameOf(p) || feature.id;
  const paths = parts.filter(({ type }) => type !== "Point").map((geometry) => {
    const className = geometry.type === "LineString" ? "events-line" : "events-line events-own-area";
    return L.geoJSON(geometry, { pane: "own", style: { className } }).on("click", act).bindTooltip(element("span", {}, name), { sticky: true });
  });
  const circles = points.filter(() => p.u > 0).map((at) => L.circle(at, { pane: "spread", radius: p.u, className: "spread", interactive: false }));
  return [...circles, ...paths, ...points.map((at, number) => markerOf(at, numbered(name, number, points.length), p, ranked, act))];
}

function markerOf(at, name, p, ranked, act) {
  const by = colouring();
  const sign = by === "deaths" ? mark(0, sizeOf(p.deaths), !p.deaths) : mark(ranked[by].get(p[by]) ?? MOST, SIGN);
  const marker = L.marker(at, { icon: L.divIcon({ className: "sign events-sign", html: sign, iconSize: [32, 32] }), title: name, alt: name });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", name));
  marker.on("click", act);
  marker.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(event);
  });
  return marker;
}
