// The layers: fetched once, drawn in groups, their features indexed by id.

import * as api from "../core/api.js";
import * as labels from "./labels.js";
import { L } from "./leaflet.js";
import { drawMarkers, townsLayer } from "./markers.js";
import { drawShape } from "./shapes.js";
import { nameOf, pageContext } from "../core/i18n.js";

/**
 * Everything drawn or listed, by feature id.
 * @type {Map<string, Entry>}
 */
export const index = new Map();

/**
 * Return the name of a feature, its id where the page has none.
 * @param {string} id
 */
export function featureName(id) {
  const entry = index.get(id);
  return entry ? nameOf(entry.feature.properties) : id;
}

/**
 * Return the feature that stands for a position that is known only as an area.
 * @param {{ area?: string | null }} properties with `area` as "layer/id"
 */
export const areaOf = ({ area }) => index.get((area || "").split("/").at(-1) ?? "");

/** @type {Map<string, LeafletGroup>} */
const groups = new Map();

/**
 * Fetch and draw layers, and return the ids of those that failed. `act` is called with the id that was clicked.
 * @param {LeafletMap} map
 * @param {Act} act
 * @param {string[]} [ids]
 */
export async function loadLayers(map, act, ids = pageContext.layers.map((layer) => layer.id)) {
  const wanted = pageContext.layers.filter((layer) => ids.includes(layer.id) && !layer.large);
  const answers = await Promise.allSettled(wanted.map((layer) => api.fetchLayer(layer.id, layer.version)));
  /** @type {string[]} */
  const failed = [];
  /** @type {[string, Entry[]][]} */
  const fetched = [];
  answers.forEach((answer, position) => {
    const { id } = wanted[position];
    if (answer.status === "fulfilled") fetched.push([id, keep(id, answer.value.features)]);
    else failed.push(id);
  });
  for (const [id, entries] of fetched) groups.set(id, build(map, id, entries, act));
  return failed;
}

/**
 * Fetch a layer again after an edit and replace it on the map.
 * @param {LeafletMap} map
 * @param {string} id
 * @param {Act} act
 */
export async function reloadLayer(map, id, act) {
  const { features } = await api.fetchLayer(id, Date.now());
  const on = isShown(map, id);
  const replaced = groups.get(id);
  replaced?.remove();
  labels.removeLabels(new Set(replaced?.getLayers()));
  for (const [featureId, entry] of index) if (entry.layer === id) index.delete(featureId);
  groups.set(id, build(map, id, keep(id, features), act));
  setLayerShown(map, id, on);
}

/**
 * Show or hide a layer.
 * @param {LeafletMap} map
 * @param {string} id
 * @param {boolean} on
 */
export function setLayerShown(map, id, on) {
  const group = groups.get(id);
  if (!group) return;
  if (on) group.addTo(map);
  else group.remove();
  labels.placeLabels(map);
}

/**
 * Tell whether a layer is on the map.
 * @param {LeafletMap} map
 * @param {string} id
 * @returns {boolean}
 */
export function isShown(map, id) {
  const group = groups.get(id);
  return group !== undefined && map.hasLayer(group);
}

/**
 * @param {string} id
 * @param {Feature[]} features
 */
function keep(id, features) {
  const kind = pageContext.layers.find((layer) => layer.id === id)?.kind ?? "";
  const entries = features.map((feature) => /** @type {Entry} */ ({ feature, layer: id, kind, markers: [], shape: null }));
  for (const entry of entries) index.set(entry.feature.id, entry);
  return entries;
}

/**
 * @param {LeafletMap} map
 * @param {string} id
 * @param {Entry[]} entries
 * @param {Act} act
 */
function build(map, id, entries, act) {
  if (id === "places") return townsLayer(map, entries, act, [...index.values()].filter((entry) => entry.layer === "sites" && entry.feature.geometry));
  const group = L.featureGroup();
  for (const entry of entries.filter(({ feature }) => feature.geometry)) {
    if (id === "sites" || id === "events") drawMarkers(map, entry, group, act);
    else drawShape(map, entry, group, act);
  }
  group.on("add", () => labels.placeLabels(map));
  return group;
}
