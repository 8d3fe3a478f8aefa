// The page of events: wires its parts, and asks anew whenever the filters or the view change.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { wireDrop } from "../core/file-drop.js";
import { load, show } from "../map/layers.js";
import { L, createMap, fit } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { wireSheet } from "../map/bottom-sheet.js";
import { get, hadView } from "../core/state.js";
import { sayUnfetched } from "../core/fetch-error.js";
import { boot, word } from "../core/i18n.js";
import * as card from "./card.js";
import { fillChoices, wireFilters } from "./filters.js";
import { renewExports, wireExports } from "./exports.js";
import { box, look, sayCount, wirePicture } from "./event-layer.js";
import { wirePlay } from "./play.js";
import { wirePolygon } from "./polygon.js";
import { asked, layer, onChange, tell } from "./query.js";
import { fillTable, wireTable } from "./table.js";
import { lookAtTime, render as renderTime, wireTime } from "./time.js";
import { lowerSheet, raiseSheet, wireViews } from "./views.js";

const GROUND = ["backdrop", "countries", "governorates", "rivers", "borders", "borders-alternatives", "wall", "sites"];
const SHOWN = GROUND.filter((id) => !["borders-alternatives", "sites"].includes(id));
const VIEW = ["show", "colour"];
const extentOf = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);
let view = null;
let last = null;
let whole = null;
let turn = 0;
let waiting = 0;

wireSheet();
wireViews(() => fillTable());
wireDrop(boot.events.signed_in);
const map = createMap();
// The table may be opened, and an event in it, before all else is there.
card.wireCard(map, () => raiseSheet());
wireTable((id) => card.open([id], { focus: true }));
// The whole layer is counted while the ground is drawn.
const counting = api.events(layer, "summary", {});
counting.catch(() => {});
const failed = await load(map, () => {}, [...GROUND, ...boot.layers.filter((one) => one.id.startsWith("own-")).map((one) => one.id)]);
for (const id of SHOWN) show(map, id, true);
if (failed.length) sayUnfetched(find("events-problem"), failed);
map.on("moveend zoomend", () => labels.settle(map));
document.fonts.ready.then(() => labels.settle(map));
// Whatever part of the page asked: what could not be answered is said.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof api.Problem)) return;
  event.preventDefault();
  wrong(event.reason);
});
try {
  await begin();
} catch (problem) {
  wrong(problem);
}
document.documentElement.dataset.ready = "true";

async function begin() {
  const base = (await counting) || (await api.events(layer, "summary", {}));
  whole = base;
  if (!hadView && base.extent) fit(map, extentOf(base.extent), { animate: false, maxZoom: 9 });
  wirePicture(map, base, (found) => (found.area ? card.openArea(found) : card.open(found.ids, { move: false })));
  wireFilters();
  wirePolygon(map, lowerSheet);
  wireExports();
  wirePlay(wireTime(base.span));
  onChange(follow);
  map.on("moveend", moved);
  map.on("resize", moved);
  await follow(null);
  if (get("at")) await card.open([get("at")], { focus: false });
}

/** Ask everything anew after a change of the filters; null is a new address. */
async function follow(names) {
  if (names === null && get("map")) {
    const [zoom, lat, lng] = get("map").split("/").map(Number);
    if (boxOf(zoom, lat, lng) !== box()) map.setView([lat, lng], zoom, { animate: false });
  }
  if (names?.every((name) => VIEW.includes(name))) { await seeView(); return; }
  find("events-count").setAttribute("aria-busy", "true");
  turn += 1;
  const mine = turn;
  renderTime();
  const onlyTime = names?.every((name) => ["from", "to"].includes(name));
  try {
    const [summary] = await Promise.all([counted(), draw(), onlyTime ? null : lookAtTime(), fillTable()]);
    if (summary && mine === turn) settled(summary);
  } catch (problem) {
    wrong(problem);
  }
}

/** What is filtered, counted; without a filter that is the whole layer, which was counted to begin with. */
function counted() {
  return Object.keys(asked()).length ? api.events(layer, "summary", asked()) : whole;
}

function boxOf(zoom, lat, lng) {
  if (![zoom, lat, lng].every(Number.isFinite)) return box();
  return map.getCenter().equals(L.latLng(lat, lng), 1e-3) && map.getZoom() === zoom ? box() : "";
}

async function draw() {
  view = (await look()) || view;
}

/** Draw what is in view now; what is filtered is as before, and so is its number. */
async function seeView() {
  await draw();
  if (last && view) sayCount(view, last);
}

function settled(summary) {
  last = summary;
  find("events-problem").hidden = true;
  find("events-count").removeAttribute("aria-busy");
  find("events-empty").hidden = summary.count > 0;
  // Where the map moved before its first answer, the next one is on its way, and says it.
  if (view) sayCount(view, summary);
  renewExports(summary);
  fillChoices(summary);
}

function moved() {
  clearTimeout(waiting);
  waiting = setTimeout(() => Promise.all([seeView(), lookAtTime()]), 60);
}

/** Say what could not be asked, and offer to ask again. */
function wrong(problem) {
  const said = find("events-problem");
  said.hidden = false;
  said.replaceChildren(problem.message && problem instanceof api.Problem ? problem.message : word("failed"), " ",
    element("button", { type: "button", class: "link", onclick: () => (whole ? tell(null) : location.reload()) }, word("retry")));
  find("events-count").removeAttribute("aria-busy");
  if (!(problem instanceof api.Problem)) throw problem;
}
