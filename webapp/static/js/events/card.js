// The card of an event: all its data in words; for several on one position, one after the other.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { linked } from "../core/links.js";
import { areaOf, featureName, index } from "../map/layers.js";
import { L, fitBounds, isVisible } from "../map/leaflet.js";
import { furtherSources } from "../map/popup.js";
import { getParam, setParams } from "../core/state.js";
import { comma, label, lang, nameOf, pageContext, word } from "../core/i18n.js";
import { highlightPosition } from "./event-layer.js";
import { changeFilters, layer } from "./query.js";
import { dateRange, deathRange, termLabel } from "./styles.js";
import { actorName, highlightRow, precisionText } from "./table.js";

/** @type {LeafletMap} */
let map;
/** @type {LeafletGeoJSON | null} */
let shape = null;
/** @type {string[]} */
let stack = [];
/** @type {Element | null} */
let opener = null;
let latest = 0;
let raiseCard = () => {};

/**
 * Wire the card; `raise` shows it where the panel is a sheet.
 * @param {LeafletMap} leafletMap
 * @param {() => void} raise
 */
export function wireCard(leafletMap, raise) {
  map = leafletMap;
  const card = find("event-card");
  find("event-close").addEventListener("click", close);
  card.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  find("event-back").addEventListener("click", () => step(-1));
  find("event-on").addEventListener("click", () => step(1));
  raiseCard = raise;
}

/**
 * Show the first of several events, and move the map there if it is not visible.
 * @param {string[]} ids
 * @param {{ focus?: boolean, move?: boolean }} [options]
 */
export function openEvents(ids, { focus = true, move = true } = {}) {
  if (!stack.length) opener = document.activeElement;
  stack = ids;
  return show(ids[0], { focus, move });
}

/**
 * Show the events whose position is known only as an area.
 * @param {AreaHit} hit
 */
export function openArea({ area, count, deaths }) {
  if (!stack.length) opener = document.activeElement;
  stack = [];
  begin(word("events_area", { name: nameOf(area.feature.properties), count: count.toLocaleString("en") }));
  hold(area);
  const level = area.layer === "countries" ? "country" : "governorate";
  find("event-body").replaceChildren(element("p", {}, word("events_area_said")),
    element("p", {}, `${word("events_deaths")}: `, element("bdi", { dir: "ltr" }, deaths.toLocaleString("en"))),
    element("p", { class: "popup-tools" }, element("button", { type: "button", onclick: () => { changeFilters({ precision: level, ...(level === "governorate" ? { governorate: area.feature.id } : {}) }); close(); } }, word("events_area_filter", { name: label("precision", level) }))));
}

/** @param {number} by */
function step(by) {
  const at = (stack.indexOf(getParam("at") ?? "") + by + stack.length) % stack.length;
  return show(stack[at], { focus: false, move: false });
}

/**
 * @param {string} id
 * @param {{ focus?: boolean, move?: boolean }} options
 */
async function show(id, { focus = false, move = false }) {
  latest += 1;
  const mine = latest;
  setParams({ at: id });
  highlightRow(id);
  begin(id);
  find("event-body").replaceChildren(element("p", { class: "note", role: "status" }, word("loading")));
  try {
    const answer = await api.fetchEvent(layer, id);
    if (mine !== latest) return;
    const event = flat(answer);
    fill(event);
    place(event, move);
    if (focus) find("event-title").focus({ preventScroll: true });
  } catch (error) {
    if (mine === latest) find("event-body").replaceChildren(element("p", { class: "problem", role: "alert" }, (error instanceof Error && error.message) || word("failed")));
  }
}

/**
 * Return an event in the form of a row of the table, with position and deaths as columns.
 * @param {EventDetails} answer
 * @returns {EventDetails}
 */
function flat(answer) {
  const [lon, lat] = answer.geometry?.type === "Point" ? answer.geometry.coordinates : [null, null];
  const { best, low, high } = answer.killed || {};
  return { ...answer, lon, lat, shaped: Boolean(answer.geometry), "killed.best": best, "killed.low": low, "killed.high": high };
}

/** @param {string} title */
function begin(title) {
  shape?.remove();
  shape = null;
  find("event-card").hidden = false;
  find("event-title").textContent = title;
  const many = stack.length > 1;
  find("event-stack").hidden = !many;
  if (many) find("event-at").textContent = word("events_one_of", { at: String(stack.indexOf(getParam("at") ?? "") + 1), count: String(stack.length) });
  raiseCard();
}

function close() {
  latest += 1;
  stack = [];
  find("event-card").hidden = true;
  shape?.remove();
  shape = null;
  highlightPosition(null);
  setParams({ at: null });
  highlightRow(null);
  const back = opener?.isConnected ? opener : find("map");
  opener = null;
  if (back instanceof HTMLElement) back.focus();
}

/** Close the card if it is open. */
export const closeCard = () => { if (!find("event-card").hidden) close(); };

/**
 * @param {EventRow} event
 * @param {boolean} move
 */
function place(event, move) {
  if (event.lon !== null && event.lat !== null && !event.placeholder) {
    const at = L.latLng(event.lat, event.lon);
    highlightPosition(at);
    if (move && !isVisible(map, at)) fitBounds(map, at.toBounds(60_000), { maxZoom: Math.max(map.getZoom(), 8) });
    return;
  }
  highlightPosition(null);
  if (event.shaped && !event.placeholder) {
    const box = L.geoJSON(event.geometry, { pointToLayer: (_, at) => L.circleMarker(at) }).getBounds();
    if (move && !(isVisible(map, box.getNorthEast()) && isVisible(map, box.getSouthWest()))) fitBounds(map, box, { maxZoom: Math.max(map.getZoom(), 8) });
    return;
  }
  const area = areaOf(event);
  if (area) hold(area, move);
}

/**
 * @param {Entry} area
 * @param {boolean} [move]
 */
function hold(area, move = false) {
  shape = L.geoJSON(area.feature, { pane: "area", interactive: false, style: { className: "area-held" } }).addTo(map);
  if (move) fitBounds(map, shape.getBounds(), { maxZoom: 8 });
}

/** @param {EventDetails} event */
function fill(event) {
  find("event-title").textContent = nameOf(event) || event.id;
  const flags = event.flags || [];
  const count = deathRange(event["killed.best"], event["killed.low"], event["killed.high"]);
  /** @type {[string, Child][]} */
  const facts = [
    ["col_date", `${dateRange(event)}${event.date_precision && event.date_precision !== "day" ? ` (${label("date_precision", event.date_precision)})` : ""}`],
    ["events_f_category", [termLabel("category", event.category), event.kind && label("kind", event.kind)].filter((part) => part && part !== "–").join(comma) || "–"],
    ["actors", (event.actors || []).map(actorName).join(comma) || "–"],
    ["events_deaths", element("bdi", { dir: "ltr" }, count)],
    ["events_where", element("span", {}, whereOf(event), " · ", precisionText(event))],
    ["coordinates", typeof event.lon === "number" && !event.placeholder && element("bdi", { dir: "ltr" }, `${event.lat}, ${event.lon}`)],
    ["col_source", event.reported_by && element("span", {}, ...linked(event.reported_by))],
  ];
  find("event-body").replaceChildren(
    ...flags.length ? [element("ul", { class: "flags" }, ...flags.map(flag))] : [],
    element("dl", { class: "facts" }, ...facts.filter(([, value]) => value).flatMap(([key, value]) => [element("dt", {}, word(key)), element("dd", {}, element("bdi", {}, value))])),
    ...(event.notes ? [element("p", { class: "event-notes", dir: "auto" }, ...linked(event.notes))] : []),
    ...sources("sources", event.sources || []), ...sources("further_sources", furtherSources(event.id, event)), ...originals(event));
}

/** @param {EventRow} event */
const whereOf = (event) => [event.governorate && index.has(event.governorate) ? featureName(event.governorate) : event.admin1, event.country].filter(Boolean).join(comma) || word("unknown");

/** @param {{ label: LocalizedText }} options */
const flag = ({ label: text }) => element("li", {}, text[lang]);

/**
 * @param {string} key
 * @param {string[]} ids
 */
function sources(key, ids) {
  if (!ids.length) return [];
  return [element("p", {}, `${word(key)}: `, ...ids.flatMap((id, at) => [at ? comma : "", pageContext.sources[id]
    ? element("a", { href: `/sources/${encodeURIComponent(id)}?lang=${lang}` }, element("bdi", {}, pageContext.sources[id].outlet || pageContext.sources[id].title || id)) : element("bdi", {}, id)]))];
}

/**
 * Return the original row of the file: every column with a value.
 * @param {EventDetails} event
 */
function originals(event) {
  const columns = Object.entries(event.original || {}).filter(([, value]) => value !== null && value !== "");
  if (!columns.length) return [];
  return [element("details", {}, element("summary", {}, word("events_original", { count: String(columns.length) })),
    element("dl", { class: "original" }, ...columns.flatMap(([name, value]) => [element("dt", {}, element("bdi", {}, name)), element("dd", { dir: "auto" }, ...linked(String(value)))])))];
}
