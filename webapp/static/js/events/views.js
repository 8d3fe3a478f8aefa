// The layout of the page: parts beside and under the map, or in the sheet over it on a narrow screen.

import { all, find } from "../core/dom.js";
import { narrow } from "../map/leaflet.js";
import { lowerBottomSheet, raiseBottomSheet } from "../map/bottom-sheet.js";
import { getParam, setParams } from "../core/state.js";
import { changeFilters } from "./query.js";

const PARTS = { filters: "filters-part", time: "time-part", table: "table-part" };
let shown = "filters";

/**
 * Wire the tabs of a narrow page and the switches of a wide one; `opened` is called when the table opens.
 * @param {() => void} opened
 */
export function wireViews(opened) {
  const place = () => {
    for (const id of ["time-part", "table-part"]) find(narrow.matches ? "sheet-parts" : "side-parts").append(find(id));
    find(narrow.matches ? "sheet-card" : "map-box").append(find("event-card"));
    show(shown);
  };
  const table = find("table-open");
  table.addEventListener("click", () => {
    setParams({ table: getParam("table") ? null : "1" });
    show(shown);
    opened();
  });
  for (const button of all("[data-part]", HTMLElement)) {
    button.addEventListener("click", () => {
      if (button.dataset.part === "map") { lowerBottomSheet(0); mark("map"); return; }
      show(button.dataset.part ?? shown);
      raiseBottomSheet(button.dataset.part === "time" ? 1 : 2);
      opened();
    });
  }
  narrow.addEventListener("change", () => { place(); opened(); });
  for (const name of ["colour", "show"]) {
    const select = find(name, HTMLSelectElement);
    select.value = getParam(name) || select.options[0].value;
    select.addEventListener("change", () => changeFilters({ [name]: select.selectedIndex ? select.value : null }, { step: true }));
  }
  place();
}

/** @param {string} part */
function show(part) {
  shown = part;
  for (const [name, id] of Object.entries(PARTS)) find(id).hidden = narrow.matches && name !== part;
  if (!narrow.matches) {
    find("table-part").hidden = !getParam("table");
    find("table-open").setAttribute("aria-expanded", String(Boolean(getParam("table"))));
  }
  mark(part);
}

/** @param {string} part */
function mark(part) {
  for (const button of all("[data-part]", HTMLElement)) button.setAttribute("aria-pressed", String(button.dataset.part === part));
}

/** Raise the sheet to show the card. */
export function raiseSheet() {
  raiseBottomSheet(1);
  if (narrow.matches) find("panel").scrollTo(0, 0);
}

/** Lower the sheet so that the map can be clicked. */
export const lowerSheet = () => lowerBottomSheet(0);
