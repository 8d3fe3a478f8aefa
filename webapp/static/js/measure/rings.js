// Rings in the panel: a table of totals, then the features of each ring by layer, the nearest first.

import { element, first } from "../core/dom.js";
import { index } from "../map/layers.js";
import { symbol, symbolOf } from "../map/symbols.js";
import { comma, label, localized, nameOf, pageContext, quantity, word } from "../core/i18n.js";

const SHOWN = 5;
/** @type {[Certainty, string, string][]} */
const WORDS = [["certainly", "certainly_within", ""], ["possibly", "possibly_within", "half"]];
/** @param {string | number} text */
const upright = (text) => element("bdi", { dir: "ltr" }, String(text));

/**
 * Return the rings of an answer; `act` selects a feature.
 * @param {RingsAnswer} answer
 * @param {Act} act
 * @returns {HTMLElement[]}
 */
export function ringsContent(answer, act) {
  const uncertain = answer.around.some((place) => place.uncertainty_m);
  return [
    summary(answer), ...areas(answer), ...answer.rings.map((ring, at) => contents(ring, at, act)),
    answer.left_out.length > 0 && element("p", { class: "note" }, `${word("rings_left_out")} ${answer.left_out.map((layer) => localized(layer.title)).join(comma)}`),
    element("p", { class: "note" }, word("rings_note"), uncertain ? ` ${word("band_note")}` : ""),
  ].filter((part) => part !== false);
}

/**
 * Return the table of totals of each ring, smaller rings included.
 * @param {RingsAnswer} answer
 */
function summary(answer) {
  const heads = ["radius", "certainly", "possibly", "area_of_ring"].map((key) => element("th", { scope: "col" }, word(`rings_${key}`)));
  const rows = answer.rings.map((ring) => element("tr", {}, element("th", { scope: "row" }, kilometres(ring)),
    ...WORDS.map(([name]) => element("td", {}, ...counted(ring.totals?.[name]))),
    element("td", {}, ring.areas.length === 1 ? area(ring.areas[0]) : "–")));
  return element("table", { class: "ring-totals" }, element("caption", { class: "unseen" }, word("rings_totals")),
    element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
}

/** @param {Ring} ring */
const kilometres = (ring) => quantity({ number: String(ring.km), unit: "km" });
/** @param {RingArea} area */
const area = ({ display }) => (display ? quantity(display) : word("rings_nothing_left"));

/** @param {RingTotals | undefined} totals */
function counted(totals) {
  if (!totals) return ["–"];
  /** @type {[string, string | number][]} */
  const parts = [];
  if (totals.events > 0) parts.push([word("list_events"), totals.events]);
  if (totals.killed) parts.push([word("killed"), span(totals.killed)]);
  return [upright(totals.features), ...parts.map(([name, figure]) => element("small", {}, `${name} `, upright(figure)))];
}

/** @param {Range} range */
function span({ low, high }) {
  if (high === null) return `≥ ${low}`;
  return low === high ? String(low) : `${low}–${high}`;
}

/**
 * Return the area of each ring, if there are several centres.
 * @param {RingsAnswer} answer
 */
function areas(answer) {
  const several = answer.rings.filter((ring) => ring.areas.length > 1);
  if (!several.length) return [];
  const names = new Map(answer.around.map((place) => [place.id, localized(place.name)]));
  const rows = several.flatMap((ring) => ring.areas.map((part) => element("li", {}, `${names.get(part.around)}${comma}`, kilometres(ring), ": ", area(part))));
  return [element("details", {}, element("summary", {}, word("rings_areas")), element("ul", {}, ...rows))];
}

/**
 * @param {Ring} ring
 * @param {number} at
 * @param {Act} act
 */
function contents(ring, at, act) {
  const note = ring.certainty_note && element("p", { class: "mark" }, localized(ring.certainty_note));
  const { totals } = ring;
  if (!totals) return element("section", { class: "ring" }, element("h4", { class: "ring-head" }, kilometres(ring)), note);
  return element("section", { class: "ring" }, note,
    ...WORDS.flatMap(([name, key, half]) => [
      element("h4", { class: "group" }, element("i", { class: half, "aria-hidden": "true" }), word(key, { km: ring.km }), element("span", {}, upright(totals[name].features))),
      ...listed(ring, totals[name], name, at, act),
    ]));
}

/**
 * Return the features that no smaller ring lists: by layer, five at first; those known only by country in one line.
 * @param {Ring} ring
 * @param {RingTotals} totals
 * @param {Certainty} name
 * @param {number} at
 * @param {Act} act
 */
function listed(ring, totals, name, at, act) {
  const items = ring[name];
  const wide = items.filter((item) => item.country_wide);
  const near = Map.groupBy(items.filter((item) => !item.country_wide), (item) => item.layer);
  const count = items.length + ring.unlisted[name];
  return [
    at > 0 && totals.features > 0 && element("p", { class: "note" }, `${word("rings_new")} `, upright(count)),
    ...[...near].map(([layer, rest]) => group(layer, rest, act)),
    wide.length > 0 && element("details", { class: "wide" }, element("summary", {}, `${word("rings_wide")} `, upright(wide.length)), element("ul", { class: "rows" }, ...wide.map((item) => row(item, act)))),
    ring.unlisted[name] > 0 && element("p", { class: "note" }, `${word("rings_unlisted")} `, upright(ring.unlisted[name])),
  ];
}

/**
 * @param {string} layer
 * @param {RingItem[]} items
 * @param {Act} act
 */
function group(layer, items, act) {
  const rows = items.map((item, at) => row(item, act, at >= SHOWN));
  const title = pageContext.layers.find((entry) => entry.id === layer)?.title;
  return element("div", {}, element("h5", { class: "layer-head" }, localized(title) || layer, " ", upright(items.length)),
    element("ul", { class: "rows" }, ...rows), items.length > SHOWN && opener(rows.slice(SHOWN)));
}

/**
 * Return a button that shows and hides the rest of a list; on opening, its first row gets the focus.
 * @param {HTMLElement[]} rest
 */
function opener(rest) {
  const button = element("button", { type: "button", class: "link more", "aria-expanded": "false" }, word("rings_more", { count: rest.length }));
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? word("rings_fewer") : word("rings_more", { count: rest.length });
    for (const item of rest) item.hidden = !open;
    if (open) first("button", rest[0]).focus();
  });
  return button;
}

/**
 * @param {RingItem} item
 * @param {Act} act
 * @param {boolean} [hidden]
 */
function row(item, act, hidden = false) {
  const entry = index.get(item.id);
  return element("li", { hidden }, element("button", {
    type: "button", "data-row": item.id, "aria-pressed": "false", onclick: () => act(item.id, { focus: true }),
  }, entry ? symbol(symbolOf(entry.feature.properties), 20) : element("span", {}), element("span", { class: "name" }, localized(item.name), element("small", {}, about(item, entry))),
  element("span", { class: "figure" }, quantity(item.display))));
}

/**
 * @param {RingItem} item
 * @param {Entry | undefined} entry
 */
function about(item, entry) {
  const p = entry?.feature.properties;
  const kind = p?.event_type ? `${label("event_type", p.event_type)} · ${localized(p.date_text)}` : label("kind", item.kind);
  const country = item.country?.certain && index.get(item.country.id);
  return [kind, item.placeholder && word("placeholder"), country && nameOf(country.feature.properties)].filter(Boolean).join(comma);
}
