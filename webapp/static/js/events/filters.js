// The panel of filters: what can be chosen, with how many each choice would leave, and what is chosen as chips.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { index } from "../map/layers.js";
import { get } from "../core/state.js";
import { boot, nameOf, quantityText, said, word } from "../core/i18n.js";
import { FILTERS, LISTS, asked, change, layer, onChange, values } from "./query.js";
import { named } from "./styles.js";

const TYPED = ["deaths_min", "deaths_max", "from", "to", "place", "polygon", "target", "km", "within"];
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
    waiting = setTimeout(() => change({ text: find("f-text").value.trim() || null }, { step: false }), WAIT);
  });
  for (const name of TYPED) {
    // A distance and what it is from are one filter: a change of either takes both as they stand.
    const together = NEAR.includes(name) ? NEAR : [name];
    find(`f-${name}`).addEventListener("change", () => change(Object.fromEntries(together.map((one) => [one, typed(one)]))));
  }
  find("f-clear").addEventListener("click", () => change(Object.fromEntries(FILTERS.map((name) => [name, null]))));
  fillTargets();
  fillPlaces();
  onChange(fillFields);
  fillFields();
}

function typed(name) {
  const value = find(`f-${name}`).value.trim();
  if (name === "polygon") return value.replace(/\s*\n\s*/g, ";") || null;
  return (name === "within" && value === "possibly" ? "" : value) || null;
}

/** Bring the fields to what the address says. */
function fillFields() {
  for (const name of ["text", ...TYPED]) {
    const field = find(`f-${name}`);
    const held = get(name) || (name === "within" ? "possibly" : "");
    if (document.activeElement !== field || name !== "text") field.value = name === "polygon" ? held.replaceAll(";", "\n") : held;
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
  const areas = [...index.values()].filter((one) => ["countries", "governorates"].includes(one.layer) && one.feature.geometry);
  find("f-places").append(...areas.map(({ feature }) => element("option", { value: feature.id }, nameOf(feature.properties))));
}

/** Show the choices with their counts, each counted with all filters but its own. */
export async function fillChoices(summary) {
  for (const name of LISTS) {
    if (name !== "governorate") fillList(name, summary.facets[name] || []);
  }
  drawChips();
  const shares = await api.events(layer, "regions", { ...asked(["governorate"]), by: "governorate" }, "choices").catch(() => null);
  if (!shares) return;
  fillList("governorate", shares.items.filter((one) => one.count).map((one) => ({ ...one, label: one.name })));
  drawChips();
}

function fillList(name, items) {
  const chosen = values(name);
  for (const { id, label } of items) labels.set(`${name}/${id}`, label);
  // What is chosen stays to be seen, and to be unchosen, where it is not among those listed.
  const missing = chosen.filter((id) => !items.some((one) => one.id === id)).map((id) => ({ id, label: textOf(name, id), count: 0 }));
  const box = document.querySelector(`[data-list="${name}"]`);
  const focused = box.contains(document.activeElement) ? document.activeElement.value : null;
  box.closest("details").hidden = items.length < 2 && !chosen.length;
  box.closest("details").querySelector("summary span").textContent = chosen.length ? String(chosen.length) : "";
  box.replaceChildren(...[...missing, ...items].map((one) => choice(name, one, chosen)));
  if (focused !== null) box.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
}

function choice(name, { id, label, count }, chosen) {
  const box = element("input", { type: "checkbox", value: id, onchange: () => toggle(name, id, box.checked) });
  box.checked = chosen.includes(id);
  return element("li", {}, element("label", {}, box, element("bdi", {}, label || id)), element("bdi", { dir: "ltr", class: "count" }, count.toLocaleString("en")));
}

function toggle(name, id, on) {
  const held = values(name).filter((one) => one !== id);
  change({ [name]: (on ? [...held, id] : held).join("|") || null });
}

/** What is filtered, each part a button that takes it out. */
function drawChips() {
  const chips = [];
  for (const name of LISTS) for (const id of values(name)) chips.push(chip(`${word(`events_f_${name}`)}: ${textOf(name, id)}`, () => toggle(name, id, false)));
  const one = (name, text) => get(name) && chips.push(chip(text, () => change({ [name]: null })));
  one("text", `${word("events_f_text")}: ${get("text")}`);
  one("deaths_min", word("events_chip_least", { count: `\u2066${get("deaths_min")}\u2069` }));
  one("deaths_max", word("events_chip_most", { count: `\u2066${get("deaths_max")}\u2069` }));
  one("from", word("events_chip_from", { date: get("from") }));
  one("to", word("events_chip_to", { date: get("to") }));
  one("place", `${word("events_f_place")}: ${nameAt(get("place"))}`);
  one("polygon", word("events_f_polygon"));
  if (get("target") && get("km")) {
    const within = word(`events_chip_${get("within") || "possibly"}`, { km: quantityText({ number: get("km"), unit: "km" }), name: nameAt(get("target")) });
    chips.push(chip(within, () => change({ target: null, km: null, within: null })));
  }
  find("chips").replaceChildren(...chips);
  find("f-clear").hidden = chips.length === 0;
}

function chip(text, drop) {
  return element("li", {}, element("button", { type: "button", "aria-label": word("events_drop", { what: text }), onclick: drop }, element("bdi", {}, text), element("span", { "aria-hidden": "true" }, "×")));
}

const vocabulary = { category: "category", flag: "flag", precision: "precision", kind: "kind" };
const textOf = (name, id) => (id === "none" && name === "flag" ? word("events_no_flag") : labels.get(`${name}/${id}`) || (index.has(id) ? nameAt(id) : named(vocabulary[name] || name, id)));
const nameAt = (id) => (index.has(id) ? nameOf(index.get(id).feature.properties) : id);

const titleOf = (id) => said(boot.layers.find((one) => one.id === id)?.title);
