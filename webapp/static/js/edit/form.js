// The form of a feature: names, kind, position and uncertainty, sources, and the author and reason of the edit.

import { digits } from "../core/arabic.js";
import { element, field, find, lookup, svg } from "../core/dom.js";
import { label, localized, pageContext, word } from "../core/i18n.js";
import { makePicker, pickedIds } from "../ui/picker.js";

const SITES = ["air_base", "airport", "outpost", "headquarters", "camp", "prison", "city", "town", "crossing", "place"];
const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,،;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
/** @type {{ state: EditState, values: FeatureDraft }} */
let shown;

/** @param {string} id */
const layerOf = (id) => pageContext.layers.find((layer) => layer.id === id);
/** @param {string} id */
const isEvent = (id) => layerOf(id)?.kind === "event";

/**
 * Return the initial values of the form: the feature's, or those of a new one.
 * @param {EditState | null} state
 * @returns {FeatureDraft}
 */
export function draft(state) {
  const author = pageContext.editing?.who ?? "";
  const feature = state?.feature;
  if (feature) return { geometry: feature.geometry, properties: feature.properties, by: author, why: "" };
  return { geometry: null, properties: { sources: [] }, by: author, why: "" };
}

/**
 * Return the form of a feature, filled with values.
 * @param {EditState} state
 * @param {FeatureDraft} values
 * @param {FormActions} on
 * @returns {HTMLElement}
 */
export function renderForm(state, values, on) {
  shown = { state, values };
  const p = values.properties;
  const event = isEvent(state.layer);
  const kinds = event ? Object.keys(pageContext.vocabulary.event_type) : [...new Set([...SITES, ...(p.kind ? [p.kind] : [])])];
  const kind = event ? select("kind", word("edit_event_type"), kinds.map((id) => [id, label("event_type", id)]), p.event_type)
    : select("kind", word("col_kind"), kinds.map((id) => [id, label("kind", id)]), p.kind);
  return element("form", { class: "fields", id: "edit-form", onsubmit: on.save },
    state.id ? element("p", { class: "note" }, element("bdi", { dir: "ltr" }, `${state.layer}/${state.id}`)) : layers(state, on),
    text("name_ar", word("edit_name_ar"), p.name_ar, { lang: "ar", dir: "rtl" }), text("name_en", word("edit_name_en"), p.name_en, { lang: "en", dir: "ltr" }),
    kind, position(values, on), text("radius", word("edit_radius"), p.coordinateUncertaintyInMeters, { inputmode: "decimal", dir: "ltr", oninput: on.typed }),
    select("precision", word("col_precision"), Object.keys(pageContext.vocabulary.precision).map((id) => [id, label("precision", id)]), p.precision),
    ...event ? [text("start", word("edit_start"), p.date_start, { type: "date" }), text("end", word("edit_end"), p.date_end, { type: "date" })] : [],
    sources(p.sources || []),
    text("by", word("edit_by"), values.by, { required: true, autocomplete: "name" }), text("why", word("edit_why"), values.why),
    element("div", { class: "tool-actions" }, element("button", { class: "open-tool primary" }, word("edit_save")),
      element("button", { type: "button", class: "plain", onclick: on.cancel }, word("cancel"))),
    state.id ? removal(on.remove) : null);
}

/**
 * @param {string} name
 * @param {string} caption
 * @param {string | number | null | undefined} value
 * @param {Attributes} [more]
 */
function text(name, caption, value, more = {}) {
  const input = element("input", { type: "text", id: `edit-${name}`, dir: "auto", autocomplete: "off", maxlength: "300", ...more });
  input.value = String(value ?? "");
  return element("div", {}, element("label", { for: `edit-${name}` }, caption), input);
}

/**
 * @param {string} name
 * @param {string} caption
 * @param {[string, string][]} options
 * @param {string | null | undefined} value
 */
function select(name, caption, options, value) {
  const list = element("select", { id: `edit-${name}` }, element("option", { value: "" }, "–"), ...options.map(([id, words]) => element("option", { value: id }, words)));
  list.value = value ?? "";
  return element("div", {}, element("label", { for: `edit-${name}` }, caption), list);
}

/**
 * @param {EditState} state
 * @param {FormActions} on
 */
function layers(state, on) {
  const list = element("select", { id: "edit-layer" }, ...(pageContext.editing?.layers ?? []).map((id) => element("option", { value: id }, localized(layerOf(id)?.title))));
  list.addEventListener("change", () => on.layer(list.value));
  list.value = state.layer;
  return element("div", {}, element("label", { for: "edit-layer" }, word("edit_layer")), list);
}

/**
 * @param {FeatureDraft} draft
 * @param {FormActions} on
 */
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

/**
 * Return the picker of sources, in which a new one can be recorded.
 * @param {string[]} ids
 */
function sources(ids) {
  const chosen = JSON.stringify(ids.map((id) => ({ id, name: titleOf(id) })));
  const input = element("input", {
    type: "text", id: "edit-sources", dir: "auto", autocomplete: "off", maxlength: "200", "data-picker": "source", "data-separator": ",", "data-chosen": chosen, "aria-describedby": "edit-sources-hint",
  });
  const group = element("div", {}, element("label", { for: "edit-sources" }, word("sources")), input, element("p", { class: "note hint", id: "edit-sources-hint" }, word("edit_sources_hint")));
  makePicker(input);
  return group;
}

/** @param {string} id */
function titleOf(id) {
  const record = pageContext.sources[id];
  return record ? [record.outlet || record.author, record.title].filter(Boolean).join(": ") || id : id;
}

/**
 * Return the button that deletes the feature; it asks for a second press.
 * @param {() => void} remove
 */
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

/** @param {string} name */
const value = (name) => (lookup(`edit-${name}`) ? field(`edit-${name}`).value.trim() : "");

/** Return the values of the form as the server takes them. */
export function readForm() {
  const { state, values } = shown;
  const pair = PAIR.exec(digits(value("at")));
  const other = values.geometry && values.geometry.type !== "Point" && !value("at");
  // Text that is no pair of numbers is sent as it is: the server answers what is allowed.
  const typed = value("at") && !pair ? /** @type {GeoJSON.Point} */ ({ type: "Point", coordinates: /** @type {unknown} */ ([value("at")]) }) : null;
  /** @type {GeoJSON.Geometry | null} */
  const geometry = pair ? { type: "Point", coordinates: [Number(pair[2]), Number(pair[1])] } : typed || (other ? values.geometry : null);
  const radius = digits(value("radius"));
  /** @type {FeatureDraft["properties"]} */
  const properties = {
    name_ar: value("name_ar") || null, name_en: value("name_en") || null, precision: value("precision") || null,
    [isEvent(state.layer) ? "event_type" : "kind"]: value("kind") || null,
    coordinateUncertaintyInMeters: radius === "" ? null : Number.isFinite(Number(radius)) ? Number(radius) : radius,
    sources: pickedIds(find("edit-sources", HTMLInputElement)),
    ...isEvent(state.layer) && { date_start: value("start") || null, date_end: value("end") || value("start") || null },
  };
  return { ...(!state.id && { id: slug(properties.name_en) }), geometry, properties, by: value("by"), why: value("why") };
}

/**
 * Return an id from a name and the time, so that it is unique.
 * @param {string | null | undefined} name
 * @returns {string}
 */
function slug(name) {
  const base = (name || "").normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60).replace(/-$/, "");
  return `${base || "feature"}-${Date.now().toString(36)}`;
}
