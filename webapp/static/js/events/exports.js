// Exports: the filtered events as a file, and their table of distances.

import * as api from "../core/api.js";
import { all, element, find } from "../core/dom.js";
import { lang, pageContext } from "../core/i18n.js";
import { activeFilters, layer } from "./query.js";

const MOST = 100_000;

/** List the formats. */
export function wireExports() {
  find("exports").replaceChildren(...pageContext.events.formats.map(({ name, title }) => element("li", {}, element("a", { download: "", "data-format": name }, title[lang]))));
}

/**
 * Update the links to the present filters.
 * @param {EventSummary} summary
 */
export function updateExports({ count }) {
  for (const link of all("[data-format]", HTMLAnchorElement)) link.href = api.exportUrl(layer, { ...activeFilters(), format: link.dataset.format });
  find("export-count").textContent = count.toLocaleString("en");
  const measure = find("events-measure", HTMLAnchorElement);
  const to = new URL(measure.href);
  const filters = new URLSearchParams(activeFilters()).toString();
  if (filters) to.searchParams.set("filters", filters);
  else to.searchParams.delete("filters");
  measure.href = to.href;
  measure.hidden = count > MOST;
}
