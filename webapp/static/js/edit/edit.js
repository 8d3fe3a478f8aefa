// Features edited on the map: added, moved, changed, deleted and put back, each with who and why.

import * as api from "../core/api.js";
import { choose } from "./conflict.js";
import { draft, read, render } from "./form.js";
import { listHistory } from "./history.js";
import { Pin } from "./pin.js";
import { element, find } from "../core/dom.js";
import { index, renew } from "../map/layers.js";
import { boot, word } from "../core/i18n.js";
import { showTool } from "../map/panel.js";

const NEXT = "masafa-next";
const HOUR = 3600;
let context = null;
let pin = null;
let state = null;
let sending = false;

/** Wire the tool to the map; `act` selects a feature, `opened` is called when the panel opens. */
export function wireEdit(map, act, opened) {
  context = { map, act, opened };
  pin = new Pin(map, (position) => { if (state) find("edit-at").value = position; });
  find("open-edit").addEventListener("click", () => open(null));
  document.addEventListener("masafa:edit", ({ detail }) => open(detail));
  document.addEventListener("masafa:tool", ({ detail }) => { if (detail !== "edit") leave(); });
}

/** @returns {boolean} whether a feature of a layer may be edited by who asks. */
export const mayEdit = (layer) => Boolean(boot.editing?.layers.includes(layer));

/** Take the panel, and bring it into sight. */
function enter() {
  document.dispatchEvent(new CustomEvent("masafa:tool", { detail: "edit" }));
  showTool(true);
  context.opened();
}

async function open(asked) {
  enter();
  if (!boot.editing) return signedOut();
  context.map.closePopup();
  const mine = { layer: asked?.layer || boot.editing.layers.find((id) => id === "sites") || boot.editing.layers[0], id: asked?.id || null };
  state = mine;
  try {
    if (mine.id) {
      frame(element("p", { class: "note", role: "status" }, word("loading")));
      Object.assign(mine, await api.readFeature(mine.layer, mine.id));
    }
  } catch (problem) {
    if (state !== mine) return null;
    frame(say(problem));
    find("tool").querySelector("h2").focus();
    return null;
  }
  // Left or opened for another one meanwhile, the panel is theirs.
  return state === mine ? show() : null;
}

/** The way to sign in is on the console; afterwards the browser comes back to here. */
function signedOut() {
  const here = location.pathname + location.search;
  document.cookie = `${NEXT}=${encodeURIComponent(here)}; path=/sign-in; max-age=${HOUR}; SameSite=Strict`;
  frame(element("p", { class: "note" }, word("sign_in_first")), element("p", { class: "note" }, word("edit_come_back")));
  find("tool").querySelector("h2").focus();
}

function show(given = draft(state)) {
  const { map } = context;
  const form = render(state, given, {
    save: (event) => { event.preventDefault(); save(); }, cancel: close, remove,
    layer: (id) => { state.layer = id; show(read()); }, pick: () => pin.pick(), typed: () => pin.put(read()),
  });
  frame(form, element("div", { id: "edit-said", role: "status", "aria-live": "polite" }), ...state.id ? [listHistory(state.layer, state.id, undo)] : []);
  pin.put(read(), map);
  find("tool").querySelector("h2").focus();
}

function frame(...parts) {
  find("tool").replaceChildren(
    element("div", { class: "tool-head" }, element("h2", { tabindex: "-1" }, word(state?.id ? "edit_change" : "edit_add")),
      element("button", { type: "button", class: "close", "aria-label": word("close"), onclick: close }, "×")), ...parts);
}

const say = (problem) => element("p", { class: "problem", role: "alert" }, problem.message || word("failed"));
const tell = (...parts) => find("edit-said").replaceChildren(...parts.filter(Boolean));

/** Send an edit, one at a time; `given` is what stood in the form. */
async function send(edit, given, differ = null) {
  if (sending) return;
  const mine = state;
  const form = find("edit-form");
  sending = true;
  form.setAttribute("aria-busy", "true");
  try {
    await done(await edit(), mine);
  } catch (problem) {
    // Closed meanwhile, the panel opens again with what was not taken; another feature's is left alone.
    if (!state) {
      state = mine;
      enter();
      show(given);
    }
    if (state !== mine) return;
    if (problem.body?.theirs === undefined || !differ) tell(say(problem));
    else differ(problem.body);
  } finally {
    sending = false;
    form.removeAttribute("aria-busy");
  }
}

function save(more = {}) {
  const body = { ...read(), ...more };
  const { layer, id, tag } = state;
  send(() => (id ? api.changeFeature(layer, id, body, tag) : api.addFeature(layer, body)), body, (theirs) => conflict(theirs, body));
}

function remove() {
  const given = read();
  const { layer, id, tag } = state;
  send(() => api.deleteFeature(layer, id, { by: given.by, why: given.why }, tag), given, (theirs) => conflict(theirs, null));
}

function undo(number) {
  const given = read();
  send(() => api.undoEdit(number, { by: given.by }), given);
}

/** Two people changed one feature: both are shown, and what is chosen is sent against the state that is there now. */
function conflict(body, yours) {
  state.tag = body.theirs_tag;
  tell(...choose(body, yours, {
    take: () => open({ layer: state.layer, id: state.id }),
    send: (chosen) => { if (yours) save(chosen); else remove(); },
    anew: () => { state.id = null; state.tag = null; save({ id: yours?.id || body.id }); },
  }));
}

/** Draw the layer anew, and offer to undo what was done, where the panel still shows it. */
async function done(made, mine) {
  boot.editing.who = made.who;
  // The edit is kept, also where the layer cannot be fetched again just now.
  const old = await renew(context.map, made.layer, context.act).then(() => null, say);
  document.dispatchEvent(new CustomEvent("masafa:loaded"));
  if (state !== mine) return;
  pin.clear();
  state = made.after ? { layer: made.layer, id: made.feature, feature: made.after, tag: made.tag } : { layer: made.layer, id: null };
  const key = made.undoes ? "edit_undone" : { add: "edit_added", change: "edit_changed", delete: "edit_deleted" }[made.operation];
  const back = element("button", { type: "button", class: "plain", id: "edit-undo", onclick: () => undo(made.number) }, word("undo"));
  show();
  tell(element("p", { class: "note" }, word(key, { name: made.feature }), " ", back), old);
  back.focus();
  if (made.after && index.has(made.feature)) context.act(made.feature, { open: false });
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
