// The measure panel: a distance, the nearest border, or rings; each result drawn, listed, undone, taken away.

import * as api from "../core/api.js";
import { fold } from "../core/arabic.js";
import { element, find, svg } from "../core/dom.js";
import { draw, spanOf } from "./measurement-overlay.js";
import { index } from "../map/layers.js";
import { fit, narrow } from "../map/leaflet.js";
import { headline, result } from "./results.js";
import { get, hadView, put } from "../core/state.js";
import { showTool } from "../map/panel.js";
import { boot, lang, nameOf, word } from "../core/i18n.js";

const MODES = { distance: "tool_distance", border: "tool_border", rings: "tool_rings" };
const ANALYSIS = { distance: "distance", border: "proximity", rings: "buffer" };
const FIELDS = { distance: ["layer", "target"], border: ["layer", "target"], rings: ["layer", "km"] };
const CHOOSABLE = ["site", "event", "place", "governorate", "wall", "border", "river"];
const LINES = ["border", "wall", "river"];

const given = { layer: "", target: "", km: "25, 50", border: boot.reference };
const results = [];
let mode = "distance";
let picking = null;
let context = null;

/** Wire the panel to the map. `act` selects a feature, `opened` is called when the panel opens. */
export function wireMeasure(map, act, opened) {
  context = { map, act, opened };
  find("open-measure").addEventListener("click", () => open());
  document.addEventListener("masafa:measure", (event) => {
    const { mode: asked, id } = event.detail;
    given.layer = nameFor(id);
    if (asked === "distance") given.target = "";
    open(asked, asked === "distance" ? "target" : null);
    if (asked !== "distance") measure();
  });
  document.addEventListener("masafa:tool", ({ detail }) => { if (detail !== "measure" && picking) pick(null); });
  map.on("click", (event) => { if (picking) picked(`${event.latlng.lng.toFixed(6)},${event.latlng.lat.toFixed(6)}@${map.getZoom()}`); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && picking) pick(null); });
}

/** Take a click on a feature while picking; returns whether it was taken. */
export function pickFeature(id) {
  if (!picking) return false;
  picked(nameFor(id));
  return true;
}

/** Open the panel with a position put in. */
export function measureFrom(position) {
  given.layer = position;
  open("border");
  measure();
}

/** Ask again what the address holds. */
export async function restore() {
  for (const part of (get("m") || "").split("~").filter(Boolean)) {
    const [name, layer, more] = part.split("*");
    if (!MODES[name] || !layer || !more) continue;
    Object.assign(given, { layer: nameFor(layer), ...taken(name, more) });
    open(name, null, true);
    await measure(name, { layer, [FIELDS[name][1]]: more, ...(name === "border" && { sensitivity: "true" }) }, hadView);
  }
}

function taken(name, more) {
  if (name === "rings") return { km: more };
  return name === "border" ? { border: more } : { target: nameFor(more) };
}

function open(asked = mode, focus = null, quiet = false) {
  mode = asked;
  document.dispatchEvent(new CustomEvent("masafa:tool", { detail: "measure" }));
  showTool(true);
  context.opened();
  render();
  if (quiet) return;
  (focus ? find(`in-${focus}`) : find("tool").querySelector("h2")).focus();
}

function close() {
  pick(null);
  showTool(false);
  find("open-measure").focus();
}

function render() {
  find("tool").replaceChildren(
    element("div", { class: "tool-head" }, element("h2", { tabindex: "-1" }, word("measure")),
      element("button", { type: "button", class: "close", "aria-label": word("close"), onclick: close }, "×")),
    element("div", { class: "modes", role: "group", "aria-label": word("tools") }, ...Object.entries(MODES).map(([name, key]) => element("button", {
      type: "button", "aria-pressed": String(name === mode), onclick: () => { mode = name; render(); find("tool").querySelector('[aria-pressed="true"]').focus(); },
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

function place(name, key) {
  const input = element("input", { type: "text", id: `in-${name}`, list: "choices", required: true, dir: "auto", autocomplete: "off", maxlength: "200", oninput: (event) => { given[name] = event.target.value; } });
  input.value = given[name];
  const target = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("circle", { cx: 10, cy: 10, r: 5.5 }), svg("path", { d: "M10 1v5M10 14v5M1 10h5M14 10h5" }));
  return element("div", {}, element("label", { for: `in-${name}` }, word(key)),
    element("div", { class: "pick" }, input, element("button", {
      type: "button", "aria-label": `${word("pick")}: ${word(key)}`, title: word("pick"), "aria-pressed": String(picking === name), onclick: () => pick(picking === name ? null : name),
    }, target)));
}

function targets() {
  const lines = [...index.values()].filter((entry) => LINES.includes(entry.kind));
  const choices = [["borders", word("all_borders")], ...lines.map((entry) => [entry.feature.id, nameOf(entry.feature.properties)])];
  const select = element("select", { id: "in-target", onchange: (event) => { given.border = event.target.value; } },
    ...choices.map(([id, name]) => element("option", { value: id }, name)));
  select.value = given.border;
  return element("div", {}, element("label", { for: "in-target" }, word("target")), select);
}

function radii() {
  const input = element("input", { type: "text", id: "in-km", required: true, dir: "ltr", autocomplete: "off", maxlength: "100", oninput: (event) => { given.km = event.target.value; } });
  input.value = given.km;
  return element("div", {}, element("label", { for: "in-km" }, word("radii")), input);
}

function options() {
  const names = new Set([...index.values()].filter((entry) => CHOOSABLE.includes(entry.kind)).map((entry) => nameOf(entry.feature.properties)));
  return element("datalist", { id: "choices" }, ...[...names].map((name) => element("option", { value: name })));
}

function pick(name) {
  picking = name;
  document.body.classList.toggle("picking", Boolean(name));
  if (!find("tool").hidden) { render(); if (name) find(`in-${name}`).focus(); }
}

function picked(value) {
  const name = picking;
  given[name] = value;
  pick(null);
  find(`in-${name}`)?.focus();
}

const nameFor = (id) => (index.has(id) ? nameOf(index.get(id).feature.properties) : id);

/** What a name that was typed or chosen stands for: an id, or the text itself for the server to read. */
function idFor(text) {
  const asked = text.trim();
  if (index.has(asked)) return asked;
  const wanted = fold(asked);
  const exact = [...index.values()].filter((entry) => CHOOSABLE.includes(entry.kind) && [entry.feature.properties.name_ar, entry.feature.properties.name_en, ...(entry.feature.properties.aliases || [])].some((name) => name && fold(name) === wanted));
  exact.sort((a, b) => CHOOSABLE.indexOf(a.kind) - CHOOSABLE.indexOf(b.kind));
  return exact.length ? exact[0].feature.id : asked;
}

function inputsOf() {
  if (mode === "distance") return { layer: idFor(given.layer), target: idFor(given.target) };
  if (mode === "border") return { layer: idFor(given.layer), target: given.border, sensitivity: "true" };
  return { layer: idFor(given.layer), km: given.km.trim() };
}

async function measure(asked = mode, inputs = inputsOf(), quiet = false) {
  const analysis = ANALYSIS[asked];
  find("problem")?.remove();
  find("results").setAttribute("aria-busy", "true");
  try {
    const [answer, collection] = await Promise.all([api.ask(analysis, inputs), api.drawing(analysis, inputs)]);
    // Rings measured again take the place of those drawn before.
    if (asked === "rings") erase((one) => one.asked === "rings");
    const group = draw(context.map, collection);
    results.unshift({ asked, analysis, inputs, answer, group });
    listResults();
    remember();
    if (narrow.matches) find("results")?.scrollIntoView({ block: "start" });
    if (!quiet && spanOf(group)) fit(context.map, spanOf(group), { maxZoom: 11 });
  } catch (error) {
    if (!(error instanceof api.Problem)) throw error;
    find("results")?.before(element("p", { class: "problem", id: "problem", role: "alert" }, word("cannot_measure"), " ",
      element("bdi", {}, error.message || word("failed"))));
  } finally {
    find("results")?.removeAttribute("aria-busy");
  }
}

function listResults() {
  const box = find("results");
  if (!box) return;
  box.replaceChildren(...(results.length ? results.map((one, position) => {
    const made = result(one.analysis, one.inputs, one.answer, context.act);
    return position === 0 ? made : element("details", { class: "older" }, element("summary", {}, headline(one.analysis, one.answer)), made);
  }) : [element("p", { class: "note" }, word("nothing_measured"))]));
  for (const button of find("tool").querySelectorAll(".plain")) button.disabled = !results.length;
}

function undo() {
  results.shift()?.group.erase();
  listResults();
  remember();
}

function erase(chosen) {
  for (const one of results.filter(chosen)) {
    one.group.erase();
    results.splice(results.indexOf(one), 1);
  }
}

function clear() {
  erase(() => true);
  listResults();
  remember();
}

function remember() {
  // The radii as they were read: what was typed may hold the marks of the address.
  const parts = results.toReversed().map(({ asked, inputs, answer }) => [asked, inputs.layer, asked === "rings" ? answer.inputs.parameters.km.join(",") : inputs[FIELDS[asked][1]]].join("*"));
  put({ m: parts.join("~") || null });
}

