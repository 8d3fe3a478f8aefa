// Relations of the selected event: an arrow from each event to the one it refers to, with the label of the relation.

import { element } from "../core/dom.js";
import { areaOf, featureName, index } from "./layers.js";
import { L, toLatLng } from "./leaflet.js";
import { pointsOf } from "../core/geometry.js";
import { label } from "../core/i18n.js";

const BEND = 0.16;
const STEPS = 24;
const HEAD = 11;

/**
 * Draw the relations from and to an event; return their group, null if there are none.
 * @param {LeafletMap} map
 * @param {Entry} entry
 */
export function drawRelations(map, entry) {
  const id = entry.feature.id;
  const ties = [...(entry.feature.properties.relations || []).map((relation) => ({ from: id, ...relation })), ...pointing(id)];
  const drawable = ties.filter(({ from, to }) => index.has(from) && index.has(to));
  if (!drawable.length) return null;
  const group = L.layerGroup();
  for (const tie of drawable) arrow(map, group, tie);
  return group.addTo(map);
}

/** @param {string} id */
function pointing(id) {
  const others = [...index.values()].filter((entry) => entry.feature.id !== id && entry.feature.properties.relations);
  return others.flatMap((entry) => (entry.feature.properties.relations || []).filter(({ to }) => to === id).map((tie) => ({ from: entry.feature.id, ...tie })));
}

/**
 * @param {LeafletMap} map
 * @param {LeafletGroup} group
 * @param {Tie} tie
 */
function arrow(map, group, { from, to, type }) {
  const [start, end] = [from, to].map((id) => placeOf(id));
  // Two events of the same area have no arrow between them: the popup lists the relation.
  if (!start || !end || start.at.distanceTo(end.at) < 1000) return;
  const vague = start.vague || end.vague;
  const path = bent(map, start.at, end.at);
  L.polyline(path, { pane: "measure", className: `relation${vague ? " vague" : ""}`, interactive: false }).addTo(group);
  L.polyline(head(map, path), { pane: "measure", className: "relation head", interactive: false }).addTo(group);
  for (const place of [start, end]) if (place.vague) L.circleMarker(place.at, { pane: "measure", radius: 4, className: "relation-end", interactive: false }).addTo(group);
  const names = [from, to].map(featureName);
  L.tooltip({ permanent: true, direction: "center", className: "relation-name", interactive: false })
    .setLatLng(path[STEPS / 2]).setContent(element("span", { title: `${names[0]} → ${names[1]}` }, label("relation", type))).addTo(group);
}

/**
 * Return the position of an event: its first point, or the middle of its area, marked as vague.
 * @param {string} id
 */
function placeOf(id) {
  const feature = index.get(id)?.feature;
  if (!feature) return null;
  const [point] = feature.geometry?.type.endsWith("Point") ? pointsOf(feature.geometry) : [];
  if (point) return { at: toLatLng(point), vague: false };
  const area = areaOf(feature.properties);
  return area?.feature.geometry ? { at: L.geoJSON(area.feature).getBounds().getCenter(), vague: true } : null;
}

/**
 * Return a curve between two positions, so that two events that refer to each other have two arrows.
 * @param {LeafletMap} map
 * @param {LatLng} start
 * @param {LatLng} end
 */
function bent(map, start, end) {
  const [a, b] = [start, end].map((position) => map.project(position));
  const middle = a.add(b).divideBy(2).add(L.point(-(b.y - a.y), b.x - a.x).multiplyBy(BEND));
  return Array.from({ length: STEPS + 1 }, (_, at) => {
    const t = at / STEPS;
    const [first, two, three] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return map.unproject(L.point(first * a.x + two * middle.x + three * b.x, first * a.y + two * middle.y + three * b.y));
  });
}

/**
 * @param {LeafletMap} map
 * @param {LatLng[]} path
 */
function head(map, path) {
  const [tip, back] = path.slice(-2).toReversed().map((position) => map.project(position));
  const bearing = Math.atan2(tip.y - back.y, tip.x - back.x);
  /** @param {number} angle */
  const side = (angle) => map.unproject(tip.subtract(L.point(HEAD * Math.cos(bearing + angle), HEAD * Math.sin(bearing + angle))));
  return [side(0.5), path[path.length - 1], side(-0.5)];
}
