// The editor: features added, moved, changed, deleted and restored, each edit with its author and reason.

import * as api from "../core/api.js";
import { conflictChoice } from "./conflict.js";
import { draft, readForm, renderForm } from "./form.js";
import { listHistory } from "./history.js";
import { Pin } from "./pin.js";
import { element, field, find, first, markInvalid } from "../core/dom.js";
import { index, reloadLayer } from "../map/layers.js";
import { pageContext, word } from "../core/i18n.js";
import { showTool } from "../map/panel.js";

/** @type {{ map: LeafletMap, act: Act, opened: () => void }} */
let context;
/** @type {Pin | null} */
let pin = null;
/** @type {EditState | null} */
let state = null;
let sending = false;

/**
 * Wire the tool to the map; `act` selects a feature, `opened` is called when the panel opens.
 * @param {LeafletMap} map
 * @param {Act} act
 * @param {() => void} opened
 */
export function wireEdit(map, act, opened) {
  context = { map, act, opened };
  pin = new Pin(map, (position) => { if (state) field("edit-at").value = position; });
  find("open-edit").addEventListener("click", () => open(null));
  document.addEventListener("masafa:edit", ({ detail }) => open(detail));
  document.addEventListener("masafa:tool", ({ detail }) => { if (detail !== "edit") leave(); });
}

/**
 * Tell whether the user may edit features of a layer.
 * @param {string} layer
 * @returns {boolean}
 */
export const mayEdit = (layer) => Boolean(pageContext.editing?.layers.includes(layer));

/** Claim the tool panel and show it. */
function enter() {
  document.dispatchEvent(new CustomEvent("masafa:tool", { detail: "edit" }));
  showTool(true);
  context.opened();
}

/** @param {EditTarget | null} target */
async function open(target) {
  if (!pageContext.editing) return null;
  enter();
  context.map.closePopup();
  /** @type {EditState} */
  const mine = { layer: target?.layer || pageContext.editing.layers.find((id) => id === "sites") || pageContext.editing.layers[0], id: target?.id || null };
  state = mine;
  try {
    if (mine.id) {
      frame(element("p", { class: "note", role: "status" }, word("loading")));
      Object.assign(mine, await api.readFeature(mine.layer, mine.id));
    }
  } catch (error) {
    if (state !== mine) return null;
    frame(failure(error));
    first("h2", find("tool")).focus();
    return null;
  }
  // The panel may have been closed, or opened for another feature, while this one was fetched.
  return state === mine ? show() : null;
}

function show(values = draft(state)) {
  if (!state || !pin) return;
  const edited = state;
  const place = pin;
  const form = renderForm(edited, values, {
    save: (event) => { event.preventDefault(); save(); }, cancel: close, remove,
    layer: (id) => { edited.layer = id; show(readForm()); }, pick: () => place.pick(), typed: () => place.put(readForm()),
  });
  frame(form, element("div", { id: "edit-said", role: "status", "aria-live": "polite" }), ...edited.id ? [listHistory(edited.layer, edited.id, undo)] : []);
  place.put(readForm());
  first("h2", find("tool")).focus();
}

/** @param {...Node} parts */
function frame(...parts) {
  find("tool").replaceChildren(
    element("div", { class: "tool-head" }, element("h2", { tabindex: "-1" }, word(state?.id ? "edit_change" : "edit_add")),
      element("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), onclick: close }, "×")), ...parts);
}

/** @param {unknown} error */
const failure = (error) => element("p", { class: "problem", id: "edit-problem", role: "alert" }, (error instanceof Error && error.message) || word("failed"));
/** @param {...(Node | null)} parts */
const report = (...parts) => find("edit-said").replaceChildren(...parts.filter((part) => part !== null));

// Fields that the form names otherwise than the server.
/** @type {Record<string, string>} */
const FIELDS = { coordinateUncertaintyInMeters: "radius", geometry: "at" };

/**
 * Say why an edit was refused, and at which field.
 * @param {unknown} error
 * @param {string} [parameter]
 */
function refused(error, parameter = "") {
  report(failure(error));
  markInvalid(find("edit-form"), FIELDS[parameter] ?? parameter, "edit-problem");
}

/**
 * Send an edit, one at a time; `values` are restored to the form if it fails.
 * @param {() => Promise<EditReceipt>} edit
 * @param {FeatureDraft} values
 * @param {((conflict: EditConflict) => void) | null} [differ]
 */
async function send(edit, values, differ = null) {
  if (sending || !state) return;
  const mine = state;
  const form = find("edit-form");
  sending = true;
  form.setAttribute("aria-busy", "true");
  markInvalid(form, "", "edit-problem");
  try {
    await done(await edit(), mine);
  } catch (error) {
    // If the panel was closed meanwhile, it opens again with what was not saved; another feature's form is left alone.
    if (!state) {
      state = mine;
      enter();
      show(values);
    }
    if (state !== mine) return;
    const body = error instanceof api.ApiError ? error.body : undefined;
    if (body?.theirs === undefined || !differ) refused(error, body?.parameter);
    else differ(body);
  } finally {
    sending = false;
    form.removeAttribute("aria-busy");
  }
}

/** @param {Partial<FeatureDraft>} [more] */
function save(more = {}) {
  if (!state) return;
  const body = { ...readForm(), ...more };
  const { layer, id, tag } = state;
  send(() => (id ? api.changeFeature(layer, id, body, tag) : api.addFeature(layer, body)), body, (theirs) => conflict(theirs, body));
}

function remove() {
  if (!state?.id) return;
  const values = readForm();
  const { layer, id, tag } = state;
  send(() => api.deleteFeature(layer, id, { by: values.by, why: values.why }, tag), values, (theirs) => conflict(theirs, null));
}

/** @param {number} number */
function undo(number) {
  const values = readForm();
  send(() => api.undoEdit(number, { by: values.by }), values);
}

/**
 * Resolve an edit conflict: show both versions, and send the choice against the current state.
 * @param {EditConflict} body
 * @param {FeatureDraft | null} yours
 */
function conflict(body, yours) {
  if (!state) return;
  const edited = state;
  edited.tag = body.theirs_tag;
  report(...conflictChoice(body, yours, {
    take: () => { open({ layer: edited.layer, id: edited.id }); },
    send: (chosen) => { if (yours) save(chosen); else remove(); },
    anew: () => { edited.id = null; edited.tag = null; save({ id: yours?.id || body.id }); },
  }));
}

/**
 * Redraw the layer, and offer to undo the edit if the panel still shows its feature.
 * @param {EditReceipt} receipt
 * @param {EditState} mine
 */
async function done(receipt, mine) {
  if (pageContext.editing) pageContext.editing.who = receipt.who;
  // The edit is saved, even if the layer cannot be fetched again just now.
  const stale = await reloadLayer(context.map, receipt.layer, context.act).then(() => null, failure);
  document.dispatchEvent(new CustomEvent("masafa:loaded"));
  if (state !== mine) return;
  pin?.clear();
  state = receipt.after ? { layer: receipt.layer, id: receipt.feature, feature: receipt.after, tag: receipt.tag } : { layer: receipt.layer, id: null };
  const key = receipt.undoes ? "edit_undone" : { add: "edit_added", change: "edit_changed", delete: "edit_deleted" }[receipt.operation];
  const back = element("button", { type: "button", class: "plain", id: "edit-undo", onclick: () => undo(receipt.number) }, word("undo"));
  show();
  report(element("p", { class: "note" }, word(key, { name: receipt.feature }), " ", back), stale);
  back.focus();
  if (receipt.after && index.has(receipt.feature)) context.act(receipt.feature, { open: false });
}

function leave() {
  state = null;
  pin?.clear();
}

function close() {
  leave();
  showTool(false);
  find("open-edit").focus();
}
