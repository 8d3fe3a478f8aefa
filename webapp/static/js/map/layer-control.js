// The layer control: checkboxes of the layers, and links to their tables.

import { element, find } from "../core/dom.js";
import { loadLayers, setLayerShown } from "./layers.js";
import { getParam, setParams } from "../core/state.js";
import { clearFetchError, showFetchError } from "../core/fetch-error.js";
import { lang, localized, pageContext, word } from "../core/i18n.js";

const off = () => new Set((getParam("off") || "").split(",").filter(Boolean));
const on = () => new Set((getParam("on") || "").split(",").filter(Boolean));

/**
 * Tell whether a layer is to be shown, by the address or by default.
 * @param {LayerInfo} layer
 * @returns {boolean}
 */
export const isWanted = (layer) => (layer.hidden ? on().has(layer.id) : !off().has(layer.id));

/**
 * Draw the checkboxes.
 * @param {LeafletMap} map
 */
export function drawLayerControl(map) {
  find("layers").replaceChildren(...pageContext.layers.filter((layer) => layer.id !== "backdrop").toReversed().map((layer) => item(map, layer)));
}

/**
 * @param {LeafletMap} map
 * @param {LayerInfo} layer
 */
function item(map, layer) {
  if (layer.large) return element("li", {}, element("span", {}, localized(layer.title)), tableLink(layer, `/events?layer=${layer.id}&lang=${lang}`));
  const box = element("input", { type: "checkbox", id: `layer-${layer.id}` });
  box.addEventListener("change", () => toggle(map, layer, box.checked));
  box.checked = isWanted(layer);
  return element("li", {}, element("label", {}, box, localized(layer.title)),
    tableLink(layer, `/layers/${layer.id}?lang=${lang}`));
}

/**
 * @param {LayerInfo} layer
 * @param {string} href
 */
const tableLink = (layer, href) => element("a", { href, "aria-label": `${word("table_of", { name: localized(layer.title) })}: ${layer.count}` }, String(layer.count));

/**
 * @param {LeafletMap} map
 * @param {LayerInfo} layer
 * @param {boolean} shown
 */
function toggle(map, layer, shown) {
  const [name, ids] = layer.hidden ? ["on", on()] : ["off", off()];
  if (shown === layer.hidden) ids.add(layer.id);
  else ids.delete(layer.id);
  setParams({ [name]: [...ids].join(",") || null });
  setLayerShown(map, layer.id, shown);
}

/**
 * Report layers that could not be fetched, and offer to try again.
 * @param {LeafletMap} map
 * @param {string[]} failed
 * @param {Act} act
 */
export function showFailedLayers(map, failed, act) {
  clearFetchError();
  if (!failed.length) return;
  showFetchError(find("layers"), failed, async () => {
    const left = await loadLayers(map, act, failed);
    for (const layer of pageContext.layers) if (failed.includes(layer.id) && !left.includes(layer.id)) setLayerShown(map, layer.id, isWanted(layer));
    showFailedLayers(map, left, act);
    document.dispatchEvent(new CustomEvent("masafa:loaded"));
  });
}
