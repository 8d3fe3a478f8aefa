// The legend of the events: symbols, sizes, density classes, circles and outlines as they are drawn now.

import { element, find, svg } from "../core/dom.js";
import { word } from "../core/i18n.js";
import { colourBy, regionLevel } from "./query.js";
import { CELL, regionMeasure } from "./regions.js";
import { RANKED, SHAPES, SIZES, classes, symbolPath } from "./styles.js";

const TITLES = {
  regions: { count: "events_by_region", deaths: "events_killed_by_region" },
  cells: { count: "events_by_cell", deaths: "events_killed_by_cell" },
};
/** @param {number} number */
const count = (number) => number.toLocaleString("en");

/**
 * Fill the legend for an answer, with the ranks and labels of categories and actors.
 * @param {DrawnView} answer
 * @param {{ ranked: Ranks, labels: FacetLabels }} options
 */
export function drawLegend(answer, { ranked, labels }) {
  find("events-legend").replaceChildren(...legendRows(answer, ranked, labels));
}

/**
 * @param {DrawnView} answer
 * @param {Ranks} ranked
 * @param {FacetLabels} labels
 */
function legendRows(answer, ranked, labels) {
  const by = regionMeasure();
  if (answer.regions) return steps(answer.regions.items.map((item) => item[by]), TITLES.regions[by], word(`events_by_${regionLevel()}`));
  const rows = answer.mode === "density" ? steps(answer.cells.map((cell) => cell[CELL[by]]), TITLES.cells[by]) : signs(answer, colourBy(), ranked, labels);
  if (answer.mode === "points" && answer.u.some(Boolean)) rows.push(row(element("i", { class: "swatch spread-way" }), word("legend_uncertainty")));
  if (answer.areas.length) rows.push(row(element("i", { class: "swatch area-way" }), word("events_legend_area")));
  return rows;
}

/**
 * @param {DrawnView} answer
 * @param {ColourBy} by
 * @param {Ranks} ranked
 * @param {FacetLabels} labels
 */
function signs(answer, by, ranked, labels) {
  if (by === "deaths") return SIZES.map(([from], at) => row(mark(0, SIZES[at][1], !from), sizeName(from, SIZES[at + 1]?.[0])));
  const visible = [...ranked[by]].filter(([id]) => answer[by].includes(id));
  const rows = visible.map(([id, rank]) => row(mark(rank, 5.5), labels[by].get(id) ?? id));
  if (answer[by].some((id) => !ranked[by].has(id))) rows.push(row(mark(RANKED, 5.5), word("events_other")));
  if (by === "actor") rows.push(element("li", { class: "note" }, word("events_actor_colour")));
  return rows;
}

/**
 * @param {number} from
 * @param {number | undefined} next
 */
function sizeName(from, next) {
  if (!from) return word("events_no_deaths");
  return word("events_deaths_of", { span: `\u2066${next ? `${from}–${next - 1}` : `≥ ${from}`}\u2069` });
}

/**
 * @param {number[]} counts
 * @param {string} key
 * @param {string} [title]
 */
function steps(counts, key, title = "") {
  const most = Math.max(0, ...counts);
  const rows = [element("li", { class: "legend-title" }, word(key, { what: title }))];
  if (regionMeasure() === "deaths" && counts.includes(0)) rows.push(row(element("i", { class: "swatch none" }), word("events_no_deaths")));
  if (!most) return rows;
  return [...rows, ...classes(most).map(([at, least, largest]) => row(element("i", { class: `swatch ramp-${at}` }), element("bdi", { dir: "ltr" }, least === largest ? count(least) : `${count(least)}–${count(largest)}`)))];
}

/**
 * @param {Element} sign
 * @param {string | Node} text
 */
function row(sign, text) {
  sign.setAttribute("aria-hidden", "true");
  return element("li", {}, sign, element("span", {}, text));
}

/**
 * Return a symbol as the canvas draws it.
 * @param {number} rank
 * @param {number} radius
 * @param {boolean} [hollow]
 * @returns {SVGElement}
 */
export function mark(rank, radius, hollow = false) {
  return svg("svg", { viewBox: "0 0 32 32", width: 32, height: 32, class: `event-mark mark-${rank}${hollow ? " hollow" : ""}` },
    svg("path", { d: symbolPath(SHAPES[rank], 16, 16, radius) }));
}
