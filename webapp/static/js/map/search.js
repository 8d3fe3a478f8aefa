// Search in either script over all that has a name, and over positions in any notation, as the server finds them.

import * as api from "../core/api.js";
import { all, element, find } from "../core/dom.js";
import { index } from "./layers.js";
import { featureRow } from "./feature-list.js";
import { getParam, setParams } from "../core/state.js";
import { showHits } from "./panel.js";
import { localized, word } from "../core/i18n.js";

/** @type {Promise<void>} */
let answered = Promise.resolve();

/**
 * Wire the search field; `act` selects a feature, `measure` takes a position as "longitude,latitude".
 * @param {Act} act
 * @param {(position: string) => void} measure
 */
export function wireSearch(act, measure) {
  const input = find("search-text", HTMLInputElement);
  const answer = () => { answered = render(input.value.trim(), act, measure); };
  input.addEventListener("input", answer);
  find("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    await answered;
    all("button, a", HTMLElement, find("hits"))[0]?.click();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; answer(); }
    if (event.key === "ArrowDown") { event.preventDefault(); all("button, a", HTMLElement, find("hits"))[0]?.focus(); }
  });
  input.value = getParam("q") || "";
  answer();
}

/**
 * @param {string} text
 * @param {Act} act
 * @param {(position: string) => void} measure
 */
async function render(text, act, measure) {
  setParams({ q: text || null });
  showHits(text !== "");
  if (!text) {
    find("found").textContent = "";
    find("hits").replaceChildren();
    return;
  }
  try {
    const answer = await api.search(text);
    // A newer search is under way, or the field was emptied.
    if (!answer || (getParam("q") || "") !== text) return;
    find("hits").replaceChildren(...answer.items.map((hit) => row(hit, act, measure)));
    find("found").textContent = answer.items.length ? word("search_results", { count: answer.items.length }) : `${word("search_none", { text })}. ${word("search_hint")}`;
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    find("found").textContent = error.message || word("failed");
  }
}

/**
 * @param {SearchHit} hit
 * @param {Act} act
 * @param {(position: string) => void} measure
 */
function row(hit, act, measure) {
  const entry = index.get(hit.id);
  if (entry && entry.layer === hit.layer) return featureRow(entry, act);
  const name = element("bdi", {}, localized(hit.name));
  if (hit.kind === "position") {
    return element("li", {}, element("button", { type: "button", onclick: () => measure(`${hit.lon},${hit.lat}`) },
      element("span", { class: "dot-sign", "aria-hidden": "true" }), element("span", { class: "name" }, name, element("small", {}, word("typed_exact"))), ""));
  }
  return element("li", {}, element("a", { href: hit.href },
    element("span", { class: "page-sign", "aria-hidden": "true" }), element("span", { class: "name" }, name, element("small", {}, hit.what)), ""));
}
