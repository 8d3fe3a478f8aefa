// The events page: wires its parts, and queries again whenever the filters or the view change.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { wireDrop } from "../core/file-drop.js";
import { showImportNotice } from "../core/import-notice.js";
import { loadLayers, setLayerShown } from "../map/layers.js";
import { L, createMap, fitBounds } from "../map/leaflet.js";
import * as labels from "../map/labels.js";
import { wireBottomSheet } from "../map/bottom-sheet.js";
import { getParam, hadView } from "../core/state.js";
import { showFetchError } from "../core/fetch-error.js";
import { pageContext, word } from "../core/i18n.js";
import * as card from "./card.js";
import { fillChoices, wireFilters } from "./filters.js";
import { updateExports, wireExports } from "./exports.js";
import { refreshView, showCounts, viewBounds, wireEventLayer } from "./event-layer.js";
import { wirePlay } from "./play.js";
import { wirePolygon } from "./polygon.js";
import { activeFilters, layer, notifyFilters, onFilterChange } from "./query.js";
import { fillTable, wireTable } from "./table.js";
import { drawHistogram as renderTime, refreshHistogram, wireTime } from "./time.js";
import { lowerSheet, raiseSheet, wireViews } from "./views.js";

const GROUND = ["backdrop", "countries", "governorates", "rivers", "borders", "borders-alternatives", "wall", "sites"];
const SHOWN = GROUND.filter((id) => !["borders-alternatives", "sites"].includes(id));
const VIEW = ["show", "colour"];
/** @param {Extent} extent */
const extentOf = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);
/** @type {DrawnView | null} */
let view = null;
/** @type {EventSummary | null} */
let last = null;
/** @type {EventSummary | null} */
let total = null;
let latest = 0;
let waiting = 0;

wireBottomSheet();
wireViews(() => fillTable());
wireDrop(pageContext.events.signed_in);
showImportNotice();
const map = createMap();
// The table, and an event in it, may be opened before everything else is loaded.
card.wireCard(map, () => raiseSheet());
wireTable((id) => card.openEvents([id], { focus: true }));
// The layer is counted while the base map is drawn.
const counting = api.queryEvents(layer, "summary", {});
counting.catch(() => {});
const failed = await loadLayers(map, () => {}, [...GROUND, ...pageContext.layers.filter((entry) => entry.id.startsWith("own-")).map((entry) => entry.id)]);
for (const id of SHOWN) setLayerShown(map, id, true);
if (failed.length) showFetchError(find("events-problem"), failed);
map.on("moveend zoomend", () => labels.placeLabels(map));
document.fonts.ready.then(() => labels.placeLabels(map));
// A failed request of any part of the page is reported.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof api.ApiError)) return;
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
  const base = (await counting) || (await api.queryEvents(layer, "summary", {}));
  if (!base) throw new api.ApiError("");
  total = base;
  if (!hadView && base.extent) fitBounds(map, extentOf(base.extent), { animate: false, maxZoom: 9 });
  wireEventLayer(map, base, (hit) => ("ids" in hit ? card.openEvents(hit.ids, { move: false }) : card.openArea(hit)));
  wireFilters();
  wirePolygon(map, lowerSheet);
  wireExports();
  wirePlay(wireTime(base.span));
  onFilterChange(follow);
  map.on("moveend", moved);
  map.on("resize", moved);
  await follow(null);
  const selected = getParam("at");
  if (selected) await card.openEvents([selected], { focus: false });
}

/**
 * Query everything again after a change of the filters; null stands for a new address.
 * @param {string[] | null} names
 */
async function follow(names) {
  const address = getParam("map");
  if (names === null && address) {
    const [zoom, lat, lng] = address.split("/").map(Number);
    if (boxOf(zoom, lat, lng) !== viewBounds()) map.setView([lat, lng], zoom, { animate: false });
  }
  if (names?.every((name) => VIEW.includes(name))) { await seeView(); return; }
  find("events-count").setAttribute("aria-busy", "true");
  latest += 1;
  const mine = latest;
  renderTime();
  const onlyTime = names?.every((name) => ["from", "to"].includes(name));
  try {
    const [summary] = await Promise.all([counted(), draw(), onlyTime ? null : refreshHistogram(), fillTable()]);
    if (summary && mine === latest) settled(summary);
  } catch (problem) {
    wrong(problem);
  }
}

/** Return the summary of the filtered events; without a filter that of the layer, which is fetched at the start. */
function counted() {
  return Object.keys(activeFilters()).length ? api.queryEvents(layer, "summary", activeFilters()) : total;
}

/**
 * @param {number} zoom
 * @param {number} lat
 * @param {number} lng
 */
function boxOf(zoom, lat, lng) {
  if (![zoom, lat, lng].every(Number.isFinite)) return viewBounds();
  return map.getCenter().equals(L.latLng(lat, lng), 1e-3) && map.getZoom() === zoom ? viewBounds() : "";
}

async function draw() {
  view = (await refreshView()) || view;
}

/** Draw the present view; the filters and their count have not changed. */
async function seeView() {
  await draw();
  if (last && view) showCounts(view, last);
}

/** @param {EventSummary} summary */
function settled(summary) {
  last = summary;
  find("events-problem").hidden = true;
  find("events-count").removeAttribute("aria-busy");
  find("events-empty").hidden = summary.count > 0;
  // If the map moved before the first answer, the next one shows the counts.
  if (view) showCounts(view, summary);
  updateExports(summary);
  fillChoices(summary);
}

function moved() {
  clearTimeout(waiting);
  waiting = setTimeout(() => Promise.all([seeView(), refreshHistogram()]), 60);
}

/**
 * Report a failed request, and offer to repeat it.
 * @param {unknown} problem
 */
function wrong(problem) {
  const message = find("events-problem");
  message.hidden = false;
  message.replaceChildren((problem instanceof api.ApiError && problem.message) || word("failed"), " ",
    element("button", { type: "button", class: "link", onclick: () => (total ? notifyFilters(null) : location.reload()) }, word("retry")));
  find("events-count").removeAttribute("aria-busy");
  if (!(problem instanceof api.ApiError)) throw problem;
}
