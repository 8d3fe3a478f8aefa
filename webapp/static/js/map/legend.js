// The legend: each symbol on the map with its name, and the styles that carry meaning.

import { element, find } from "../core/dom.js";
import { index } from "./layers.js";
import { eventSymbol, symbol } from "./symbols.js";
import { label, word } from "../core/i18n.js";

/** Fill the legend from the features on the page. */
export function drawLegend() {
  const kinds = new Map();
  for (const { feature, layer } of index.values()) {
    const p = feature.properties;
    if (layer === "sites" && feature.geometry && !p.placeholder) kinds.set(label("kind", p.kind), p.kind);
    if (layer === "events") kinds.set(label("event_type", p.event_type), eventSymbol(p.event_type));
  }
  const ways = [["reported", "legend_reported"], ["measured", "legend_measured"], ["spread-way", "legend_uncertainty"], ["hatch-way", "legend_placeholder"], ["wall-way", "legend_wall"]];
  find("legend").replaceChildren(
    ...ways.map(([className, key]) => element("li", {}, element("i", { class: `swatch ${className}`, "aria-hidden": "true" }), word(key))),
    ...[...kinds].map(([name, kind]) => element("li", {}, symbol(kind, 16), name)));
}
