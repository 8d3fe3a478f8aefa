// Sites and events by their sign, with a circle as wide as what is not known of the position; towns when one is near.

import { element } from "../core/dom.js";
import * as labels from "./labels.js";
import { numbered, simple } from "../core/geometry.js";
import { L } from "./leaflet.js";
import { sign, signOf } from "./symbols.js";
import { nameOf, rtl, said } from "../core/i18n.js";

const TOWN_ZOOM = 8.5;
const TOWNS_SHOWN = 40;
const SAME_PLACE = 1000;

/** @returns {string} a marker's name, of its own among all. */
export function title(entry) {
  const p = entry.feature.properties;
  return p.date_text ? `${nameOf(p)}, ${said(p.date_text)}` : nameOf(p) || entry.feature.id;
}

/** Draw a site or an event into its layer's group; an event on two places has two markers. */
export function drawMarkers(map, entry, group, act) {
  const p = entry.feature.properties;
  const points = simple(entry.feature.geometry).filter(({ type }) => type === "Point").map(({ coordinates }) => coordinates);
  for (const marker of drawPoints(entry, points, group, act)) {
    marker.bindTooltip(element("span", {}, nameOf(p)), {
      permanent: entry.layer === "sites", direction: rtl ? "left" : "right", className: "place-label", offset: [rtl ? -9 : 9, 0],
    });
    if (entry.layer === "sites") labels.add(map, marker, 80 + (p.priority || 0), p.placeholder ? [8, 99] : [0, 99]);
  }
}

/** Draw the points of a feature, each with its circle, its sign and its name; @returns {L.Marker[]} the markers. */
export function drawPoints(entry, points, group, act) {
  const p = entry.feature.properties;
  return points.map(([lon, lat], at) => {
    if (p.coordinateUncertaintyInMeters > 0) group.addLayer(spread(lat, lon, p));
    const marker = markerOf(entry, lat, lon, numbered(title(entry), at, points.length), act);
    group.addLayer(marker);
    entry.markers.push(marker);
    return marker;
  });
}

function spread(lat, lon, p) {
  const className = p.placeholder ? "spread placeholder" : "spread";
  return L.circle([lat, lon], { pane: "spread", radius: p.coordinateUncertaintyInMeters, className, interactive: false });
}

function markerOf(entry, lat, lon, name, act) {
  const p = entry.feature.properties;
  const icon = L.divIcon({ className: "sign", html: sign(signOf(p)), iconSize: [18, 18], iconAnchor: [9, 9] });
  const marker = L.marker([lat, lon], { icon, riseOnHover: true, zIndexOffset: (p.priority || 0) * 10 });
  marker.on("add", () => {
    marker.getElement().setAttribute("aria-label", name);
    marker.getElement().dataset.id = entry.feature.id;
  });
  marker.on("click", (event) => { L.DomEvent.stopPropagation(event); act(entry.feature.id, { marker }); });
  marker.on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act(entry.feature.id, { marker, focus: true });
  });
  return marker;
}

/** Draw the larger towns in view, from a zoom at which they are of use; a site that is the town stands for it. */
export function townsLayer(map, entries, act, sites) {
  const group = L.layerGroup();
  const shown = new Map();
  const ordered = entries.toSorted((a, b) => b.feature.properties.population - a.feature.properties.population)
    .filter((entry) => !sites.some((site) => stands(site, entry)));
  function renew() {
    const wanted = new Set();
    if (map.hasLayer(group) && map.getZoom() >= TOWN_ZOOM) {
      const view = map.getBounds();
      for (const entry of ordered) {
        const [lon, lat] = entry.feature.geometry.coordinates;
        if (view.contains([lat, lon])) wanted.add(entry);
        if (wanted.size === TOWNS_SHOWN) break;
      }
    }
    for (const [entry, marker] of shown) {
      if (wanted.has(entry)) continue;
      labels.forget(new Set([marker]));
      group.removeLayer(marker);
      entry.markers.length = 0;
      shown.delete(entry);
    }
    for (const entry of wanted) if (!shown.has(entry)) shown.set(entry, town(map, entry, group, act));
  }
  map.on("moveend", renew);
  group.on("add", renew);
  group.on("remove", renew);
  return group;
}

function stands(site, town) {
  if (!["city", "town"].includes(site.feature.properties.kind)) return false;
  const [a, b] = [site, town].map((entry) => L.latLng(entry.feature.geometry.coordinates.toReversed()));
  return a.distanceTo(b) < SAME_PLACE;
}

function town(map, entry, group, act) {
  const [lon, lat] = entry.feature.geometry.coordinates;
  const marker = markerOf(entry, lat, lon, title(entry), act);
  marker.options.icon.options.className = "sign small";
  marker.bindTooltip(element("span", {}, nameOf(entry.feature.properties)), {
    permanent: true, direction: rtl ? "left" : "right", className: "place-label town-name", offset: [rtl ? -7 : 7, 0],
  });
  group.addLayer(marker);
  entry.markers.push(marker);
  labels.add(map, marker, 10 + (entry.feature.properties.priority || 0), [TOWN_ZOOM, 99]);
  return marker;
}
