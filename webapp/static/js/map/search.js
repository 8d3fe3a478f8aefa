// Search over all features, in either script, folded; coordinates are positions too.

import { digits, fold } from "../core/arabic.js";
import { all, element, find } from "../core/dom.js";
import { index } from "./layers.js";
import { featureRow } from "./feature-list.js";
import { getParam, setParams } from "../core/state.js";
import { showHits } from "./panel.js";
import { label, word } from "../core/i18n.js";

const SHOWN = 40;
const RANK = ["sites", "events", "wall", "borders", "rivers", "governorates", "countries", "places"];
const COORDINATES = /^\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*[,،;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*$/;
const folded = new WeakMap();

/**
 * Wire the search field; `act` selects a feature, `measure` takes a position as "longitude,latitude".
 * @param {Act} act
 * @param {(position: string) => void} measure
 */
export function wireSearch(act, measure) {
  const input = find("search-text", HTMLInputElement);
  const answer = () => render(input.value, act, measure);
  input.addEventListener("input", answer);
  find("search").addEventListener("submit", (event) => {
    event.preventDefault();
    all("button", HTMLElement, find("hits"))[0]?.click();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; answer(); }
    if (event.key === "ArrowDown") { event.preventDefault(); all("button", HTMLElement, find("hits"))[0]?.focus(); }
  });
  input.value = getParam("q") || "";
  answer();
}

/**
 * @param {string} text
 * @param {Act} act
 * @param {(position: string) => void} measure
 */
function render(text, act, measure) {
  const query = text.trim();
  setParams({ q: query || null });
  showHits(query !== "");
  find("found").textContent = "";
  if (!query) return;
  /** @type {HTMLElement[]} */
  const rows = positions(query).map(([lon, lat]) => positionRow(lon, lat, measure));
  const hits = rows.length ? [] : ranked(query);
  rows.push(...hits.slice(0, SHOWN).map((entry) => featureRow(entry, act)));
  find("hits").replaceChildren(...rows);
  find("found").textContent = rows.length ? word("search_results", { count: rows.length === SHOWN ? hits.length : rows.length }) : word("search_none", { text: query });
}

/** @param {string} query */
function ranked(query) {
  const words = fold(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  /** @type {[number, number, number, Entry][]} */
  const scored = [];
  for (const entry of index.values()) {
    const rank = RANK.indexOf(entry.layer);
    if (rank < 0) continue;
    const text = textOf(entry);
    if (!words.every((token) => text.includes(token))) continue;
    const inexact = words.every((token) => ` ${text} `.includes(` ${token} `)) ? 0 : 1;
    scored.push([inexact, rank, -(entry.feature.properties.population || entry.feature.properties.priority || 0), entry]);
  }
  scored.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return scored.map((score) => score[3]);
}

/** @param {Entry} entry */
function textOf(entry) {
  // A feature that is fetched again after an edit has a new entry.
  if (!folded.has(entry)) {
    const { properties: p } = entry.feature;
    const kind = p.event_type ? label("event_type", p.event_type) : label("kind", p.kind);
    folded.set(entry, fold([p.name_en, p.name_ar, ...(p.aliases || []), kind].join(" ")));
  }
  return folded.get(entry);
}

/**
 * Return the positions that two numbers can mean: longitude first, latitude first, or both.
 * @param {string} query
 */
function positions(query) {
  const match = digits(query.normalize("NFKC")).match(COORDINATES);
  if (!match) return [];
  const [a, b] = [Number(match[1]), Number(match[2])];
  const both = [[a, b], [b, a]];
  return (a === b ? both.slice(0, 1) : both).filter(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
}

/**
 * @param {number} lon
 * @param {number} lat
 * @param {(position: string) => void} measure
 */
function positionRow(lon, lat, measure) {
  const name = word("position", { lon: `\u2066${lon}°\u2069`, lat: `\u2066${lat}°\u2069` });
  return element("li", {}, element("button", { type: "button", onclick: () => measure(`${lon},${lat}`) },
    element("span", { class: "dot-sign", "aria-hidden": "true" }),
    element("span", { class: "name" }, name, element("small", {}, word("typed_exact"))), ""));
}
