// An edit conflict: both versions side by side, and a choice for each property that differs.

import { all, element } from "../core/dom.js";
import { localized, word } from "../core/i18n.js";

/**
 * Return the message and the choices of a conflict; `yours` is null if the user was deleting the feature.
 * @param {EditConflict} conflict
 * @param {FeatureDraft | null} yours
 * @param {ConflictActions} actions
 * @returns {HTMLElement[]}
 */
export function conflictChoice({ said: reason, theirs, detail }, yours, { take, send, anew }) {
  const text = element("p", { class: "problem", role: "alert" }, localized(reason) || detail);
  /**
   * @param {string} key
   * @param {() => void} onclick
   * @param {string} [name]
   */
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
    const merged = { geometry: yours.geometry, properties: { ...yours.properties } };
    for (const { name, their } of rows) {
      const [choice] = all(`[name="c-${CSS.escape(name)}"][value="theirs"]`, HTMLInputElement, table);
      if (!choice.checked) continue;
      if (name === "geometry") merged.geometry = theirs.geometry;
      else merged.properties[name] = their;
    }
    return merged;
  };
  return [text, table, element("p", { class: "tool-actions" }, button("edit_chosen", () => send(chosen()), "open-tool primary"), button("edit_theirs", take))];
}

/**
 * @param {StoredFeature} theirs
 * @param {FeatureDraft} yours
 */
function differing(theirs, yours) {
  /**
   * @param {unknown} a
   * @param {unknown} b
   */
  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const rows = Object.keys(yours.properties).map((name) => ({ name, mine: yours.properties[name], their: theirs.properties[name] ?? null }));
  return [{ name: "geometry", mine: yours.geometry, their: theirs.geometry }, ...rows].filter(({ mine, their }) => !same(mine, their));
}

/**
 * @param {string} name
 * @param {string} value
 * @param {unknown} content
 * @param {boolean} checked
 */
function cell(name, value, content, checked) {
  const input = element("input", { type: "radio", name: `c-${name}`, value, checked });
  return element("td", {}, element("label", {}, input, " ", element("bdi", {}, textOf(content))));
}

/** @type {Record<string, string>} */
const KEYS = { geometry: "edit_at", coordinateUncertaintyInMeters: "edit_radius", name_en: "edit_name_en", name_ar: "edit_name_ar", kind: "col_kind", precision: "col_precision", sources: "sources" };
/** @param {string} name */
const labelOf = (name) => (KEYS[name] ? word(KEYS[name]) : name);

/** @param {unknown} value */
function textOf(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "object") return String(value);
  const { type, coordinates } = /** @type {Partial<GeoJSON.Point>} */ (value);
  return type === "Point" && coordinates ? `${coordinates[1]}, ${coordinates[0]}` : JSON.stringify(value);
}
