// Events with several points, lines or areas: drawn one by one, each with its name.

import { element } from "../core/dom.js";
import { numberedName, pointsOf, simpleGeometries } from "../core/geometry.js";
import { L, toLatLng } from "../map/leaflet.js";
import { nameOf } from "../core/i18n.js";
import { mark } from "./legend.js";
import { colourBy } from "./query.js";
import { RANKED, radiusOf } from "./styles.js";

const SIGN = 5.5;

/**
 * Draw features into a group; `open` is called with the id of the one clicked.
 * @param {LeafletGroup} group
 * @param {EventShape[]} features
 * @param {Ranks} ranked
 * @param {(id: string) => void} open
 */
export function drawEventShapes(group, features, ranked, open) {
  group.clearLayers();
  for (const feature of features) for (const layer of layersOf(feature, ranked, open)) layer.addTo(group);
}

/**
 * @param {EventShape} feature
 * @param {Ranks} ranked
 * @param {(id: string) => void} open
 */
function layersOf(feature, ranked, open) {
  const { properties: p } = feature;
  const parts = simpleGeometries(feature.geometry);
  const points = pointsOf(feature.geometry).map(toLatLng);
  /** @param {Event} event */
  const act = (event) => { event.stopPropagation(); open(feature.id); };
  const name = nameOf(p) || feature.id;
  const paths = parts.filter(({ type }) => type !== "Point").map((geometry) => {
    const className = geometry.type === "LineString" ? "events-line" : "events-line events-own-area";
    return L.geoJSON(geometry, { pane: "own", style: { className } }).on("click", ({ originalEvent }) => act(originalEvent)).bindTooltip(element("span", {}, name), { sticky: true });
  });
  const metres = p.u ?? 0;
  const circles = points.filter(() => metres > 0).map((at) => L.circle(at, { pane: "spread", radius: metres, className: "spread", interactive: false }));
  return [...circles, ...paths, ...points.map((at, number) => markerOf(at, numberedName(name, number, points.length), p, ranked, act))];
}

/**
 * @param {LatLng} at
 * @param {string} name
 * @param {EventShapeProperties} p
 * @param {Ranks} ranked
 * @param {(event: Event) => void} act
 */
function markerOf(at, name, p, ranked, act) {
  const by = colourBy();
  const sign = by === "deaths" ? mark(0, radiusOf(p.deaths), !p.deaths) : mark(ranked[by].get(p[by]) ?? RANKED, SIGN);
  const marker = L.marker(at, { icon: L.divIcon({ className: "sign events-sign", html: sign, iconSize: [32, 32] }), title: name, alt: name });
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", name));
  marker.on("click", ({ originalEvent }) => act(originalEvent));
  marker.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(event);
  });
  return marker;
}
