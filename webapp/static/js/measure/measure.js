// The measure panel: a distance, the nearest border, or rings; each result is drawn, listed, and can be undone or downloaded.

import * as api from "../core/api.js";
import { fold } from "../core/arabic.js";
import { all, element, find, first, lookup, svg, markInvalid } from "../core/dom.js";
import { drawMeasurement } from "./measurement-overlay.js";
import { featureName, index } from "../map/layers.js";
import { fitBounds, narrow } from "../map/leaflet.js";
import { headline, resultArticle } from "./results.js";
import { getParam, hadView, setParams } from "../core/state.js";
import { showTool } from "../map/panel.js";
import { lang, nameOf, pageContext, word } from "../core/i18n.js";

/** @type {Record<MeasureMode, string>} */
const MODES = { distance: "tool_distance", border: "tool_border", rings: "tool_rings" };
/** @type {Record<MeasureMode, string>} */
const ANALYSIS = { distance: "distance", border: "proximity", rings: "buffer" };
/** @type {Record<MeasureMode, ["layer", "target" | "km"]>} */
const FIELDS = { distance: ["layer", "target"], border: ["layer", "target"], rings: ["layer", "km"] };
const CHOOSABLE = ["site", "event", "place", "governorate", "wall", "border", "river"];
const LINES = ["border", "wall", "river"];

const typed = { layer: "", target: "", km: "25, 50", border: pageContext.reference };
/** @type {MeasureResult[]} */
const results = [];
/** @type {MeasureMode} */
let mode = "distance";
/** @type {MeasureField | null} */
let picking = null;
/** @type {{ map: LeafletMap, act: Act, opened: () => void }} */
let context;

/**
 * Wire the panel to the map. `act` selects a feature, `opened` is called when the panel opens.
 * @param {LeafletMap} map
 * @param {Act} act
 * @param {() => void} opened
 */
export function wireMeasure(map, act, opened) {
  context = { map, act, opened };
  find("open-measure").addEventListener("click", () => open());
  document.addEventListener("masafa:measure", (event) => {
    const { mode: tool, id } = event.detail;
    typed.layer = featureName(id);
    if (tool === "distance") typed.target = "";
    open(tool, tool === "distance" ? "target" : null);
    if (tool !== "distance") measure();
  });
  document.addEventListener("masafa:tool", ({ detail }) => { if (detail !== "measure" && picking) pick(null); });
  map.on("click", (event) => { if (picking) picked(`${event.latlng.lng.toFixed(6)},${event.latlng.lat.toFixed(6)}@${map.getZoom()}`); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && picking) pick(null); });
}

/**
 * Use a click on a feature while a place is picked; return whether it was used.
 * @param {string} id
 */
export function pickFeature(id) {
  if (!picking) return false;
  picked(featureName(id));
  return true;
}

/**
 * Open the panel and measure from a position.
 * @param {string} position
 */
export function measureFrom(position) {
  typed.layer = position;
  open("border");
  measure();
}

/**
 * @param {string} name
 * @returns {name is MeasureMode}
 */
const isMode = (name) => Object.hasOwn(MODES, name);

/** Measure again what the address lists. */
export async function restore() {
  for (const part of (getParam("m") || "").split("~").filter(Boolean)) {
    const [name, layer, more] = part.split("*");
    if (!isMode(name) || !layer || !more) continue;
    Object.assign(typed, { layer: featureName(layer), ...parsePlace(name, more) });
    open(name, null, true);
    await measure(name, { layer, [FIELDS[name][1]]: more, ...(name === "border" && { sensitivity: "true" }) }, hadView);
  }
}

/**
 * @param {MeasureMode} name
 * @param {string} more
 */
function parsePlace(name, more) {
  if (name === "rings") return { km: more };
  return name === "border" ? { border: more } : { target: featureName(more) };
}

/**
 * @param {MeasureMode} [tool]
 * @param {MeasureField | null} [focus]
 * @param {boolean} [quiet]
 */
function open(tool = mode, focus = null, quiet = false) {
  mode = tool;
  document.dispatchEvent(new CustomEvent("masafa:tool", { detail: "measure" }));
  showTool(true);
  context.opened();
  render();
  if (quiet) return;
  (focus ? find(`in-${focus}`) : first("h2", find("tool"))).focus();
}

function close() {
  pick(null);
  showTool(false);
  find("open-measure").focus();
}

function render() {
  find("tool").replaceChildren(
    element("div", { class: "tool-head" }, element("h2", { tabindex: "-1" }, word("measure")),
      element("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), onclick: close }, "×")),
    element("div", { class: "modes", role: "group", "aria-label": word("tools") }, ...Object.entries(MODES).map(([name, key]) => element("button", {
      type: "button", "aria-pressed": String(name === mode), onclick: () => { if (isMode(name)) mode = name; render(); first('[aria-pressed="true"]', find("tool")).focus(); },
    }, word(key)))),
    form(), element("p", { class: "links" }, element("a", { href: `/proximity?lang=${lang}` }, word("table_title")), " ", element("a", { href: `/matrix?lang=${lang}` }, word("matrix_title"))),
    element("div", { id: "results", role: "region", "aria-live": "polite", "aria-label": word("results") }));
  listResults();
}

function form() {
  const fields = mode === "distance" ? [place("layer", "from"), place("target", "to")]
    : mode === "border" ? [place("layer", "from"), targets()] : [place("layer", "around"), radii()];
  return element("form", { class: "fields", onsubmit: (event) => { event.preventDefault(); measure(); } }, ...fields, options(),
    element("p", { class: "note hint", id: "pick-hint", role: "status" }, picking ? word("picking") : word("place_hint")),
    element("div", { class: "tool-actions" }, element("button", { class: "open-tool primary" }, word("do_measure")),
      element("button", { type: "button", class: "plain", onclick: undo, disabled: !results.length }, word("undo")),
      element("button", { type: "button", class: "plain", onclick: clear, disabled: !results.length }, word("clear"))));
}

/**
 * @param {MeasureField} name
 * @param {string} key
 */
function place(name, key) {
  const input = element("input", { type: "text", id: `in-${name}`, list: "choices", required: true, dir: "auto", autocomplete: "off", maxlength: "200" });
  input.addEventListener("input", () => { typed[name] = input.value; });
  input.value = typed[name];
  const target = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("circle", { cx: 10, cy: 10, r: 5.5 }), svg("path", { d: "M10 1v5M10 14v5M1 10h5M14 10h5" }));
  return element("div", {}, element("label", { for: `in-${name}` }, word(key)),
    element("div", { class: "pick" }, input, element("button", {
      type: "button", "aria-label": `${word("pick")}: ${word(key)}`, title: word("pick"), "aria-pressed": String(picking === name), onclick: () => pick(picking === name ? null : name),
    }, target)));
}

function targets() {
  const lines = [...index.values()].filter((entry) => LINES.includes(entry.kind));
  const choices = [["borders", word("all_borders")], ...lines.map((entry) => [entry.feature.id, nameOf(entry.feature.properties)])];
  const select = element("select", { id: "in-target" },
    ...choices.map(([id, name]) => element("option", { value: id }, name)));
  select.addEventListener("change", () => { typed.border = select.value; });
  select.value = typed.border;
  return element("div", {}, element("label", { for: "in-target" }, word("target")), select);
}

function radii() {
  const input = element("input", { type: "text", id: "in-km", required: true, dir: "ltr", autocomplete: "off", maxlength: "100" });
  input.addEventListener("input", () => { typed.km = input.value; });
  input.value = typed.km;
  return element("div", {}, element("label", { for: "in-km" }, word("radii")), input);
}

function options() {
  const names = new Set([...index.values()].filter((entry) => CHOOSABLE.includes(entry.kind)).map((entry) => nameOf(entry.feature.properties)));
  return element("datalist", { id: "choices" }, ...[...names].map((name) => element("option", { value: name })));
}

/** @param {MeasureField | null} name */
function pick(name) {
  picking = name;
  document.body.classList.toggle("picking", Boolean(name));
  if (!find("tool").hidden) { render(); if (name) find(`in-${name}`).focus(); }
}

/** @param {string} value */
function picked(value) {
  const name = picking;
  if (!name) return;
  typed[name] = value;
  pick(null);
  lookup(`in-${name}`)?.focus();
}

/**
 * Return the id of a feature by its name; the text itself if there is none, for the server to parse.
 * @param {string} text
 */
function idFor(text) {
  const query = text.trim();
  if (index.has(query)) return query;
  const wanted = fold(query);
  const exact = [...index.values()].filter((entry) => CHOOSABLE.includes(entry.kind) && [entry.feature.properties.name_ar, entry.feature.properties.name_en, ...(entry.feature.properties.aliases || [])].some((name) => name && fold(name) === wanted));
  exact.sort((a, b) => CHOOSABLE.indexOf(a.kind) - CHOOSABLE.indexOf(b.kind));
  return exact.length ? exact[0].feature.id : query;
}

/** @returns {Inputs} */
function inputsOf() {
  if (mode === "distance") return { layer: idFor(typed.layer), target: idFor(typed.target) };
  if (mode === "border") return { layer: idFor(typed.layer), target: typed.border, sensitivity: "true" };
  return { layer: idFor(typed.layer), km: typed.km.trim() };
}

/**
 * @param {MeasureMode} [tool]
 * @param {Inputs} [inputs]
 * @param {boolean} [quiet]
 */
async function measure(tool = mode, inputs = inputsOf(), quiet = false) {
  const analysis = ANALYSIS[tool];
  lookup("problem")?.remove();
  markInvalid(find("tool"), "", "problem");
  find("results").setAttribute("aria-busy", "true");
  try {
    const [answer, collection] = await Promise.all([api.execute(analysis, inputs), api.executeGeojson(analysis, inputs)]);
    // New rings replace those drawn before.
    if (tool === "rings") erase((entry) => entry.mode === "rings");
    const overlay = drawMeasurement(context.map, collection);
    results.unshift({ mode: tool, analysis, inputs, answer, overlay });
    listResults();
    remember();
    if (narrow.matches) lookup("results")?.scrollIntoView({ block: "start" });
    const bounds = overlay.group.getBounds();
    if (!quiet && bounds.isValid()) fitBounds(context.map, bounds, { maxZoom: 11 });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    lookup("results")?.before(element("p", { class: "problem", id: "problem", role: "alert" }, word("cannot_measure"), " ",
      element("bdi", {}, error.message || word("failed"))));
    markInvalid(find("tool"), error.body?.parameter ?? "", "problem");
  } finally {
    lookup("results")?.removeAttribute("aria-busy");
  }
}

function listResults() {
  const box = lookup("results");
  if (!box) return;
  box.replaceChildren(...(results.length ? results.map((entry, position) => {
    const article = resultArticle(entry.analysis, entry.inputs, entry.answer, context.act);
    return position === 0 ? article : element("details", { class: "older" }, element("summary", {}, headline(entry.answer)), article);
  }) : [element("p", { class: "note" }, word("nothing_measured"))]));
  for (const button of all(".plain", HTMLButtonElement, find("tool"))) button.disabled = !results.length;
}

function undo() {
  results.shift()?.overlay.erase();
  listResults();
  remember();
}

/** @param {(entry: MeasureResult) => boolean} chosen */
function erase(chosen) {
  for (const entry of results.filter(chosen)) {
    entry.overlay.erase();
    results.splice(results.indexOf(entry), 1);
  }
}

function clear() {
  erase(() => true);
  listResults();
  remember();
}

function remember() {
  // The radii as the server parsed them: the typed text may contain the separators of the parameter.
  const parts = results.toReversed().map((entry) => [entry.mode, entry.inputs.layer, entry.mode === "rings" ? entry.answer.inputs.parameters.km.join(",") : entry.inputs[FIELDS[entry.mode][1]]].join("*"));
  setParams({ m: parts.join("~") || null });
}

