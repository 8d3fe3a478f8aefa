// The filter panel: the choices with their counts, and the active filters as chips.

import * as api from "../core/api.js";
import { digits } from "../core/arabic.js";
import { all, element, field, find, first, focusedWithin } from "../core/dom.js";
import { featureName, index } from "../map/layers.js";
import { getParam } from "../core/state.js";
import { lang, localized, nameOf, pageContext, quantityText, word } from "../core/i18n.js";
import { FILTERS, LISTS, activeFilters, changeFilters, filterValues, layer, onFilterChange } from "./query.js";
import { termLabel } from "./styles.js";

const TYPED = ["deaths_min", "deaths_max", "from", "to", "place", "polygon", "target", "km", "within", "where"];
const NUMBERS = ["deaths_min", "deaths_max", "km"];
const NEAR = ["target", "km", "within"];
const WAIT = 300;
const TARGETS = ["borders", "wall", "rivers", "borders-alternatives", "sites"];
const labels = new Map();
let waiting = 0;

/** Wire every field to the address, and fill the lists of places and lines. */
export function wireFilters() {
  for (const id of ["filters", "text-form"]) find(id).addEventListener("submit", (event) => event.preventDefault());
  find("f-text").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => changeFilters({ text: field("f-text").value.trim() || null }, { step: false }), WAIT);
  });
  for (const name of TYPED) {
    // Distance and target are one filter: a change of either applies both.
    const together = NEAR.includes(name) ? NEAR : [name];
    find(`f-${name}`).addEventListener("change", () => changeFilters(Object.fromEntries(together.map((param) => [param, typed(param)]))));
  }
  find("f-clear").addEventListener("click", () => changeFilters(Object.fromEntries(FILTERS.map((name) => [name, null]))));
  fillTargets();
  fillPlaces();
  onFilterChange(fillFields);
  fillFields();
}

/** @param {string} name */
function typed(name) {
  const typedText = field(`f-${name}`).value.trim();
  const value = NUMBERS.includes(name) ? digits(typedText) : typedText;
  if (name === "polygon") return value.replace(/\s*\n\s*/g, ";") || null;
  return (name === "within" && value === "possibly" ? "" : value) || null;
}

/** Fill the fields from the address. */
function fillFields() {
  for (const name of ["text", ...TYPED]) {
    const input = field(`f-${name}`);
    const value = getParam(name) || (name === "within" ? "possibly" : "");
    if (document.activeElement !== input || name !== "text") input.value = name === "polygon" ? value.replaceAll(";", "\n") : value;
  }
  drawChips();
}

function fillTargets() {
  const groups = new Map();
  for (const { feature, layer: id } of index.values()) {
    if (!TARGETS.includes(id) && !id.startsWith("own-")) continue;
    if (!feature.geometry) continue;
    groups.set(id, [...(groups.get(id) || []), element("option", { value: feature.id }, nameOf(feature.properties))]);
  }
  const ordered = [...groups].toSorted((a, b) => TARGETS.indexOf(a[0]) - TARGETS.indexOf(b[0]));
  find("f-target").append(...ordered.map(([id, options]) => element("optgroup", { label: titleOf(id) }, ...options)));
}

function fillPlaces() {
  const areas = [...index.values()].filter((entry) => ["countries", "governorates"].includes(entry.layer) && entry.feature.geometry);
  const groups = Map.groupBy(areas.toSorted((a, b) => nameOf(a.feature.properties).localeCompare(nameOf(b.feature.properties), lang)), (entry) => entry.layer);
  find("f-place").append(...[...groups].map(([id, entries]) => element("optgroup", { label: titleOf(id) },
    ...entries.map(({ feature }) => element("option", { value: feature.id }, nameOf(feature.properties))))));
}

/**
 * Show the choices with their counts, each list counted with all filters but its own.
 * @param {EventSummary} summary
 */
export async function fillChoices(summary) {
  for (const name of LISTS) {
    if (name !== "governorate") fillList(name, summary.facets[name] || []);
  }
  drawChips();
  const shares = await api.queryEvents(layer, "regions", { ...activeFilters(["governorate"]), by: "governorate" }, "choices").catch(() => null);
  if (!shares) return;
  fillList("governorate", shares.items.filter((item) => item.count).map((item) => ({ ...item, label: item.name })));
  drawChips();
}

/**
 * @param {string} name
 * @param {FacetItem[]} items
 */
function fillList(name, items) {
  const chosen = filterValues(name);
  for (const { id, label } of items) labels.set(`${name}/${id}`, label);
  // A choice that is not among those listed stays visible, so that it can be removed.
  const missing = chosen.filter((id) => !items.some((item) => item.id === id)).map((id) => ({ id, label: textOf(name, id), count: 0 }));
  const box = first(`[data-list="${name}"]`);
  const active = focusedWithin(box);
  const focused = active instanceof HTMLInputElement ? active.value : null;
  const part = /** @type {HTMLDetailsElement} */ (box.closest("details"));
  part.hidden = items.length < 2 && !chosen.length;
  first("summary span", part).textContent = chosen.length ? String(chosen.length) : "";
  box.replaceChildren(...[...missing, ...items].map((item) => choice(name, item, chosen)));
  if (focused !== null) all(`input[value="${CSS.escape(focused)}"]`, HTMLInputElement, box)[0]?.focus();
}

/**
 * @param {string} name
 * @param {FacetItem} item
 * @param {string[]} chosen
 */
function choice(name, { id, label, count }, chosen) {
  const box = element("input", { type: "checkbox", value: id });
  box.addEventListener("change", () => toggle(name, id, box.checked));
  box.checked = chosen.includes(id);
  return element("li", {}, element("label", {}, box, element("bdi", {}, label || id)), element("bdi", { dir: "ltr", class: "count" }, count.toLocaleString("en")));
}

/**
 * @param {string} name
 * @param {string} id
 * @param {boolean} on
 */
function toggle(name, id, on) {
  const others = filterValues(name).filter((value) => value !== id);
  changeFilters({ [name]: (on ? [...others, id] : others).join("|") || null });
}

/** Draw the active filters, each with a button that removes it. */
function drawChips() {
  const chips = [];
  for (const name of LISTS) for (const id of filterValues(name)) chips.push(chip(`${word(`events_f_${name}`)}: ${textOf(name, id)}`, () => toggle(name, id, false)));
  /**
   * @param {string} name
   * @param {string} text
   */
  const addChip = (name, text) => getParam(name) && chips.push(chip(text, () => changeFilters({ [name]: null })));
  addChip("text", `${word("events_f_text")}: ${getParam("text")}`);
  addChip("deaths_min", word("events_chip_least", { count: `\u2066${getParam("deaths_min")}\u2069` }));
  addChip("deaths_max", word("events_chip_most", { count: `\u2066${getParam("deaths_max")}\u2069` }));
  addChip("from", word("events_chip_from", { date: getParam("from") }));
  addChip("to", word("events_chip_to", { date: getParam("to") }));
  addChip("place", `${word("events_f_place")}: ${featureName(getParam("place") ?? "")}`);
  addChip("polygon", word("events_f_polygon"));
  addChip("where", `${word("events_f_where")}: \u2066${getParam("where")}\u2069`);
  if (getParam("target") && getParam("km")) {
    const within = word(`events_chip_${getParam("within") || "possibly"}`, { km: quantityText({ number: getParam("km") ?? "", unit: "km" }), name: featureName(getParam("target") ?? "") });
    chips.push(chip(within, () => changeFilters({ target: null, km: null, within: null })));
  }
  find("chips").replaceChildren(...chips);
  find("f-clear").hidden = chips.length === 0;
}

/**
 * @param {string} text
 * @param {() => void} drop
 */
function chip(text, drop) {
  return element("li", {}, element("button", { type: "button", "aria-label": word("events_drop", { what: text }), onclick: drop }, element("bdi", {}, text), element("span", { "aria-hidden": "true" }, "×")));
}

/**
 * @param {string} name
 * @param {string} id
 */
const textOf = (name, id) => (id === "none" && name === "flag" ? word("events_no_flag") : labels.get(`${name}/${id}`) || (index.has(id) ? featureName(id) : termLabel(name, id)));

/** @param {string} id */
const titleOf = (id) => localized(pageContext.layers.find((entry) => entry.id === id)?.title);
