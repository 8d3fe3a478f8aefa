// The map as a list: every site and event as a row, with its distance to the border as the server measured it.

import * as api from "../core/api.js";
import { all, element, find, focusedWithin, svg } from "../core/dom.js";
import { index } from "./layers.js";
import { symbol, symbolOf } from "./symbols.js";
import { label, localized, nameOf, quantity, word } from "../core/i18n.js";

const BORDER = "border-iq-sy";
/** @type {Map<string, ProximityItem>} */
const measured = new Map();

/**
 * Fill both lists, first without distances, then with the server's. Rejects with an ApiError if a request fails.
 * @param {Act} act
 */
export async function fillLists(act) {
  render(act);
  const answers = await Promise.allSettled(["sites", "events"].map((layer) => api.measureLayer({ layer, target: BORDER })));
  for (const answer of answers) {
    if (answer.status === "fulfilled") for (const item of answer.value.items) measured.set(item.id, item);
  }
  render(act);
  const lost = answers.find((answer) => answer.status === "rejected");
  if (lost) throw lost.reason;
}

/** @param {Act} act */
function render(act) {
  /** @param {string} layer */
  const entriesOf = (layer) => [...index.values()].filter((entry) => entry.layer === layer);
  const sites = entriesOf("sites").toSorted((a, b) => (b.feature.properties.priority || 0) - (a.feature.properties.priority || 0));
  const events = entriesOf("events").toSorted((a, b) => dateOf(a.feature.properties).localeCompare(dateOf(b.feature.properties)));
  fill(find("list"), sites.map((entry) => featureRow(entry, act)));
  fill(find("events"), events.map((entry) => featureRow(entry, act)));
}

/**
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 */
function fill(list, rows) {
  const focused = focusedWithin(list)?.dataset.row;
  const pressed = all('[aria-pressed="true"]', HTMLElement, list)[0]?.dataset.row;
  list.replaceChildren(...(rows.length ? rows : [element("li", { class: "note" }, word("empty"))]));
  if (pressed) list.querySelector(`[data-row="${CSS.escape(pressed)}"]`)?.setAttribute("aria-pressed", "true");
  if (focused) all(`[data-row="${CSS.escape(focused)}"]`, HTMLElement, list)[0]?.focus();
}

/**
 * Return the first possible day of an event, for sorting; events without a date come last.
 * @param {FeatureProperties} p
 * @returns {string}
 */
export function dateOf(p) {
  return p.record_date?.date || p.record_date?.date_start || p.date_start || p.date_end || "9999";
}

/**
 * Return a feature as a row that selects it.
 * @param {Entry} entry
 * @param {Act} act
 * @returns {HTMLElement}
 */
export function featureRow(entry, act) {
  const { feature, layer } = entry;
  const p = feature.properties;
  const figure = layer === "events" ? localized(p.date_text) : distance(feature.id);
  const icon = layer === "sites" || layer === "events" || layer === "places" ? symbol(symbolOf(p), 20) : lineSign(layer);
  return element("li", {}, element("button", {
    type: "button", "data-row": feature.id, "aria-pressed": "false", onclick: () => act(feature.id, { focus: true }),
  }, icon, element("span", { class: "name" }, nameOf(p), element("small", {}, about(entry))),
  element("span", { class: layer === "events" ? "figure when" : "figure" }, figure, layer === "events" ? null : element("small", {}, countryOf(measured.get(feature.id))))));
}

/** @param {Entry} entry */
function about({ feature, layer }) {
  const p = feature.properties;
  const kind = layer === "events" ? label("event_type", p.event_type) : label("kind", p.kind);
  if (p.placeholder) return `${kind} · ${word("placeholder")}`;
  return p.identification ? `${kind} · ${word("identified")}` : kind;
}

/** @param {string} id */
function distance(id) {
  const item = measured.get(id);
  if (!item) return "";
  return item.display ? quantity(item.display) : element("span", { class: "none" }, word("no_position"));
}

/**
 * Return the country of a measured place, and whether that is certain.
 * @param {Pick<ProximityItem, "country"> | undefined} item
 * @returns {string}
 */
export function countryOf(item) {
  if (!item?.country) return "";
  const country = index.get(item.country.id);
  const name = country ? nameOf(country.feature.properties) : item.country.id;
  return item.country.certain ? name : word("not_certain", { name });
}

/** @param {string} layer */
function lineSign(layer) {
  const icon = svg("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true", class: `line-sign ${layer}` });
  icon.append(svg("path", { d: layer === "rivers" ? "M1 12c4-8 6 4 10-2s5-4 8-3" : "M1 14 8 10l4 2 7-7" }));
  return icon;
}
