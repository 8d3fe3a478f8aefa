// Measurements on the map: the line from place to foot, rings with their band, reported distances.

import { element } from "../core/dom.js";
import { pointsOf } from "../core/geometry.js";
import * as labels from "../map/labels.js";
import { L, reducedMotion } from "../map/leaflet.js";
import { quantity, quantityText, word } from "../core/i18n.js";

const ORDER = ["band", "reported", "frontage", "ring", "distance", "foot"];

/**
 * Draw the GeoJSON of a result.
 * @param {LeafletMap} map
 * @param {FeatureCollection<MeasureProperties>} collection
 * @returns {MeasurementOverlay}
 */
export function drawMeasurement(map, collection) {
  const group = L.featureGroup();
  /** @type {LeafletMarker[]} */
  const tooltips = [];
  const ordered = collection.features.filter((feature) => ORDER.includes(feature.properties.role))
    .toSorted((a, b) => ORDER.indexOf(a.properties.role) - ORDER.indexOf(b.properties.role));
  for (const feature of ordered) DRAW[feature.properties.role](feature, { group, map, tooltips });
  group.addTo(map);
  return { group, erase: () => { labels.removeLabels(new Set(tooltips)); group.remove(); labels.placeLabels(map); } };
}

/**
 * @param {Feature<MeasureProperties>} feature
 * @param {string} className
 */
function shape(feature, className) {
  const options = { pane: "measure", interactive: false, smoothFactor: 0, style: { className } };
  return L.geoJSON(/** @type {GeoJSON.Feature} */ (feature), options);
}

/** @type {Record<string, (feature: Feature<MeasureProperties>, context: OverlayContext) => void>} */
const DRAW = {
  band: (feature, { group }) => group.addLayer(shape(feature, "measure-band")),
  frontage: (feature, { group }) => group.addLayer(shape(feature, "measure-line")),
  reported: (feature, { group, map, tooltips }) => {
    const ring = shape(feature, "reported-ring");
    group.addLayer(ring);
    const box = ring.getBounds();
    const text = word("reported_short", { figure: quantityText({ number: String(feature.properties.radius_m / 1000), unit: "km" }) });
    tooltips.push(note(map, group, [box.getCenter().lat, box.getWest()], element("span", {}, text), "left", "reported-name", 88.5));
  },
  ring: (feature, { group }) => {
    const ring = shape(feature, "measure-ring");
    group.addLayer(ring);
    const box = ring.getBounds();
    const text = quantityText({ number: String(feature.properties.radius_m / 1000), unit: "km" });
    group.addLayer(L.tooltip({ permanent: true, direction: "center", className: "ring-pill", interactive: false })
      .setLatLng([box.getSouth(), box.getCenter().lng]).setContent(element("span", {}, text)));
  },
  distance: (feature, { group }) => {
    group.addLayer(shape(feature, "measure-casing"));
    const line = shape(feature, reducedMotion.matches ? "measure-line" : "measure-line drawing");
    line.eachLayer((path) => path.on("add", () => { if (path instanceof L.Path) path.getElement()?.setAttribute("pathLength", "1"); }));
    group.addLayer(line);
  },
  foot: (feature, { group, map, tooltips }) => {
    const [[lon, lat]] = pointsOf(feature.geometry);
    group.addLayer(L.circleMarker([lat, lon], { pane: "measure", radius: 6, className: "measure-foot", interactive: false }));
    if (!feature.properties.shown) return;
    const { shown, shown_unit: unit, shown_chainage: chainage } = feature.properties;
    const text = element("span", {}, quantity({ number: shown, unit }),
      chainage ? element("small", {}, word("km_of_line", { km: `\u2066${chainage}\u2069` })) : null);
    const east = feature.properties.azimuth_deg === null || feature.properties.azimuth_deg < 180;
    tooltips.push(note(map, group, [lat, lon], text, east ? "right" : "left", "measure-name", 95));
  },
};

/**
 * @param {LeafletMap} map
 * @param {LeafletGroup} group
 * @param {LatLngExpression} at
 * @param {HTMLElement} content
 * @param {"left" | "right"} direction
 * @param {string} className
 * @param {number} priority
 */
function note(map, group, at, content, direction, className, priority) {
  const icon = L.divIcon({ className: "unseen-icon", html: "", iconSize: [0, 0] });
  const holder = L.marker(at, { icon, interactive: false, keyboard: false });
  const offset = L.point(direction === "right" ? 10 : -10, 0);
  holder.bindTooltip(content, { permanent: true, direction, className: `place-label ${className}`, offset });
  group.addLayer(holder);
  labels.addLabel(map, holder, priority);
  return holder;
}
