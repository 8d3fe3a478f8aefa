// The histogram of the filtered events in view, and the selection of a span of days.

import * as api from "../core/api.js";
import { all, closest, element, find, svg } from "../core/dom.js";
import { getParam } from "../core/state.js";
import { dateText, rtl, word } from "../core/i18n.js";
import { viewBounds } from "./event-layer.js";
import { activeFilters, changeFilters, layer } from "./query.js";
import { addUnits, dayOf, isoDate } from "./days.js";
import { HEIGHT, SIDE, ticks } from "./time-axis.js";

const FOOT = 18;
const TOP = 14;
const WAIT = 250;
const MOST_BINS = 800;
/** @type {Record<string, number>} */
const DAYS = { day: 1, week: 7, month: 30 };
// Undefined before the first answer, and where no event has a date.
/** @type {TimeAnswer} */
let answer;
/** @type {DaySpan} */
let span;
let waiting = 0;
// The days selected by a gesture that goes on: the address takes them as one step when it ends.
/** @type {[number, number] | null} */
let pending = null;

/**
 * Wire the strip of time; return the days of a layer whose events have dates, else null.
 * @param {{ from: string | null, to: string | null }} extent
 * @returns {DaySpan | null}
 */
export function wireTime(extent) {
  if (extent.from && extent.to) span = { from: dayOf(extent.from), to: dayOf(extent.to) };
  new ResizeObserver(() => drawHistogram()).observe(find("time-strip"));
  find("time-whole").addEventListener("click", () => changeFilters({ from: null, to: null }));
  find("time-table").addEventListener("toggle", fillTable);
  return span ?? null;
}

/** Fetch the histogram and draw it. */
export async function refreshHistogram() {
  const response = await api.queryEvents(layer, "time", { ...activeFilters(["from", "to"]), view: viewBounds(), by: binBy() });
  if (!response) return;
  answer = response;
  drawHistogram();
  fillTable();
  describe();
}

/**
 * Return the unit of the bins: the chosen step, or "auto" if there is none or it gives too many bins.
 * @returns {string}
 */
function binBy() {
  const step = getParam("step") ?? "";
  return DAYS[step] && span && (span.to - span.from) / DAYS[step] <= MOST_BINS ? step : "auto";
}

/**
 * Return the first and the last selected day; those of the layer if none is selected.
 * @returns {[number, number]}
 */
export function selectedDays() {
  if (pending) return pending;
  const [from, to] = [getParam("from"), getParam("to")].map((day) => (day ? dayOf(day) : null));
  return [from ?? span.from, to ?? span.to];
}

/** Draw the histogram again, with the present selection. */
export function drawHistogram() {
  const strip = find("time-strip");
  const width = strip.clientWidth;
  if (!answer || !span || !width) return;
  const focused = document.activeElement?.getAttribute("data-end");
  const scale = scaleOf(width);
  const chart = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT + FOOT}`, width, height: HEIGHT + FOOT, role: "group", "aria-label": word("events_time_label") });
  chart.append(...ticks(scale, width), ...bars(scale), ...brush(scale, chart));
  strip.replaceChildren(chart);
  if (focused) all(`[data-end="${focused}"]`, SVGElement, chart)[0]?.focus();
  find("time-whole").hidden = !(pending || getParam("from") || getParam("to"));
}

/**
 * Return the scale of days to pixels and back; time runs in the direction of the script.
 * @param {number} width
 */
function scaleOf(width) {
  const [first, last] = [Math.min(span.from, ...binDays(0)), Math.max(span.to + 1, ...binDays(-1))];
  const run = (width - 2 * SIDE) / (last - first);
  /** @param {number} day */
  const x = (day) => (rtl ? width - SIDE - (day - first) * run : SIDE + (day - first) * run);
  /** @param {number} at */
  const day = (at) => Math.round((rtl ? width - SIDE - at : at - SIDE) / run + first - 0.5);
  return { x, day, first, last };
}

/** @param {number} at */
function binDays(at) {
  const bin = answer.bins.at(at);
  if (!bin) return [];
  return [at < 0 ? addUnits(dayOf(bin.start), answer.by, 1) : dayOf(bin.start)];
}

/** @param {TimeScale} scale */
function bars({ x }) {
  const most = Math.max(1, ...answer.bins.map((bin) => bin.count + bin.spread));
  const [from, to] = selectedDays();
  /** @param {number} count */
  const high = (count) => (count / most) * (HEIGHT - TOP);
  /** @type {SVGElement[]} */
  const shapes = !answer.bins.length ? [] : [svg("text", { class: "most", x: rtl ? x(span.from) : SIDE, y: 10, "text-anchor": "start" }, `\u2066${Math.ceil(most).toLocaleString("en")}\u2069`)];
  for (const bin of answer.bins) {
    const [start, end] = [dayOf(bin.start), addUnits(dayOf(bin.start), answer.by, 1)];
    const [a, b] = [x(start), x(end)].sort((left, other) => left - other);
    const left = a + Math.min(0.5, (b - a) / 8);
    const wide = Math.max(0.6, b - a - Math.min(1, (b - a) / 4));
    const inside = end - 1 >= from && start <= to ? "" : " out";
    const certain = high(bin.count);
    const loose = high(bin.spread);
    if (bin.count) shapes.push(svg("rect", { class: `bin${inside}`, x: left, y: HEIGHT - certain, width: wide, height: certain }, svg("title", {}, describeBin(bin))));
    if (bin.spread) shapes.push(svg("rect", { class: `bin loose${inside}`, x: left, y: HEIGHT - certain - loose, width: wide, height: loose }, svg("title", {}, describeBin(bin))));
  }
  shapes.push(svg("path", { class: "axis", d: `M${SIDE} ${HEIGHT}H${Math.max(x(span.from), x(span.to + 1))}` }));
  return shapes;
}

/**
 * Return a bin in words.
 * @param {TimeBin} bin
 * @returns {string}
 */
function describeBin(bin) {
  const when = nameOfBin(bin.start);
  const count = bin.count.toLocaleString("en");
  return bin.spread ? word("events_bin_spread", { when, count, spread: bin.spread.toLocaleString("en") }) : word("events_bin", { when, count });
}

/** @param {string} start */
function nameOfBin(start) {
  if (answer.by === "year") return dateText(start, { year: "numeric" });
  if (answer.by === "month") return dateText(start, { month: "long", year: "numeric" });
  if (answer.by === "week") return word("events_week", { date: dateText(start) });
  return dateText(start);
}

/**
 * @param {TimeScale} scale
 * @param {SVGElement} strip
 */
function brush(scale, strip) {
  const { x } = scale;
  const [from, to] = selectedDays();
  const [a, b] = [x(from), x(to + 1)].sort((left, other) => left - other);
  const chosenBox = svg("rect", { class: "chosen", x: a, y: TOP - 4, width: Math.max(1, b - a), height: HEIGHT - TOP + 4 });
  /**
   * @param {"from" | "to"} end
   * @param {number} at
   */
  const handle = (end, at) => {
    const value = end === "from" ? from : to;
    return svg("g", {
      role: "slider", tabindex: "0", "data-end": end, "aria-label": word(end === "from" ? "events_first_day" : "events_last_day"),
      "aria-valuemin": span.from, "aria-valuemax": span.to, "aria-valuenow": value, "aria-valuetext": dateText(isoDate(value)),
      onkeydown: (event) => keyed(event, end),
    }, svg("title", {}, word(end === "from" ? "events_first_day" : "events_last_day")), svg("rect", { class: "grip-room", x: at - 12, y: 0, width: 24, height: HEIGHT + 4 }),
    svg("path", { class: "grip", d: `M${at} ${TOP - 6}V${HEIGHT}` }), svg("rect", { class: "grip", x: at - 4, y: TOP + 14, width: 8, height: 22, rx: 3 }));
  };
  wirePointer(strip, scale);
  return [chosenBox, handle("from", x(from)), handle("to", x(to + 1))];
}

/** @type {Record<string, number | undefined>} */
const KEYS = { ArrowUp: 1, ArrowDown: -1, ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, PageUp: 10, PageDown: -10 };

/**
 * @param {KeyboardEvent} event
 * @param {"from" | "to"} end
 */
function keyed(event, end) {
  const [from, to] = selectedDays();
  const now = end === "from" ? from : to;
  const steps = KEYS[event.key];
  let target = steps === undefined ? null : addUnits(now, answer.by, steps);
  if (event.key === "Home") target = span.from;
  if (event.key === "End") target = span.to;
  if (target === null) return;
  event.preventDefault();
  if (end === "from") set(Math.min(Math.max(target, span.from), to), to, WAIT);
  else set(from, Math.max(Math.min(target, span.to), from), WAIT);
}

/**
 * Select a span after a pause: keys pressed in a row are one step of the history, and so is a drag, however slow.
 * @param {number} from
 * @param {number} to
 * @param {number} [wait]
 * @param {{ step: boolean }} [gesture]
 */
function set(from, to, wait = 0, gesture = { step: true }) {
  pending = [from, to];
  drawHistogram();
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    pending = null;
    selectDays(from, to, { ...gesture });
    gesture.step = false;
  }, wait);
}

/**
 * Filter by a span of days; the span of the layer removes the filter.
 * @param {number} from
 * @param {number} to
 * @param {{ step?: boolean }} [how]
 */
export function selectDays(from, to, how = {}) {
  return changeFilters({ from: from <= span.from ? null : isoDate(from), to: to >= span.to ? null : isoDate(to) }, how);
}

/**
 * Wire the pointer: dragging selects a span or moves a handle, a click selects a bin.
 * @param {SVGElement} strip
 * @param {TimeScale} scale
 */
function wirePointer(strip, { day }) {
  strip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    /** @param {PointerEvent} pointer */
    const at = (pointer) => Math.min(span.to, Math.max(span.from, day(pointer.clientX - find("time-strip").getBoundingClientRect().left)));
    const [from, to] = selectedDays();
    const grip = closest(event, "[data-end]")?.dataset.end;
    const fixed = grip === "from" ? to : grip === "to" ? from : at(event);
    const unfiltered = !getParam("from") && !getParam("to");
    const inside = !grip && !unfiltered && at(event) > from && at(event) < to;
    const begun = at(event);
    const gesture = { step: true };
    let moved = false;
    /** @param {PointerEvent} pointer */
    const move = (pointer) => {
      if (!moved && Math.abs(pointer.clientX - event.clientX) < 4) return;
      moved = true;
      if (inside) {
        const by = Math.min(Math.max(at(pointer) - begun, span.from - from), span.to - to);
        set(from + by, to + by, WAIT, gesture);
      } else set(Math.min(fixed, at(pointer)), Math.max(fixed, at(pointer)), WAIT, gesture);
    };
    /** @param {PointerEvent} pointer */
    const end = (pointer) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (moved || grip || pointer.type === "pointercancel") return;
      const bin = answer.bins.findLast(({ start }) => dayOf(start) <= begun);
      if (bin) set(Math.max(span.from, dayOf(bin.start)), Math.min(span.to, addUnits(dayOf(bin.start), answer.by, 1) - 1));
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });
}

/** Describe the histogram: its unit, the events spread over a span, and those without a date. */
function describe() {
  const loose = answer.bins.reduce((sum, bin) => sum + bin.spread, 0);
  const parts = [word("events_by", { unit: word(`events_by_${answer.by}`) })];
  if (loose) parts.push(word("events_spread", { count: `\u2066${(Math.round(loose * 10) / 10).toLocaleString("en")}\u2069` }));
  if (answer.undated) parts.push(word("events_time_undated", { count: answer.undated.toLocaleString("en") }));
  find("time-said").textContent = parts.join(" · ");
  find("time-loose").hidden = !loose;
}

function fillTable() {
  if (!find("time-table", HTMLDetailsElement).open || !answer) return;
  find("time-rows").replaceChildren(...answer.bins.filter((bin) => bin.count || bin.spread).map((bin) => element("tr", {},
    element("th", { scope: "row" }, nameOfBin(bin.start)),
    ...[bin.count, bin.spread || "–", bin.deaths].map((figure) => element("td", {}, element("bdi", { dir: "ltr" }, figure.toLocaleString("en")))))));
}
