// On narrow screens the panel is a sheet with three stops: its handle, half, full. Dragged, tapped, or by keyboard.

import { all, find } from "../core/dom.js";
import { narrow } from "./leaflet.js";
import { word } from "../core/i18n.js";

const STOPS = 3;
let stop = 1;

/** Wire the handle and the dock. */
export function wireBottomSheet() {
  const handle = find("handle");
  /** @type {number | null} */
  let from = null;
  let dragged = false;
  handle.addEventListener("click", ({ detail }) => {
    // A click by keyboard (detail 0) follows no drag.
    if (!dragged || !detail) set((stop + 1) % STOPS);
    dragged = false;
  });
  handle.addEventListener("pointerdown", ({ clientY, pointerId }) => {
    from = clientY;
    dragged = false;
    handle.setPointerCapture(pointerId);
  });
  handle.addEventListener("pointercancel", () => { from = null; });
  handle.addEventListener("pointerup", ({ clientY }) => {
    // A drag of the map may end here.
    if (from === null) return;
    const moved = from - clientY;
    from = null;
    if (Math.abs(moved) < 24) return;
    dragged = true;
    set(Math.max(0, Math.min(STOPS - 1, stop + Math.sign(moved) * (Math.abs(moved) > innerHeight * 0.35 ? 2 : 1))));
  });
  for (const button of all("[data-dock]", HTMLElement)) {
    button.addEventListener("click", () => {
      set(button.dataset.dock === "list" ? 2 : 0);
      if (button.dataset.dock === "list") find("list").scrollIntoView({ block: "start" });
    });
  }
  find("map").addEventListener("focusin", () => lowerBottomSheet());
  narrow.addEventListener("change", () => set(1));
  set(1);
}

/**
 * Open the sheet at least to a stop; nothing on wide screens.
 * @param {number} to
 */
export function raiseBottomSheet(to) {
  if (narrow.matches && stop < to) set(to);
}

/** Lower the sheet so that the map can be seen. */
export function lowerBottomSheet(to = 1) {
  if (narrow.matches && stop > to) set(to);
}

/** @param {number} to */
function set(to) {
  stop = to;
  find("panel").dataset.stop = String(stop);
  find("handle").setAttribute("aria-label", `${word("sheet_label")}. ${word("sheet", { state: word(`sheet_${stop}`) })}`);
  for (const button of all("[data-dock]", HTMLElement)) {
    button.setAttribute("aria-pressed", String((button.dataset.dock === "list") === (stop === 2)));
  }
}
