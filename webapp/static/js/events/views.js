// Where the parts of the page stand: beside and under the map where there is room, in the sheet over it where there is not.

import { find } from "../core/dom.js";
import { narrow } from "../map/leaflet.js";
import { lower, raise } from "../map/bottom-sheet.js";
import { get, put } from "../core/state.js";
import { change } from "./query.js";

const PARTS = { filters: "filters-part", time: "time-part", table: "table-part" };
let shown = "filters";

/** Wire the tabs under a narrow page and the switches of a wide one; `opened` is called when the table is. */
export function wireViews(opened) {
  const place = () => {
    for (const id of ["time-part", "table-part"]) find(narrow.matches ? "sheet-parts" : "side-parts").append(find(id));
    find(narrow.matches ? "sheet-card" : "map-box").append(find("event-card"));
    show(shown);
  };
  const table = find("table-open");
  table.addEventListener("click", () => {
    put({ table: get("table") ? null : "1" });
    show(shown);
    opened();
  });
  for (const button of document.querySelectorAll("[data-part]")) {
    button.addEventListener("click", () => {
      if (button.dataset.part === "map") { lower(0); mark("map"); return; }
      show(button.dataset.part);
      raise(button.dataset.part === "time" ? 1 : 2);
      opened();
    });
  }
  narrow.addEventListener("change", () => { place(); opened(); });
  for (const [id, name] of [["colour", "colour"], ["show", "show"]]) {
    find(id).value = get(name) || find(id).options[0].value;
    find(id).addEventListener("change", () => change({ [name]: find(id).selectedIndex ? find(id).value : null }, { step: true }));
  }
  place();
}

function show(part) {
  shown = part;
  for (const [name, id] of Object.entries(PARTS)) find(id).hidden = narrow.matches && name !== part;
  if (!narrow.matches) {
    find("table-part").hidden = !get("table");
    find("table-open").setAttribute("aria-expanded", String(Boolean(get("table"))));
  }
  mark(part);
}

function mark(part) {
  for (const button of document.querySelectorAll("[data-part]")) button.setAttribute("aria-pressed", String(button.dataset.part === part));
}

/** Bring the card into sight where it stands in the sheet. */
export function raiseSheet() {
  raise(1);
  if (narrow.matches) find("panel").scrollTo(0, 0);
}

/** Lower the sheet so that the map can be pressed. */
export const lowerSheet = () => lower(0);
