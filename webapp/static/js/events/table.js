// The table: every event of what is filtered, page by page, in the order asked for; a row selects its event on the map.

import * as api from "../core/api.js";
import { element, find } from "../core/dom.js";
import { index } from "../map/layers.js";
import { get, put } from "../core/state.js";
import { boot, comma, nameOf, quantity, radius, word } from "../core/i18n.js";
import { asked, layer } from "./query.js";
import { killed, named, when } from "./styles.js";

const ROWS = 100;
const FIRST = "-date_start";
const SORTS = { date_start: "col_date", name: "col_name", category: "events_f_category", "killed.best": "events_deaths" };
let act = null;
let answer = null;
let selected = null;

/** Wire the buttons of the table; `select` is called with the id of a row. */
export function wireTable(select) {
  act = select;
  find("page-first").addEventListener("click", () => turn(1));
  find("page-back").addEventListener("click", () => turn(pageOf() - 1));
  find("page-on").addEventListener("click", () => turn(pageOf() + 1));
  find("page-last").addEventListener("click", () => turn(answer.pages));
  find("page-number").addEventListener("change", () => turn(Number(find("page-number").value) || 1));
  find("sort").addEventListener("change", () => sortBy(find("sort").value));
}

const pageOf = () => answer?.page || Math.max(1, Math.round(Number(get("page"))) || 1);

async function turn(page) {
  put({ page: String(Math.min(Math.max(1, page), answer?.pages || 1)) });
  await fillTable();
  find("table-box").scrollTo(0, 0);
}

function sortBy(sort) {
  put({ sort: sort === FIRST ? null : sort, page: null });
  return fillTable();
}

/** Ask for the page of the address and show it, where the table is open. */
export async function fillTable() {
  if (find("table-part").hidden) { answer = null; return; }
  const made = await api.events(layer, "items", { ...asked(), page: get("page") || 1, limit: ROWS, sort: get("sort") || FIRST });
  if (!made) return;
  answer = made;
  const body = find("table-rows");
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.event : null;
  body.replaceChildren(...(answer.items.length ? answer.items.map(row) : [element("tr", {}, element("td", { colspan: 8, class: "note" }, word("events_none")))]));
  if (focused) body.querySelector(`[data-event="${CSS.escape(focused)}"]`)?.focus();
  drawHead();
  drawPager();
  light(selected);
}

function drawHead() {
  const sort = get("sort") || FIRST;
  for (const head of document.querySelectorAll("#table-part [data-sort]")) {
    const name = head.dataset.sort;
    const now = sort.replace(/^-/, "") === name ? (sort.startsWith("-") ? "descending" : "ascending") : null;
    if (now) head.setAttribute("aria-sort", now);
    else head.removeAttribute("aria-sort");
    head.replaceChildren(element("button", { type: "button", class: "sorter", onclick: () => sortBy(now === "descending" || (!now && name === "name") ? name : `-${name}`) }, word(SORTS[name])));
  }
  find("sort").value = sort;
}

function drawPager() {
  const first = answer.count ? (answer.page - 1) * ROWS + 1 : 0;
  const [from, to, found] = [first, Math.min(answer.page * ROWS, answer.count), answer.count].map((one) => `\u2066${one.toLocaleString("en")}\u2069`);
  find("table-said").textContent = word("near_shown", { first: from, last: to, found });
  find("page-number").value = String(answer.page);
  find("page-number").max = String(Math.max(1, answer.pages));
  find("page-of").textContent = word("events_page_of", { pages: `\u2066${Math.max(1, answer.pages).toLocaleString("en")}\u2069` });
  for (const id of ["page-first", "page-back"]) find(id).disabled = answer.page <= 1;
  for (const id of ["page-on", "page-last"]) find(id).disabled = answer.page >= answer.pages;
}

function row(one) {
  const cell = (key, ...children) => element("td", { "data-label": word(key) }, ...children);
  const text = (value) => element("bdi", {}, value || "–");
  const flags = one.flags || [];
  return element("tr", { "data-row-of": one.id },
    cell("col_date", when(one)),
    element("th", { scope: "row" }, element("button", { type: "button", class: "event-name", "data-event": one.id, "aria-pressed": "false", onclick: () => act(one.id) }, element("bdi", {}, nameOf(one) || one.id)),
      element("small", {}, element("bdi", { dir: "ltr" }, one.id))),
    cell("events_f_category", text(named("category", one.category || one.kind))),
    cell("actors", text((one.actors || []).map(actorName).join(comma))),
    cell("events_deaths", element("bdi", { dir: "ltr" }, killed(one["killed.best"], one["killed.low"], one["killed.high"]))),
    cell("events_where", text(place(one)), element("small", {}, exactness(one))),
    cell("col_source", text(one.reported_by)),
    cell("events_f_flag", text(flags.map((flag) => named("flag", flag)).join(comma))));
}

/** @returns {string} an actor's name, where the id is of one that is held. */
export const actorName = (id) => (boot.actors[id] ? nameOf(boot.actors[id]) : id);

function place(one) {
  const area = index.get(one.governorate) || index.get((one.area || "").split("/").pop());
  const first = area ? nameOf(area.feature.properties) : one.admin1;
  return [...new Set([first, one.country].filter(Boolean))].join(comma);
}

/** @returns {Node | string} how well the place of an event is known. */
export function exactness(one) {
  const metres = one.coordinateUncertaintyInMeters;
  const known = named("precision", one.precision);
  if (one.area && (!one.shaped || one.placeholder)) return word("by_area");
  if (!one.shaped) return word("no_position");
  return metres ? element("span", {}, known, " ", quantity(radius(metres))) : known;
}

/** Light the row of the event that is selected. */
export function light(id) {
  selected = id;
  for (const button of document.querySelectorAll("[data-event]")) {
    const on = button.dataset.event === id;
    button.setAttribute("aria-pressed", String(on));
    button.closest("tr").classList.toggle("picked", on);
  }
}
