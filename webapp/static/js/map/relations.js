// How the selected event bears on others: an arrow from each to the one it speaks of, with the word of the relation.

import { element } from "../core/dom.js";
import { index } from "./layers.js";
import { L } from "./leaflet.js";
import { label, nameOf } from "../core/i18n.js";

const BEND = 0.16;
const STEPS = 24;
const HEAD = 11;

/** Draw the relations of an event and those that others have to it; returns the group, null where there are none. */
export function drawRelations(map, entry) {
  const id = entry.feature.id;
  const ties = [...(entry.feature.properties.relations || []).map((one) => ({ from: id, ...one })), ...pointing(id)];
  const held = ties.filter(({ from, to }) => index.has(from) && index.has(to));
  if (!held.length) return null;
  const group = L.layerGroup();
  for (const tie of held) arrow(map, group, tie);
  return group.addTo(map);
}

function pointing(id) {
  const others = [...index.values()].filter((one) => one.feature.id !== id && one.feature.properties.relations);
  return others.flatMap((one) => one.feature.properties.relations.filter(({ to }) => to === id).map((tie) => ({ from: one.feature.id, ...tie })));
}

function arrow(map, group, { from, to, type }) {
  const [start, end] = [from, to].map((id) => placeOf(index.get(id)));
  // What stands for the same area has nowhere to go: the word stands in the popup.
  if (!start || !end || start.at.distanceTo(end.at) < 1000) return;
  const vague = start.vague || end.vague;
  const path = bent(map, start.at, end.at);
  L.polyline(path, { pane: "measure", className: `relation${vague ? " vague" : ""}`, interactive: false }).addTo(group);
  L.polyline(head(map, path), { pane: "measure", className: "relation head", interactive: false }).addTo(group);
  for (const { at, vague: area } of [start, end]) if (area) L.circleMarker(at, { pane: "measure", radius: 4, className: "relation-end", interactive: false }).addTo(group);
  const names = [from, to].map((id) => nameOf(index.get(id).feature.properties));
  L.tooltip({ permanent: true, direction: "center", className: "relation-name", interactive: false })
    .setLatLng(path[STEPS / 2]).setContent(element("span", { title: `${names[0]} → ${names[1]}` }, label("relation", type))).addTo(group);
}

/** Where an event is: its first point, or the middle of the area that it stands for, which is no position of its own. */
function placeOf({ feature }) {
  const point = feature.geometry?.type.endsWith("Point") && feature.geometry.coordinates.flat();
  if (point) return { at: L.latLng(point[1], point[0]), vague: false };
  const area = index.get((feature.properties.area || "").split("/").pop());
  return area?.feature.geometry ? { at: L.geoJSON(area.feature).getBounds().getCenter(), vague: true } : null;
}

/** A curve between two places: two events that speak of each other have two arrows, not one over the other. */
function bent(map, start, end) {
  const [a, b] = [start, end].map((one) => map.project(one));
  const middle = a.add(b).divideBy(2).add(L.point(-(b.y - a.y), b.x - a.x).multiplyBy(BEND));
  return Array.from({ length: STEPS + 1 }, (_, at) => {
    const t = at / STEPS;
    const [one, two, three] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return map.unproject(L.point(one * a.x + two * middle.x + three * b.x, one * a.y + two * middle.y + three * b.y));
  });
}

function head(map, path) {
  const [tip, back] = [path.at(-1), path.at(-2)].map((one) => map.project(one));
  const turn = Math.atan2(tip.y - back.y, tip.x - back.x);
  const side = (angle) => map.unproject(tip.subtract(L.point(HEAD * Math.cos(turn + angle), HEAD * Math.sin(turn + angle))));
  return [side(0.5), path.at(-1), side(-0.5)];
}
