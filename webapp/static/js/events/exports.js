// The ways out: exactly what is filtered as a file, the table of distances, the data behind the page.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { boot, lang } from "../core/i18n.js";
import { asked, layer } from "./query.js";

const MOST = 100_000;

/** List the formats. */
export function wireExports() {
  find("exports").replaceChildren(...boot.events.formats.map(({ name, title }) => element("li", {}, element("a", { download: "", "data-format": name }, title[lang]))));
}

/** Let the links be of what is filtered now. */
export function renewExports({ count }) {
  for (const link of document.querySelectorAll("[data-format]")) link.href = api.eventFile(layer, { ...asked(), format: link.dataset.format });
  find("export-count").textContent = count.toLocaleString("en");
  const measure = find("events-measure");
  const to = new URL(measure.href);
  const filters = new URLSearchParams(asked()).toString();
  if (filters) to.searchParams.set("filters", filters);
  else to.searchParams.delete("filters");
  measure.href = to;
  measure.hidden = count > MOST;
}
