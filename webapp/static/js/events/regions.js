// Areas filled by how many events they hold, or by how many were killed there; and the same as a table.

import { element, find } from "../core/dom.js";
import { index } from "../map/layers.js";
import { L } from "../map/leaflet.js";
import { word } from "../core/i18n.js";
import { colouring } from "./query.js";
import { step } from "./styles.js";

/** @returns {string} what areas and cells are filled by: `deaths`, by the best estimates, or `count` of events. */
export const measure = () => (colouring() === "deaths" ? "deaths" : "count");

/** Where the number of each measure stands in a cell of an answer. */
export const CELL = { count: 2, deaths: 3 };

const written = (number) => number.toLocaleString("en");

/** Fill the areas of an answer. */
export function drawRegions(group, { items }) {
  group.clearLayers();
  const by = measure();
  const most = Math.max(1, ...items.map((one) => one[by]));
  for (const one of items) {
    const entry = index.get(one.id);
    if (!entry?.feature.geometry || !one.count) continue;
    const fill = one[by] ? `ramp-${step(one[by], most)}` : "none";
    const shape = L.geoJSON(entry.feature, { pane: "countries", style: { className: `region ${fill}` } });
    shape.bindTooltip(element("span", {}, word("events_region", { name: one.name, count: written(one.count), deaths: written(one.deaths) })), { sticky: true });
    shape.addTo(group);
  }
}

/** Write the areas of an answer as a table, those of most first; without one the table is gone. */
export function writeRegions(answer) {
  const box = find("regions-table");
  box.hidden = !answer;
  if (!answer) return;
  const by = measure();
  const items = answer.items.toSorted((a, b) => b[by] - a[by] || b.count - a.count || b.deaths - a.deaths);
  const cell = (value) => element("td", {}, element("bdi", { dir: "ltr" }, written(value)));
  box.querySelector("tbody").replaceChildren(
    ...items.map((one) => element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, one.name)), cell(one.count), cell(one.deaths))),
    ...answer.other > 0 ? [element("tr", {}, element("th", { scope: "row" }, word("events_no_area")), cell(answer.other), cell(answer.other_deaths))] : []);
}
