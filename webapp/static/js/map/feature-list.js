// The list twin of the map: every site and event as a row, with its distance to the border as the server measured it.

import * as api from "../core/api.js";
import { element, find, svg } from "../core/dom.js";
import { index } from "./layers.js";
import { sign, signOf } from "./symbols.js";
import { label, nameOf, quantity, said, word } from "../core/i18n.js";

const BORDER = "border-iq-sy";
const measured = new Map();

/** Fill both lists, first without distances; the server's answer follows. Rejects with a Problem where there is none. */
export async function fillLists(act) {
  render(act);
  const answers = await Promise.allSettled(["sites", "events"].map((layer) => api.ask("proximity", { layer, target: BORDER })));
  for (const answer of answers) {
    if (answer.status === "fulfilled") for (const item of answer.value.items) measured.set(item.id, item);
  }
  render(act);
  const lost = answers.find((answer) => answer.status === "rejected");
  if (lost) throw lost.reason;
}

function render(act) {
  const held = (layer) => [...index.values()].filter((entry) => entry.layer === layer);
  const sites = held("sites").toSorted((a, b) => b.feature.properties.priority - a.feature.properties.priority);
  const events = held("events").toSorted((a, b) => dateOf(a.feature.properties).localeCompare(dateOf(b.feature.properties)));
  fill(find("list"), sites.map((entry) => row(entry, act)));
  fill(find("events"), events.map((entry) => row(entry, act)));
}

function fill(list, rows) {
  const held = list.contains(document.activeElement) ? document.activeElement.dataset.row : null;
  const pressed = list.querySelector('[aria-pressed="true"]')?.dataset.row;
  list.replaceChildren(...(rows.length ? rows : [element("li", { class: "note" }, word("empty"))]));
  if (pressed) list.querySelector(`[data-row="${CSS.escape(pressed)}"]`)?.setAttribute("aria-pressed", "true");
  if (held) list.querySelector(`[data-row="${CSS.escape(held)}"]`)?.focus();
}

/** @returns {string} the first day an event may have had, for sorting; undated ones come last. */
export function dateOf(p) {
  return p.record_date?.date || p.record_date?.date_start || p.date_start || p.date_end || "9999";
}

/** @returns {HTMLElement} a feature as a row that selects it. */
export function row(entry, act) {
  const { feature, layer } = entry;
  const p = feature.properties;
  const figure = layer === "events" ? said(p.date_text) : distance(feature.id, p);
  const icon = layer === "sites" || layer === "events" || layer === "places" ? sign(signOf(p), 20) : lineSign(layer);
  return element("li", {}, element("button", {
    type: "button", "data-row": feature.id, "aria-pressed": "false", onclick: () => act(feature.id, { focus: true }),
  }, icon, element("span", { class: "name" }, nameOf(p), element("small", {}, about(entry))),
  element("span", { class: layer === "events" ? "figure when" : "figure" }, figure, layer === "events" ? null : element("small", {}, where(measured.get(feature.id))))));
}

function about({ feature, layer }) {
  const p = feature.properties;
  const kind = layer === "events" ? label("event_type", p.event_type) : label("kind", p.kind);
  if (p.placeholder) return `${kind} · ${word("placeholder")}`;
  return p.identification ? `${kind} · ${word("identified")}` : kind;
}

function distance(id) {
  const item = measured.get(id);
  if (!item) return "";
  return item.display ? quantity(item.display) : element("span", { class: "none" }, word("no_position"));
}

/** @returns {string} the country a measured place lies in, and whether that is certain. */
export function where(item) {
  if (!item?.country) return "";
  const country = index.get(item.country.id);
  const name = country ? nameOf(country.feature.properties) : item.country.id;
  return item.country.certain ? name : word("not_certain", { name });
}

function lineSign(layer) {
  const made = svg("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true", class: `line-sign ${layer}` });
  made.append(svg("path", { d: layer === "rivers" ? "M1 12c4-8 6 4 10-2s5-4 8-3" : "M1 14 8 10l4 2 7-7" }));
  return made;
}
