// The card of one event: all that is held of it, in words; of several on one position, one after the other.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { index } from "../map/layers.js";
import { L, fit, inSight } from "../map/leaflet.js";
import { further } from "../map/popup.js";
import { get, put } from "../core/state.js";
import { boot, comma, label, lang, nameOf, word } from "../core/i18n.js";
import { ring } from "./event-layer.js";
import { change, layer } from "./query.js";
import { killed, named, when } from "./styles.js";
import { actorName, exactness, light } from "./table.js";

let map = null;
let shape = null;
let stack = [];
let opener = null;
let turn = 0;
let seen = () => {};

/** Wire the card; `raise` brings it into sight where the panel is a sheet. */
export function wireCard(held, raise) {
  map = held;
  const card = find("event-card");
  find("event-close").addEventListener("click", close);
  card.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  find("event-back").addEventListener("click", () => step(-1));
  find("event-on").addEventListener("click", () => step(1));
  seen = raise;
}

/** Show one of several events, the first of them; where it is not in sight the map goes there. */
export function open(ids, { focus = true, move = true } = {}) {
  if (!stack.length) opener = document.activeElement;
  stack = ids;
  return show(ids[0], { focus, move });
}

/** Show what is known only to an area. */
export function openArea({ area, count, deaths }) {
  if (!stack.length) opener = document.activeElement;
  stack = [];
  begin(word("events_area", { name: nameOf(area.feature.properties), count: count.toLocaleString("en") }));
  hold(area);
  const level = area.layer === "countries" ? "country" : "governorate";
  find("event-body").replaceChildren(element("p", {}, word("events_area_said")),
    element("p", {}, `${word("events_deaths")}: `, element("bdi", { dir: "ltr" }, deaths.toLocaleString("en"))),
    element("p", { class: "popup-tools" }, element("button", { type: "button", onclick: () => { change({ precision: level, ...(level === "governorate" ? { governorate: area.feature.id } : {}) }); close(); } }, word("events_area_filter", { name: label("precision", level) }))));
}

function step(by) {
  const at = (stack.indexOf(get("at")) + by + stack.length) % stack.length;
  return show(stack[at], { focus: false, move: false });
}

async function show(id, { focus, move }) {
  turn += 1;
  const mine = turn;
  put({ at: id });
  light(id);
  begin(id);
  find("event-body").replaceChildren(element("p", { class: "note", role: "status" }, word("loading")));
  try {
    const answer = await api.event(layer, id);
    if (mine !== turn) return;
    const one = flat(answer);
    fill(one);
    place(one, move);
    if (focus) find("event-title").focus({ preventScroll: true });
  } catch (problem) {
    if (mine === turn) find("event-body").replaceChildren(element("p", { class: "problem", role: "alert" }, problem.message || word("failed")));
  }
}

/** @returns {object} an event as the rows of the table are: where it is a point its position, its deaths by name. */
function flat(answer) {
  const [lon, lat] = answer.geometry?.type === "Point" ? answer.geometry.coordinates : [null, null];
  const { best, low, high } = answer.killed || {};
  return { ...answer, lon, lat, shaped: Boolean(answer.geometry), "killed.best": best, "killed.low": low, "killed.high": high };
}

function begin(title) {
  shape?.remove();
  shape = null;
  find("event-card").hidden = false;
  find("event-title").textContent = title;
  const many = stack.length > 1;
  find("event-stack").hidden = !many;
  if (many) find("event-at").textContent = word("events_one_of", { at: String(stack.indexOf(get("at")) + 1), count: String(stack.length) });
  seen();
}

function close() {
  turn += 1;
  stack = [];
  find("event-card").hidden = true;
  shape?.remove();
  shape = null;
  ring(null);
  put({ at: null });
  light(null);
  const back = opener?.isConnected ? opener : find("map");
  opener = null;
  back.focus();
}

/** Close the card where it shows anything. */
export const shut = () => { if (!find("event-card").hidden) close(); };

function place(one, move) {
  if (typeof one.lon === "number" && !one.placeholder) {
    const at = L.latLng(one.lat, one.lon);
    ring(at);
    if (move && !inSight(map, at)) fit(map, at.toBounds(60_000), { maxZoom: Math.max(map.getZoom(), 8) });
    return;
  }
  ring(null);
  if (one.shaped && !one.placeholder) {
    const box = L.geoJSON(one.geometry, { pointToLayer: (_, at) => L.circleMarker(at) }).getBounds();
    if (move && !(inSight(map, box.getNorthEast()) && inSight(map, box.getSouthWest()))) fit(map, box, { maxZoom: Math.max(map.getZoom(), 8) });
    return;
  }
  const area = index.get((one.area || "").split("/").pop());
  if (area) hold(area, move);
}

function hold(area, move = false) {
  shape = L.geoJSON(area.feature, { pane: "area", interactive: false, style: { className: "area-held" } }).addTo(map);
  if (move) fit(map, shape.getBounds(), { maxZoom: 8 });
}

function fill(one) {
  find("event-title").textContent = nameOf(one) || one.id;
  const count = killed(one["killed.best"], one["killed.low"], one["killed.high"]);
  const facts = [
    ["col_date", `${when(one)}${one.date_precision && one.date_precision !== "day" ? ` (${label("date_precision", one.date_precision)})` : ""}`],
    ["events_f_category", [named("category", one.category), one.kind && label("kind", one.kind)].filter((part) => part && part !== "–").join(comma) || "–"],
    ["actors", (one.actors || []).map(actorName).join(comma) || "–"],
    ["events_deaths", element("bdi", { dir: "ltr" }, count)],
    ["events_where", element("span", {}, whereOf(one), " · ", exactness(one))],
    ["coordinates", typeof one.lon === "number" && !one.placeholder && element("bdi", { dir: "ltr" }, `${one.lat}, ${one.lon}`)],
    ["col_source", one.reported_by],
  ].filter(([, value]) => value);
  find("event-body").replaceChildren(
    ...(one.flags || []).length ? [element("ul", { class: "flags" }, ...one.flags.map(flag))] : [],
    element("dl", { class: "facts" }, ...facts.flatMap(([key, value]) => [element("dt", {}, word(key)), element("dd", {}, element("bdi", {}, value))])),
    ...(one.notes ? [element("p", { class: "event-notes", dir: "auto" }, one.notes)] : []),
    ...sources("sources", one.sources || []), ...sources("further_sources", further(one.id, one)), ...originals(one));
}

const whereOf = (one) => [index.has(one.governorate) ? nameOf(index.get(one.governorate).feature.properties) : one.admin1, one.country].filter(Boolean).join(comma) || word("unknown");

const flag = ({ label: said }) => element("li", {}, said[lang]);

function sources(key, ids) {
  if (!ids.length) return [];
  return [element("p", {}, `${word(key)}: `, ...ids.flatMap((id, at) => [at ? comma : "", boot.sources[id]
    ? element("a", { href: `/sources?lang=${lang}#${id}` }, element("bdi", {}, boot.sources[id].outlet || boot.sources[id].title || id)) : element("bdi", {}, id)]))];
}

/** The row as the file had it, every column that holds anything. */
function originals(one) {
  const held = Object.entries(one.original || {}).filter(([, value]) => value !== null && value !== "");
  if (!held.length) return [];
  return [element("details", {}, element("summary", {}, word("events_original", { count: String(held.length) })),
    element("dl", { class: "original" }, ...held.flatMap(([name, value]) => [element("dt", {}, element("bdi", {}, name)), element("dd", { dir: "auto" }, String(value))])))];
}
