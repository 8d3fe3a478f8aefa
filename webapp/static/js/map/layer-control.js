// The layer switches: what is on the map, and the way to each layer's table.

import { element, find } from "../core/dom.js";
import { load, show } from "./layers.js";
import { get, put } from "../core/state.js";
import { clearUnfetched, sayUnfetched } from "../core/fetch-error.js";
import { boot, lang, said, word } from "../core/i18n.js";

const off = () => new Set((get("off") || "").split(",").filter(Boolean));
const on = () => new Set((get("on") || "").split(",").filter(Boolean));

/** @returns {boolean} whether a layer is to be shown, by the address or by default. */
export const wanted = (layer) => (layer.hidden ? on().has(layer.id) : !off().has(layer.id));

/** Draw the switches. */
export function drawSwitches(map) {
  find("layers").replaceChildren(...boot.layers.filter((layer) => layer.id !== "backdrop").toReversed().map((layer) => item(map, layer)));
}

function item(map, layer) {
  if (layer.large) return element("li", {}, element("span", {}, said(layer.title)), tableLink(layer, `/events?layer=${layer.id}&lang=${lang}`));
  const box = element("input", { type: "checkbox", id: `layer-${layer.id}`, onchange: (event) => turn(map, layer, event.target.checked) });
  box.checked = wanted(layer);
  return element("li", {}, element("label", {}, box, said(layer.title)),
    tableLink(layer, `/layers/${layer.id}?lang=${lang}`));
}

const tableLink = (layer, href) => element("a", { href, "aria-label": word("table_of", { name: said(layer.title) }) }, String(layer.count));

function turn(map, layer, shown) {
  const [name, held] = layer.hidden ? ["on", on()] : ["off", off()];
  if (shown === layer.hidden) held.add(layer.id);
  else held.delete(layer.id);
  put({ [name]: [...held].join(",") || null });
  show(map, layer.id, shown);
}

/** Say which layers could not be fetched, and offer to try again. */
export function sayFailed(map, failed, act) {
  clearUnfetched();
  if (!failed.length) return;
  sayUnfetched(find("layers"), failed, async () => {
    const left = await load(map, act, failed);
    for (const layer of boot.layers) if (failed.includes(layer.id) && !left.includes(layer.id)) show(map, layer.id, wanted(layer));
    sayFailed(map, left, act);
    document.dispatchEvent(new CustomEvent("masafa:loaded"));
  });
}
