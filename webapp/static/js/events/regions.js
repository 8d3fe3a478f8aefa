// Areas filled by their number of events or deaths, and the same as a table.

import { element, find, first } from "../core/dom.js";
import { index } from "../map/layers.js";
import { L } from "../map/leaflet.js";
import { word } from "../core/i18n.js";
import { colourBy } from "./query.js";
import { classOf } from "./styles.js";

/**
 * Return the measure that areas and cells are filled by: `deaths` (best estimates) or `count` of events.
 * @returns {RegionMeasure}
 */
export const regionMeasure = () => (colourBy() === "deaths" ? "deaths" : "count");

/** The index of each measure in a cell of an answer. */
export const CELL = { count: 2, deaths: 3 };

/** @param {number} number */
const written = (number) => number.toLocaleString("en");

/**
 * Fill the areas of an answer.
 * @param {LeafletGroup} group
 * @param {RegionAnswer} answer
 */
export function drawRegions(group, { items }) {
  group.clearLayers();
  const by = regionMeasure();
  const most = Math.max(1, ...items.map((item) => item[by]));
  for (const item of items) {
    const entry = index.get(item.id);
    if (!entry?.feature.geometry || !item.count) continue;
    const fill = item[by] ? `ramp-${classOf(item[by], most)}` : "none";
    const shape = L.geoJSON(entry.feature, { pane: "countries", style: { className: `region ${fill}` } });
    shape.bindTooltip(element("span", {}, word("events_region", { name: item.name, count: written(item.count), deaths: written(item.deaths) })), { sticky: true });
    shape.addTo(group);
  }
}

/**
 * Fill the table of areas, the largest first; without an answer it is hidden.
 * @param {RegionAnswer | null} answer
 */
export function fillRegionTable(answer) {
  const box = find("regions-table");
  box.hidden = !answer;
  if (!answer) return;
  const by = regionMeasure();
  const items = answer.items.toSorted((a, b) => b[by] - a[by] || b.count - a.count || b.deaths - a.deaths);
  /** @param {number} value */
  const cell = (value) => element("td", {}, element("bdi", { dir: "ltr" }, written(value)));
  first("tbody", box).replaceChildren(
    ...items.map((item) => element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, item.name)), cell(item.count), cell(item.deaths))),
    ...answer.other > 0 ? [element("tr", {}, element("th", { scope: "row" }, word("events_no_area")), cell(answer.other), cell(answer.other_deaths))] : []);
}
