// Somebody else changed the feature meanwhile: theirs and yours side by side, and a choice for each that differs.

import { element } from "../core/dom.js";
import { word } from "../core/i18n.js";

/** @returns {HTMLElement[]} what is said, and the choice. `yours` is null where it was to be deleted. */
export function choose({ said, theirs, detail }, yours, { take, send, anew }) {
  const text = element("p", { class: "problem", role: "alert" }, said?.[document.documentElement.lang] || detail);
  const button = (key, onclick, name = "plain") => element("button", { type: "button", class: name, onclick }, word(key));
  if (!theirs) return [text, element("p", { class: "tool-actions" }, yours ? button("edit_anew", anew) : null)];
  if (!yours) return [text, element("p", { class: "tool-actions" }, button("edit_theirs", take), button("edit_still_delete", () => send({})))];
  const rows = differing(theirs, yours);
  if (!rows.length) return [text, element("p", { class: "tool-actions" }, button("edit_theirs", take))];
  const table = element("table", { class: "conflict" },
    element("thead", {}, element("tr", {}, ...["edit_what", "edit_theirs_is", "edit_yours_is"].map((key) => element("th", { scope: "col" }, word(key))))),
    element("tbody", {}, ...rows.map(({ name, mine, their }) => element("tr", {}, element("th", { scope: "row" }, labelOf(name)),
      cell(name, "theirs", their, false), cell(name, "yours", mine, true)))));
  const chosen = () => {
    const kept = { geometry: yours.geometry, properties: { ...yours.properties } };
    for (const { name, their } of rows) {
      if (!table.querySelector(`[name="c-${CSS.escape(name)}"][value="theirs"]`).checked) continue;
      if (name === "geometry") kept.geometry = their;
      else kept.properties[name] = their;
    }
    return kept;
  };
  return [text, table, element("p", { class: "tool-actions" }, button("edit_chosen", () => send(chosen()), "open-tool primary"), button("edit_theirs", take))];
}

function differing(theirs, yours) {
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const rows = Object.keys(yours.properties).map((name) => ({ name, mine: yours.properties[name], their: theirs.properties[name] ?? null }));
  return [{ name: "geometry", mine: yours.geometry, their: theirs.geometry }, ...rows].filter(({ mine, their }) => !same(mine, their));
}

function cell(name, value, held, checked) {
  const input = element("input", { type: "radio", name: `c-${name}`, value, checked });
  return element("td", {}, element("label", {}, input, " ", element("bdi", {}, textOf(held))));
}

const KEYS = { geometry: "edit_at", coordinateUncertaintyInMeters: "edit_radius", name_en: "edit_name_en", name_ar: "edit_name_ar", kind: "col_kind", precision: "col_precision", sources: "sources" };
const labelOf = (name) => (KEYS[name] ? word(KEYS[name]) : name);

function textOf(value) {
  if (value === null || value === undefined) return "–";
  if (value.type === "Point") return `${value.coordinates[1]}, ${value.coordinates[0]}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
