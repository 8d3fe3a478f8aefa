// The layers: fetched once, drawn in their groups, every feature found by its id.

import * as api from "../core/api.js";
import * as labels from "./labels.js";
import { L } from "./leaflet.js";
import { drawMarkers, townsLayer } from "./markers.js";
import { drawShape } from "./shapes.js";
import { boot } from "../core/i18n.js";

/** Everything drawn or listed, by feature id: { feature, layer, kind, markers, shape }; the kind is the layer's. */
export const index = new Map();
const groups = new Map();

/** Fetch and build layers; those that fail are returned by id. `act` is called with the id that was clicked. */
export async function load(map, act, ids = boot.layers.map((layer) => layer.id)) {
  const wanted = boot.layers.filter((layer) => ids.includes(layer.id) && !layer.large);
  const answers = await Promise.allSettled(wanted.map((layer) => api.layer(layer.id, layer.version)));
  const failed = [];
  const fetched = [];
  answers.forEach((answer, position) => {
    const { id } = wanted[position];
    if (answer.status === "fulfilled") fetched.push([id, keep(id, answer.value.features)]);
    else failed.push(id);
  });
  for (const [id, entries] of fetched) groups.set(id, build(map, id, entries, act));
  return failed;
}

/** Fetch a layer anew after an edit and draw it in place of the old one. */
export async function renew(map, id, act) {
  const { features } = await api.layer(id, Date.now());
  const on = shown(map, id);
  const gone = groups.get(id);
  gone?.remove();
  labels.forget(new Set(gone?.getLayers()));
  for (const [held, entry] of index) if (entry.layer === id) index.delete(held);
  groups.set(id, build(map, id, keep(id, features), act));
  show(map, id, on);
}

/** Show or hide a layer. */
export function show(map, id, on) {
  const group = groups.get(id);
  if (!group) return;
  if (on) group.addTo(map);
  else group.remove();
  labels.settle(map);
}

/** @returns {boolean} whether a layer is on the map. */
export const shown = (map, id) => groups.has(id) && map.hasLayer(groups.get(id));

function keep(id, features) {
  const { kind } = boot.layers.find((layer) => layer.id === id);
  const entries = features.map((feature) => ({ feature, layer: id, kind, markers: [], shape: null }));
  for (const entry of entries) index.set(entry.feature.id, entry);
  return entries;
}

function build(map, id, entries, act) {
  if (id === "places") return townsLayer(map, entries, act, [...index.values()].filter((entry) => entry.layer === "sites" && entry.feature.geometry));
  const group = L.featureGroup();
  for (const entry of entries.filter((one) => one.feature.geometry)) {
    if (id === "sites" || id === "events") drawMarkers(map, entry, group, act);
    else drawShape(map, entry, group, act);
  }
  group.on("add", () => labels.settle(map));
  return group;
}
