// The history of a feature: who changed what and when. The newest edit can be undone.

import * as api from "../core/api.js";
import { element } from "../core/dom.js";
import { isolated, word } from "../core/i18n.js";

/**
 * Return the history of a feature, fetched when it is opened.
 * @param {string} layer
 * @param {string} id
 * @param {(number: number) => void} undo
 * @returns {HTMLElement}
 */
export function listHistory(layer, id, undo) {
  const list = element("ol", { class: "history" });
  const details = element("details", { class: "older" }, element("summary", {}, word("edit_history")), list);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      const { items } = await api.fetchHistory(layer, id);
      list.replaceChildren(...items.length ? items.map((edit, at) => row(edit, at === 0 && undo)) : [element("li", { class: "note" }, word("edit_none"))]);
    } catch (error) {
      list.replaceChildren(element("li", { class: "problem" }, (error instanceof Error && error.message) || word("failed")));
    }
  });
  return details;
}

/**
 * @param {EditEntry} edit
 * @param {false | ((number: number) => void)} undo
 */
function row(edit, undo) {
  const moment = edit.at.slice(0, 16).replace("T", " ");
  const names = changed(edit);
  return element("li", {}, element("strong", {}, word(`edit_did_${edit.undoes ? "undo" : edit.operation}`)), " · ",
    element("bdi", {}, edit.who), " · ", element("bdi", { dir: "ltr" }, isolated(moment)),
    names.length > 0 && element("small", {}, element("bdi", { dir: "ltr" }, names.join(", "))), edit.why && element("p", { class: "note" }, element("bdi", {}, edit.why)),
    undo && element("button", { type: "button", class: "plain", onclick: () => undo(edit.number) }, word("undo")));
}

/**
 * Return the names of the properties that an edit changed.
 * @param {Pick<EditEntry, "before" | "after">} edit
 * @returns {string[]}
 */
export function changed({ before, after }) {
  if (!before || !after) return [];
  /**
   * @param {unknown} a
   * @param {unknown} b
   */
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const names = Object.keys({ ...before.properties, ...after.properties }).filter((name) => !same(before.properties[name], after.properties[name]));
  return same(before.geometry, after.geometry) ? names : ["geometry", ...names];
}
