// Who changed a feature, what and when; each edit can be taken back as long as nothing was built upon it.

import * as api from "../core/api.js";
import { element } from "../core/dom.js";
import { isolated, word } from "../core/i18n.js";

/** @returns {HTMLElement} the history of a feature, fetched when it is opened. */
export function listHistory(layer, id, undo) {
  const list = element("ol", { class: "history" });
  const held = element("details", { class: "older" }, element("summary", {}, word("edit_history")), list);
  held.addEventListener("toggle", async () => {
    if (!held.open) return;
    try {
      const { items } = await api.history(layer, id);
      list.replaceChildren(...items.length ? items.map((one, at) => row(one, at === 0 && undo)) : [element("li", { class: "note" }, word("edit_none"))]);
    } catch (problem) {
      list.replaceChildren(element("li", { class: "problem" }, problem.message || word("failed")));
    }
  });
  return held;
}

function row(edit, undo) {
  const moment = edit.at.slice(0, 16).replace("T", " ");
  const names = changed(edit);
  return element("li", {}, element("strong", {}, word(`edit_did_${edit.undoes ? "undo" : edit.operation}`)), " · ",
    element("bdi", {}, edit.who), " · ", element("bdi", { dir: "ltr" }, isolated(moment)),
    names.length > 0 && element("small", {}, element("bdi", { dir: "ltr" }, names.join(", "))), edit.why && element("p", { class: "note" }, element("bdi", {}, edit.why)),
    undo && element("button", { type: "button", class: "plain", onclick: () => undo(edit.number) }, word("undo")));
}

/** @returns {string[]} the names of what an edit changed. */
export function changed({ before, after }) {
  if (!before || !after) return [];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const names = Object.keys({ ...before.properties, ...after.properties }).filter((name) => !same(before.properties[name], after.properties[name]));
  return same(before.geometry, after.geometry) ? names : ["geometry", ...names];
}
