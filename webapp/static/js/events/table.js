// The table of the filtered events, paged and sorted; a row selects its event on the map.

import { digits } from "../core/arabic.js";
import * as api from "../core/api.js";
import { all, element, field, find, focusedWithin } from "../core/dom.js";
import { areaOf, index } from "../map/layers.js";
import { getParam, setParams } from "../core/state.js";
import { comma, nameOf, pageContext, quantity, radius, word } from "../core/i18n.js";
import { activeFilters, layer } from "./query.js";
import { dateRange, deathRange, termLabel } from "./styles.js";

const ROWS = 100;
const NEWEST = "-date_start";
/** @type {Record<string, string>} */
const SORTS = { date_start: "col_date", name: "col_name", category: "events_f_category", "killed.best": "events_deaths" };
/** @type {(id: string) => void} */
let act;
/** @type {EventPage | null} */
let answer = null;
/** @type {string | null} */
let selected = null;

/**
 * Wire the buttons of the table; `select` is called with the id of a row.
 * @param {(id: string) => void} select
 */
export function wireTable(select) {
  act = select;
  find("page-first").addEventListener("click", () => goToPage(1));
  find("page-back").addEventListener("click", () => goToPage(pageOf() - 1));
  find("page-on").addEventListener("click", () => goToPage(pageOf() + 1));
  find("page-last").addEventListener("click", () => goToPage(answer?.pages ?? 1));
  find("page-number").addEventListener("change", () => goToPage(Math.max(1, Math.floor(Number(digits(field("page-number").value))) || 1)));
  find("sort").addEventListener("change", () => sortBy(field("sort").value));
}

const pageOf = () => answer?.page || Math.max(1, Math.round(Number(getParam("page"))) || 1);

/** @param {number} page */
async function goToPage(page) {
  setParams({ page: String(Math.min(Math.max(1, page), answer?.pages || 1)) });
  await fillTable();
  find("table-box").scrollTo(0, 0);
}

/** @param {string} sort */
function sortBy(sort) {
  setParams({ sort: sort === NEWEST ? null : sort, page: null });
  return fillTable();
}

/** Fetch and show the page of the address, if the table is open. */
export async function fillTable() {
  if (find("table-part").hidden) { answer = null; return; }
  const response = await api.queryEvents(layer, "items", { ...activeFilters(), page: getParam("page") || 1, limit: ROWS, sort: getParam("sort") || NEWEST });
  if (!response) return;
  answer = response;
  const body = find("table-rows");
  const focused = focusedWithin(body)?.dataset.event;
  body.replaceChildren(...(response.items.length ? response.items.map(row) : [element("tr", {}, element("td", { colspan: 8, class: "note" }, word("events_none")))]));
  if (focused) all(`[data-event="${CSS.escape(focused)}"]`, HTMLElement, body)[0]?.focus();
  drawHead();
  drawPager(response);
  highlightRow(selected);
}

function drawHead() {
  const sort = getParam("sort") || NEWEST;
  for (const head of all("#table-part [data-sort]", HTMLElement)) {
    const name = head.dataset.sort ?? "";
    const now = sort.replace(/^-/, "") === name ? (sort.startsWith("-") ? "descending" : "ascending") : null;
    if (now) head.setAttribute("aria-sort", now);
    else head.removeAttribute("aria-sort");
    head.replaceChildren(element("button", { type: "button", class: "sorter", onclick: () => sortBy(now === "descending" || (!now && name === "name") ? name : `-${name}`) }, word(SORTS[name])));
  }
  field("sort").value = sort;
}

/** @param {EventPage} page */
function drawPager({ count, page, pages }) {
  const begin = count ? (page - 1) * ROWS + 1 : 0;
  const [from, to, total] = [begin, Math.min(page * ROWS, count), count].map((figure) => `\u2066${figure.toLocaleString("en")}\u2069`);
  find("table-said").textContent = word("near_shown", { first: from, last: to, "found": total });
  const input = find("page-number", HTMLInputElement);
  input.value = String(page);
  input.max = String(Math.max(1, pages));
  find("page-of").textContent = word("events_page_of", { pages: `\u2066${Math.max(1, pages).toLocaleString("en")}\u2069` });
  for (const id of ["page-first", "page-back"]) find(id, HTMLButtonElement).disabled = page <= 1;
  for (const id of ["page-on", "page-last"]) find(id, HTMLButtonElement).disabled = page >= pages;
}

/** @param {EventPage["items"][number]} event */
function row(event) {
  /**
   * @param {string} key
   * @param {...Child} children
   */
  const cell = (key, ...children) => element("td", { "data-label": word(key) }, ...children);
  /** @param {string | null | undefined} value */
  const text = (value) => element("bdi", {}, value || "–");
  const flags = event.flags || [];
  return element("tr", { "data-row-of": event.id },
    cell("col_date", dateRange(event)),
    element("th", { scope: "row" }, element("button", { type: "button", class: "event-name", "data-event": event.id, "aria-pressed": "false", onclick: () => act(event.id) }, element("bdi", {}, nameOf(event) || event.id)),
      element("small", {}, element("bdi", { dir: "ltr" }, event.id))),
    cell("events_f_category", text(termLabel("category", event.category || event.kind))),
    cell("actors", text((event.actors || []).map(actorName).join(comma))),
    cell("events_deaths", element("bdi", { dir: "ltr" }, deathRange(event["killed.best"], event["killed.low"], event["killed.high"]))),
    cell("events_where", text(place(event)), element("small", {}, precisionText(event))),
    cell("col_source", text(event.reported_by)),
    cell("events_f_flag", text(flags.map((flag) => termLabel("flag", flag)).join(comma))));
}

/**
 * Return the name of an actor; the id itself if it has no record.
 * @param {string} id
 * @returns {string}
 */
export const actorName = (id) => (pageContext.actors[id] ? nameOf(pageContext.actors[id]) : id);

/** @param {EventRow} event */
function place(event) {
  const area = index.get(event.governorate ?? "") || areaOf(event);
  const region = area ? nameOf(area.feature.properties) : event.admin1;
  return [...new Set([region, event.country].filter(Boolean))].join(comma);
}

/**
 * Return the precision of the position of an event.
 * @param {EventRow} event
 * @returns {Node | string}
 */
export function precisionText(event) {
  const metres = event.coordinateUncertaintyInMeters;
  const precision = termLabel("precision", event.precision);
  if (event.area && (!event.shaped || event.placeholder)) return word("by_area");
  if (!event.shaped) return word("no_position");
  return metres ? element("span", {}, precision, " ", quantity(radius(metres))) : precision;
}

/**
 * Highlight the row of the selected event.
 * @param {string | null} id
 */
export function highlightRow(id) {
  selected = id;
  for (const button of all("[data-event]", HTMLElement)) {
    const on = button.dataset.event === id;
    button.setAttribute("aria-pressed", String(on));
    button.closest("tr")?.classList.toggle("picked", on);
  }
}
