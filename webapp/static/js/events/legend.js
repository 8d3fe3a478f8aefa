// What the picture means: the signs, the sizes, the steps of density, the circles and the outlines, as they are drawn now.

import { element, find, svg } from "../core/dom.js";
import { word } from "../core/i18n.js";
import { colouring, regionsBy } from "./query.js";
import { CELL, measure } from "./regions.js";
import { MOST, SHAPES, SIZES, classes, outline } from "./styles.js";

const TITLES = {
  regions: { count: "events_by_region", deaths: "events_killed_by_region" },
  cells: { count: "events_by_cell", deaths: "events_killed_by_cell" },
};
const count = (number) => number.toLocaleString("en");

/** Fill the legend for an answer; `ranked` and `labels` say how each category and actor is drawn and called. */
export function drawLegend(answer, { ranked, labels }) {
  find("events-legend").replaceChildren(...rows(answer, ranked, labels));
}

function rows(answer, ranked, labels) {
  const by = measure();
  if (answer.regions) return steps(answer.regions.items.map((one) => one[by]), TITLES.regions[by], word(`events_by_${regionsBy()}`));
  const made = answer.mode === "density" ? steps(answer.cells.map((one) => one[CELL[by]]), TITLES.cells[by]) : signs(answer, colouring(), ranked, labels);
  if (answer.mode === "points" && answer.u.some(Boolean)) made.push(row(element("i", { class: "swatch spread-way" }), word("legend_uncertainty")));
  if (answer.areas.length) made.push(row(element("i", { class: "swatch area-way" }), word("events_legend_area")));
  return made;
}

function signs(answer, by, ranked, labels) {
  if (by === "deaths") return SIZES.map(([from], at) => row(mark(0, SIZES[at][1], !from), sizeName(from, SIZES[at + 1]?.[0])));
  const held = [...ranked[by]].filter(([id]) => answer[by].includes(id));
  const made = held.map(([id, rank]) => row(mark(rank, 5.5), labels[by].get(id)));
  if (answer[by].some((id) => !ranked[by].has(id))) made.push(row(mark(MOST, 5.5), word("events_other")));
  if (by === "actor") made.push(element("li", { class: "note" }, word("events_actor_colour")));
  return made;
}

function sizeName(from, next) {
  if (!from) return word("events_no_deaths");
  return word("events_deaths_of", { span: `\u2066${next ? `${from}–${next - 1}` : `≥ ${from}`}\u2069` });
}

function steps(counts, key, title = "") {
  const most = Math.max(0, ...counts);
  const made = [element("li", { class: "legend-title" }, word(key, { what: title }))];
  if (measure() === "deaths" && counts.includes(0)) made.push(row(element("i", { class: "swatch none" }), word("events_no_deaths")));
  if (!most) return made;
  return [...made, ...classes(most).map(([at, least, largest]) => row(element("i", { class: `swatch ramp-${at}` }), element("bdi", { dir: "ltr" }, least === largest ? count(least) : `${count(least)}–${count(largest)}`)))];
}

function row(sign, text) {
  sign.setAttribute("aria-hidden", "true");
  return element("li", {}, sign, element("span", {}, text));
}

/** @returns {SVGElement} a sign as the canvas draws it. */
export function mark(rank, radius, hollow = false) {
  return svg("svg", { viewBox: "0 0 32 32", width: 32, height: 32, class: `event-mark mark-${rank}${hollow ? " hollow" : ""}` },
    svg("path", { d: outline(SHAPES[rank], 16, 16, radius) }));
}
