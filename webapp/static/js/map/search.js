// Search over everything held, in either script, folded as Arabic is searched; coordinates are places too.

import { digits, fold } from "../core/arabic.js";
import { element, find } from "../core/dom.js";
import { index } from "./layers.js";
import { row } from "./feature-list.js";
import { get, put } from "../core/state.js";
import { showHits } from "./panel.js";
import { label, word } from "../core/i18n.js";

const SHOWN = 40;
const RANK = ["sites", "events", "wall", "borders", "rivers", "governorates", "countries", "places"];
const COORDINATES = /^\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*[,،;\s]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*$/;
const folded = new WeakMap();

/** Answer as one types; `act` selects a feature, `measure` takes a position as "longitude,latitude". */
export function wireSearch(act, measure) {
  const input = find("search-text");
  const answer = () => render(input.value, act, measure);
  input.addEventListener("input", answer);
  find("search").addEventListener("submit", (event) => {
    event.preventDefault();
    find("hits").querySelector("button")?.click();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; answer(); }
    if (event.key === "ArrowDown") { event.preventDefault(); find("hits").querySelector("button")?.focus(); }
  });
  input.value = get("q") || "";
  answer();
}

function render(text, act, measure) {
  const asked = text.trim();
  put({ q: asked || null });
  showHits(asked !== "");
  find("found").textContent = "";
  if (!asked) return;
  const rows = positions(asked).map(([lon, lat]) => positionRow(lon, lat, measure));
  const hits = rows.length ? [] : ranked(asked);
  rows.push(...hits.slice(0, SHOWN).map((entry) => row(entry, act)));
  find("hits").replaceChildren(...rows);
  find("found").textContent = rows.length ? word("search_results", { count: rows.length === SHOWN ? hits.length : rows.length }) : word("search_none", { text: asked });
}

function ranked(asked) {
  const words = fold(asked).split(" ").filter(Boolean);
  if (!words.length) return [];
  const scored = [];
  for (const entry of index.values()) {
    const rank = RANK.indexOf(entry.layer);
    if (rank < 0) continue;
    const text = textOf(entry);
    if (!words.every((one) => text.includes(one))) continue;
    const whole = words.every((one) => ` ${text} `.includes(` ${one} `)) ? 0 : 1;
    scored.push([whole, rank, -(entry.feature.properties.population || entry.feature.properties.priority || 0), entry]);
  }
  scored.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return scored.map((one) => one[3]);
}

function textOf(entry) {
  // Fetched anew after an edit, a feature has another entry.
  if (!folded.has(entry)) {
    const { properties: p } = entry.feature;
    const kind = p.event_type ? label("event_type", p.event_type) : label("kind", p.kind);
    folded.set(entry, fold([p.name_en, p.name_ar, ...(p.aliases || []), kind].join(" ")));
  }
  return folded.get(entry);
}

/** Two numbers may be longitude and latitude or the other way round: each reading that is possible is offered. */
function positions(asked) {
  const found = digits(asked.normalize("NFKC")).match(COORDINATES);
  if (!found) return [];
  const [a, b] = [Number(found[1]), Number(found[2])];
  const both = [[a, b], [b, a]];
  return (a === b ? both.slice(0, 1) : both).filter(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
}

function positionRow(lon, lat, measure) {
  const name = word("position", { lon: `\u2066${lon}°\u2069`, lat: `\u2066${lat}°\u2069` });
  return element("li", {}, element("button", { type: "button", onclick: () => measure(`${lon},${lat}`) },
    element("span", { class: "dot-sign", "aria-hidden": "true" }),
    element("span", { class: "name" }, name, element("small", {}, word("typed_exact"))), ""));
}
