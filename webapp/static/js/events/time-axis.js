// The axis of the histogram: which unit of time is labelled, and where.

import { svg } from "../core/dom.js";
import { dateText, rtl } from "../core/i18n.js";
import { DAY, addUnits, isoDate } from "./days.js";

/** Pixels from the top of the histogram to its foot. */
export const HEIGHT = 74;
/** Pixels at either end of the axis. */
export const SIDE = 14;
/** The units of the axis: their days, the pixels a label takes, and how it is written. @type {{ unit: TimeUnit, days: number, room: number, format: Intl.DateTimeFormatOptions }[]} */
const TICKS = [
  { unit: "day", days: 1, room: 64, format: { day: "numeric", month: "short" } },
  { unit: "month", days: 30.4, room: 70, format: { month: "short", year: "numeric" } },
  { unit: "year", days: 365.25, room: 46, format: { year: "numeric" } },
];

/**
 * Draw years, months or days along the foot of the histogram, as many as there is room for.
 * @param {TimeScale} scale
 * @param {number} width pixels
 * @returns {SVGElement[]}
 */
export function ticks({ x, first, last }, width) {
  /** @type {SVGElement[]} */
  const shapes = [];
  const run = (width - 2 * SIDE) / (last - first);
  // A year that has no room for its label stands for several.
  const { unit, days, room, format } = TICKS.find((tick) => tick.days * run >= tick.room) ?? TICKS[TICKS.length - 1];
  const count = Math.max(1, Math.ceil(room / (days * run)));
  const date = new Date(first * DAY);
  let at = unit === "year" ? Date.UTC(date.getUTCFullYear(), 0, 1) / DAY : unit === "month" ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY : first;
  for (; at < last; at = addUnits(at, unit, count)) {
    if (at < first) continue;
    shapes.push(svg("path", { class: "tick", d: `M${x(at)} ${HEIGHT}v5` }));
    const middle = x(at) + (rtl ? -3 : 3);
    const text = dateText(isoDate(at), format);
    if (rtl ? middle > 60 : middle < width - 60) shapes.push(svg("text", { x: middle, y: HEIGHT + 15, "text-anchor": "start" }, text));
  }
  return shapes;
}
