// What rings hold, in the panel: a table of everything inside, then each ring's own features by layer, the nearest first.

import { element } from "../core/dom.js";
import { index } from "../map/layers.js";
import { sign, signOf } from "../map/symbols.js";
import { boot, comma, label, nameOf, quantity, said, word } from "../core/i18n.js";

const SHOWN = 5;
const WORDS = [["certainly", "certainly_within", ""], ["possibly", "possibly_within", "half"]];
const upright = (text) => element("bdi", { dir: "ltr" }, String(text));

/** @returns {HTMLElement[]} the rings of an answer; `act` selects a feature. */
export function rings(answer, act) {
  const uncertain = answer.around.some((one) => one.uncertainty_m);
  return [
    summary(answer), ...areas(answer), ...answer.rings.map((ring, at) => contents(ring, at, act)),
    answer.left_out.length > 0 && element("p", { class: "note" }, `${word("rings_left_out")} ${answer.left_out.map((one) => said(one.title)).join(comma)}`),
    element("p", { class: "note" }, word("rings_note"), uncertain ? ` ${word("band_note")}` : ""),
  ].filter(Boolean);
}

/** Everything inside each ring, smaller rings included. */
function summary(answer) {
  const heads = ["radius", "certainly", "possibly", "area_of_ring"].map((key) => element("th", { scope: "col" }, word(`rings_${key}`)));
  const rows = answer.rings.map((ring) => element("tr", {}, element("th", { scope: "row" }, kilometres(ring)),
    ...WORDS.map(([name]) => element("td", {}, ...counted(ring.totals?.[name]))),
    element("td", {}, ring.areas.length === 1 ? area(ring.areas[0]) : "–")));
  return element("table", { class: "ring-totals" }, element("caption", { class: "unseen" }, word("rings_totals")),
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}

const kilometres = (ring) => quantity({ number: String(ring.km), unit: "km" });
const area = ({ display }) => (display ? quantity(display) : word("rings_nothing_left"));

function counted(totals) {
  if (!totals) return ["–"];
  const parts = [totals.events > 0 && [word("list_events"), totals.events], totals.killed && [word("killed"), span(totals.killed)]].filter(Boolean);
  return [upright(totals.features), ...parts.map(([name, figure]) => element("small", {}, `${name} `, upright(figure)))];
}

function span({ low, high }) {
  if (high === null) return `≥ ${low}`;
  return low === high ? String(low) : `${low}–${high}`;
}

/** The area of each ring, where there is one round each of several places. */
function areas(answer) {
  const several = answer.rings.filter((ring) => ring.areas.length > 1);
  if (!several.length) return [];
  const names = new Map(answer.around.map((one) => [one.id, said(one.name)]));
  const rows = several.flatMap((ring) => ring.areas.map((one) => element("li", {}, `${names.get(one.around)}${comma}`, kilometres(ring), ": ", area(one))));
  return [element("details", {}, element("summary", {}, word("rings_areas")), element("ul", {}, ...rows))];
}

function contents(ring, at, act) {
  const note = ring.certainty_note && element("p", { class: "mark" }, said(ring.certainty_note));
  if (!ring.totals) return element("section", { class: "ring" }, element("h4", { class: "ring-head" }, kilometres(ring)), note);
  return element("section", { class: "ring" }, note,
    ...WORDS.flatMap(([name, key, half]) => [
      element("h4", { class: "group" }, element("i", { class: half, "aria-hidden": "true" }), word(key, { km: ring.km }), element("span", {}, upright(ring.totals[name].features))),
      ...listed(ring, name, at, act),
    ]));
}

/** What no smaller ring has in the same list: by layer, five at first; what is known to a whole country in one line. */
function listed(ring, name, at, act) {
  const items = ring[name];
  const wide = items.filter((item) => item.country_wide);
  const near = Map.groupBy(items.filter((item) => !item.country_wide), (item) => item.layer);
  const count = items.length + ring.unlisted[name];
  return [
    at > 0 && ring.totals[name].features > 0 && element("p", { class: "note" }, `${word("rings_new")} `, upright(count)),
    ...[...near].map(([layer, held]) => group(layer, held, act)),
    wide.length > 0 && element("details", { class: "wide" }, element("summary", {}, `${word("rings_wide")} `, upright(wide.length)), element("ul", { class: "rows" }, ...wide.map((item) => row(item, act)))),
    ring.unlisted[name] > 0 && element("p", { class: "note" }, `${word("rings_unlisted")} `, upright(ring.unlisted[name])),
  ];
}

function group(layer, items, act) {
  const rows = items.map((item, at) => row(item, act, at >= SHOWN));
  const title = boot.layers.find((one) => one.id === layer)?.title;
  return element("div", {}, element("h5", { class: "layer-head" }, said(title) || layer, " ", upright(items.length)),
    element("ul", { class: "rows" }, ...rows), items.length > SHOWN && opener(rows.slice(SHOWN)));
}

/** A button that shows the rest of a list, and hides it again; opened, the first of the rest has the focus. */
function opener(rest) {
  const button = element("button", { type: "button", class: "link more", "aria-expanded": "false" }, word("rings_more", { count: rest.length }));
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? word("rings_fewer") : word("rings_more", { count: rest.length });
    for (const one of rest) one.hidden = !open;
    if (open) rest[0].querySelector("button").focus();
  });
  return button;
}

function row(item, act, hidden = false) {
  const entry = index.get(item.id);
  return element("li", { hidden }, element("button", {
    type: "button", "data-row": item.id, "aria-pressed": "false", onclick: () => act(item.id, { focus: true }),
  }, entry ? sign(signOf(entry.feature.properties), 20) : element("span", {}), element("span", { class: "name" }, said(item.name), element("small", {}, about(item, entry))),
  element("span", { class: "figure" }, quantity(item.display))));
}

function about(item, entry) {
  const p = entry?.feature.properties;
  const kind = p?.event_type ? `${label("event_type", p.event_type)} · ${said(p.date_text)}` : label("kind", item.kind);
  const country = item.country?.certain && index.get(item.country.id);
  return [kind, item.placeholder && word("placeholder"), country && nameOf(country.feature.properties)].filter(Boolean).join(comma);
}
