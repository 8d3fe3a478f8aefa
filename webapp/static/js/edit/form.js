// The form of a feature: its names, kind, place and how well it is known, its sources, and who edits it and why.

import { digits } from "../core/arabic.js";
import { element, find, svg } from "../core/dom.js";
import { boot, label, nameOf, word } from "../core/i18n.js";

const SITES = ["air_base", "airport", "outpost", "headquarters", "camp", "prison", "city", "town", "crossing", "place"];
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,،;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
let shown = null;

const layerOf = (id) => boot.layers.find((one) => one.id === id);
const isEvent = (id) => layerOf(id)?.kind === "event";

/** @returns {object} what the form begins with: the feature, or a new one. */
export function draft({ feature }) {
  if (feature) return { geometry: feature.geometry, properties: feature.properties, by: boot.editing.who, why: "" };
  return { geometry: null, properties: { sources: [] }, by: boot.editing.who, why: "" };
}

/** @returns {HTMLElement} the form; `state` says which feature, `given` what stands in it. */
export function render(state, given, on) {
  shown = { state, given };
  const p = given.properties;
  const event = isEvent(state.layer);
  const kinds = event ? Object.keys(boot.vocabulary.event_type) : [...new Set([...SITES, ...(p.kind ? [p.kind] : [])])];
  const kind = event ? select("kind", word("edit_event_type"), kinds.map((id) => [id, label("event_type", id)]), p.event_type)
    : select("kind", word("col_kind"), kinds.map((id) => [id, label("kind", id)]), p.kind);
  return element("form", { class: "fields", id: "edit-form", onsubmit: on.save },
    state.id ? element("p", { class: "note" }, element("bdi", { dir: "ltr" }, `${state.layer}/${state.id}`)) : layers(state, on),
    text("name_ar", word("edit_name_ar"), p.name_ar, { lang: "ar", dir: "rtl" }), text("name_en", word("edit_name_en"), p.name_en, { lang: "en", dir: "ltr" }),
    kind, position(given, on), text("radius", word("edit_radius"), p.coordinateUncertaintyInMeters, { inputmode: "decimal", dir: "ltr", oninput: on.typed }),
    select("precision", word("col_precision"), Object.keys(boot.vocabulary.precision).map((id) => [id, label("precision", id)]), p.precision),
    ...event ? [text("start", word("edit_start"), p.date_start, { type: "date" }), text("end", word("edit_end"), p.date_end, { type: "date" })] : [],
    sources(p.sources || []),
    text("by", word("edit_by"), given.by, { required: true, autocomplete: "name" }), text("why", word("edit_why"), given.why),
    element("div", { class: "tool-actions" }, element("button", { class: "open-tool primary" }, word("edit_save")),
      element("button", { type: "button", class: "plain", onclick: on.cancel }, word("cancel"))),
    state.id ? removal(on.remove) : null);
}

function text(name, caption, value, more = {}) {
  const input = element("input", { type: "text", id: `edit-${name}`, dir: "auto", autocomplete: "off", maxlength: "300", ...more });
  input.value = value ?? "";
  return element("div", {}, element("label", { for: `edit-${name}` }, caption), input);
}

function select(name, caption, options, value) {
  const held = element("select", { id: `edit-${name}` }, element("option", { value: "" }, "–"), ...options.map(([id, words]) => element("option", { value: id }, words)));
  held.value = value ?? "";
  return element("div", {}, element("label", { for: `edit-${name}` }, caption), held);
}

function layers(state, on) {
  const held = element("select", { id: "edit-layer", onchange: (event) => on.layer(event.target.value) },
    ...boot.editing.layers.map((id) => element("option", { value: id }, nameOf({ name_en: layerOf(id).title.en, name_ar: layerOf(id).title.ar }))));
  held.value = state.layer;
  return element("div", {}, element("label", { for: "edit-layer" }, word("edit_layer")), held);
}

function position({ geometry }, on) {
  const point = geometry?.type === "Point" ? `${geometry.coordinates[1]}, ${geometry.coordinates[0]}` : "";
  const input = element("input", { type: "text", id: "edit-at", dir: "ltr", autocomplete: "off", inputmode: "text", oninput: on.typed, "aria-describedby": "edit-at-hint" });
  input.value = point;
  const target = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("circle", { cx: 10, cy: 10, r: 5.5 }), svg("path", { d: "M10 1v5M10 14v5M1 10h5M14 10h5" }));
  const other = geometry && geometry.type !== "Point";
  return element("div", {}, element("label", { for: "edit-at" }, word("edit_at")),
    element("div", { class: "pick" }, input, element("button", { type: "button", "aria-label": word("pick"), title: word("pick"), onclick: on.pick }, target)),
    element("p", { class: "note hint", id: "edit-at-hint" }, word(other ? "edit_shape" : "edit_at_hint")));
}

function sources(chosen) {
  const ids = Object.keys(boot.sources).toSorted((a, b) => Number(chosen.includes(b)) - Number(chosen.includes(a)) || titleOf(a).localeCompare(titleOf(b)));
  const list = element("select", { id: "edit-sources", multiple: true, size: "5" }, ...ids.map((id) => element("option", { value: id, selected: chosen.includes(id) }, titleOf(id))));
  return element("div", {}, element("label", { for: "edit-sources" }, word("sources")), list, element("p", { class: "note hint" }, word("edit_sources_hint")));
}

const titleOf = (id) => [boot.sources[id].outlet || boot.sources[id].author, boot.sources[id].title].filter(Boolean).join(": ") || id;

/** To delete takes two presses: what is deleted stays in the history, but it is gone from the map. */
function removal(remove) {
  const button = element("button", { type: "button", class: "plain danger", id: "edit-delete" }, word("edit_delete"));
  let sure = false;
  button.addEventListener("click", () => {
    if (sure) { remove(); return; }
    sure = true;
    button.textContent = word("edit_sure");
  });
  button.addEventListener("blur", () => { sure = false; button.textContent = word("edit_delete"); });
  return element("p", { class: "removal" }, button);
}

const value = (name) => find(`edit-${name}`)?.value.trim() ?? "";

/** @returns {object} the feature as it stands in the form, as the server takes it. */
export function read() {
  const { state, given } = shown;
  const pair = PAIR.exec(digits(value("at")));
  const other = given.geometry && given.geometry.type !== "Point" && !value("at");
  // What is no pair of numbers goes to the server as it is: it says what is allowed.
  const typed = value("at") && !pair ? { type: "Point", coordinates: [value("at")] } : null;
  const geometry = pair ? { type: "Point", coordinates: [Number(pair[2]), Number(pair[1])] } : typed || (other ? given.geometry : null);
  const radius = digits(value("radius"));
  const properties = {
    name_ar: value("name_ar") || null, name_en: value("name_en") || null, precision: value("precision") || null,
    [isEvent(state.layer) ? "event_type" : "kind"]: value("kind") || null,
    coordinateUncertaintyInMeters: radius === "" ? null : Number.isFinite(Number(radius)) ? Number(radius) : radius,
    sources: [...find("edit-sources").selectedOptions].map((one) => one.value),
    ...isEvent(state.layer) && { date_start: value("start") || null, date_end: value("end") || value("start") || null },
  };
  return { ...(!state.id && { id: slug(properties.name_en) }), geometry, properties, by: value("by"), why: value("why") };
}

/** @returns {string} an id made of a name: the layer's own words, and letters enough to be alone. */
function slug(name) {
  const plain = (name || "").normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60).replace(/-$/, "");
  return `${plain || "feature"}-${Date.now().toString(36)}`;
}
