// Events through time: a histogram of what is filtered and in view, and the span of it that is chosen.

import * as api from "../core/api.js";
import { element, find, svg } from "../core/dom.js";
import { get } from "../core/state.js";
import { dateText, rtl, word } from "../core/i18n.js";
import { box } from "./event-layer.js";
import { asked, change, layer } from "./query.js";
import { DAY, addTo, dayOf, iso } from "./days.js";

const HEIGHT = 74;
const FOOT = 18;
const TOP = 14;
const SIDE = 14;
const WAIT = 250;
const MOST_BINS = 800;
const DAYS = { day: 1, week: 7, month: 30 };
let answer = null;
let span = null;
let waiting = 0;
// What is being chosen, while it is: the address takes it as one step when it is done.
let pending = null;

/** Wire the strip of time for a layer whose events span `whole`. */
export function wireTime(whole) {
  span = whole.from ? { from: dayOf(whole.from), to: dayOf(whole.to) } : null;
  new ResizeObserver(() => render()).observe(find("time-strip"));
  find("time-whole").addEventListener("click", () => change({ from: null, to: null }));
  find("time-table").addEventListener("toggle", fillTable);
  return span;
}

/** Ask for the histogram and draw it. */
export async function lookAtTime() {
  const made = await api.events(layer, "time", { ...asked(["from", "to"]), view: box(), by: binBy() });
  if (!made) return;
  answer = made;
  render();
  fillTable();
  say();
}

/** @returns {string} the unit of the step that is chosen; what suits the span where none is, or where bins would be too many. */
function binBy() {
  const step = get("step");
  return DAYS[step] && span && (span.to - span.from) / DAYS[step] <= MOST_BINS ? step : "auto";
}

/** @returns {number[]} the first and the last day of what is chosen; the whole span where nothing is. */
export function chosen() {
  if (pending) return pending;
  const [from, to] = [get("from"), get("to")].map((day) => (day ? dayOf(day) : null));
  return [from ?? span.from, to ?? span.to];
}

/** Draw the strip again: what is chosen has changed. */
export function render() {
  const strip = find("time-strip");
  const width = strip.clientWidth;
  if (!answer || !span || !width) return;
  const focused = document.activeElement?.dataset?.end;
  const scale = scaleOf(width);
  const made = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT + FOOT}`, width, height: HEIGHT + FOOT, role: "group", "aria-label": word("events_time_label") });
  made.append(...ticks(scale, width), ...bars(scale), ...brush(scale, made));
  strip.replaceChildren(made);
  if (focused) made.querySelector(`[data-end="${focused}"]`)?.focus();
  find("time-whole").hidden = !(pending || get("from") || get("to"));
}

/** Days to pixels and back; time runs as the page is read. */
function scaleOf(width) {
  const [first, last] = [Math.min(span.from, ...binDays(0)), Math.max(span.to + 1, ...binDays(-1))];
  const run = (width - 2 * SIDE) / (last - first);
  const x = (day) => (rtl ? width - SIDE - (day - first) * run : SIDE + (day - first) * run);
  const day = (at) => Math.round((rtl ? width - SIDE - at : at - SIDE) / run + first - 0.5);
  return { x, day, first, last };
}

function binDays(at) {
  const bin = answer.bins.at(at);
  if (!bin) return [];
  return [at < 0 ? addTo(dayOf(bin.start), answer.by, 1) : dayOf(bin.start)];
}

function bars({ x }) {
  const most = Math.max(1, ...answer.bins.map((bin) => bin.count + bin.spread));
  const [from, to] = chosen();
  const high = (count) => (count / most) * (HEIGHT - TOP);
  const made = !answer.bins.length ? [] : [svg("text", { class: "most", x: rtl ? x(span.from) : SIDE, y: 10, "text-anchor": "start" }, `\u2066${Math.ceil(most).toLocaleString("en")}\u2069`)];
  for (const bin of answer.bins) {
    const [start, end] = [dayOf(bin.start), addTo(dayOf(bin.start), answer.by, 1)];
    const [a, b] = [x(start), x(end)].sort((one, other) => one - other);
    const left = a + Math.min(0.5, (b - a) / 8);
    const wide = Math.max(0.6, b - a - Math.min(1, (b - a) / 4));
    const inside = end - 1 >= from && start <= to ? "" : " out";
    const certain = high(bin.count);
    const loose = high(bin.spread);
    if (bin.count) made.push(svg("rect", { class: `bin${inside}`, x: left, y: HEIGHT - certain, width: wide, height: certain }, svg("title", {}, told(bin))));
    if (bin.spread) made.push(svg("rect", { class: `bin loose${inside}`, x: left, y: HEIGHT - certain - loose, width: wide, height: loose }, svg("title", {}, told(bin))));
  }
  made.push(svg("path", { class: "axis", d: `M${SIDE} ${HEIGHT}H${Math.max(x(span.from), x(span.to + 1))}` }));
  return made;
}

/** @returns {string} a bin in words. */
function told(bin) {
  const when = nameOfBin(bin.start);
  const count = bin.count.toLocaleString("en");
  return bin.spread ? word("events_bin_spread", { when, count, spread: bin.spread.toLocaleString("en") }) : word("events_bin", { when, count });
}

function nameOfBin(start) {
  if (answer.by === "year") return dateText(start, { year: "numeric" });
  if (answer.by === "month") return dateText(start, { month: "long", year: "numeric" });
  if (answer.by === "week") return word("events_week", { date: dateText(start) });
  return dateText(start);
}

/** Years, months or days along the foot, as many as there is room for. */
function ticks({ x, first, last }, width) {
  const made = [];
  const run = (width - 2 * SIDE) / (last - first);
  const unit = [["day", 64], ["month", 70], ["year", 46]].find(([one, room]) => ({ day: 1, month: 30.4, year: 365.25 }[one] * run >= room))?.[0] || "decade";
  const step = unit === "decade" ? ["year", Math.ceil(46 / (365.25 * run))] : [unit, 1];
  const format = { day: { day: "numeric", month: "short" }, month: { month: "short", year: "numeric" }, year: { year: "numeric" } }[step[0]];
  let at = new Date(first * DAY);
  at = step[0] === "year" ? Date.UTC(at.getUTCFullYear(), 0, 1) / DAY : step[0] === "month" ? Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1) / DAY : first;
  for (; at < last; at = addTo(at, ...step)) {
    if (at < first) continue;
    made.push(svg("path", { class: "tick", d: `M${x(at)} ${HEIGHT}v5` }));
    const middle = x(at) + (rtl ? -3 : 3);
    const text = dateText(iso(at), format);
    if (rtl ? middle > 60 : middle < width - 60) made.push(svg("text", { x: middle, y: HEIGHT + 15, "text-anchor": "start" }, text));
  }
  return made;
}

function brush({ x, day }, strip) {
  const [from, to] = chosen();
  const [a, b] = [x(from), x(to + 1)].sort((one, other) => one - other);
  const chosenBox = svg("rect", { class: "chosen", x: a, y: TOP - 4, width: Math.max(1, b - a), height: HEIGHT - TOP + 4 });
  const handle = (end, at) => {
    const value = end === "from" ? from : to;
    return svg("g", {
      role: "slider", tabindex: "0", "data-end": end, "aria-label": word(end === "from" ? "events_first_day" : "events_last_day"),
      "aria-valuemin": span.from, "aria-valuemax": span.to, "aria-valuenow": value, "aria-valuetext": dateText(iso(value)),
      onkeydown: (event) => keyed(event, end),
    }, svg("rect", { class: "grip-room", x: at - 12, y: 0, width: 24, height: HEIGHT + 4 }),
    svg("path", { class: "grip", d: `M${at} ${TOP - 6}V${HEIGHT}` }), svg("rect", { class: "grip", x: at - 4, y: TOP + 14, width: 8, height: 22, rx: 3 }));
  };
  wirePointer(strip, { x, day });
  return [chosenBox, handle("from", x(from)), handle("to", x(to + 1))];
}

const KEYS = { ArrowUp: 1, ArrowDown: -1, ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, PageUp: 10, PageDown: -10 };

function keyed(event, end) {
  const [from, to] = chosen();
  const now = end === "from" ? from : to;
  let made = KEYS[event.key] === undefined ? null : addTo(now, answer.by, KEYS[event.key]);
  if (event.key === "Home") made = span.from;
  if (event.key === "End") made = span.to;
  if (made === null) return;
  event.preventDefault();
  if (end === "from") set(Math.min(Math.max(made, span.from), to), to, WAIT);
  else set(from, Math.max(Math.min(made, span.to), from), WAIT);
}

/** Choose a span; the whole span is no choice. Keys pressed in a row are one step, and so is a drag, however slow. */
function set(from, to, wait = 0, gesture = { step: true }) {
  pending = [from, to];
  render();
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    pending = null;
    choose(from, to, { ...gesture });
    gesture.step = false;
  }, wait);
}

/** Filter by a span of days; the whole span filters nothing. */
export function choose(from, to, how = {}) {
  return change({ from: from <= span.from ? null : iso(from), to: to >= span.to ? null : iso(to) }, how);
}

/** Dragging over empty time chooses it, dragging a handle moves it, a press chooses a bin. */
function wirePointer(strip, { x, day }) {
  strip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const at = (one) => Math.min(span.to, Math.max(span.from, day(one.clientX - find("time-strip").getBoundingClientRect().left)));
    const [from, to] = chosen();
    const grip = event.target.closest("[data-end]")?.dataset.end;
    const fixed = grip === "from" ? to : grip === "to" ? from : at(event);
    const whole = !get("from") && !get("to");
    const inside = !grip && !whole && at(event) > from && at(event) < to;
    const begun = at(event);
    const gesture = { step: true };
    let moved = false;
    const move = (one) => {
      if (!moved && Math.abs(one.clientX - event.clientX) < 4) return;
      moved = true;
      if (inside) {
        const by = Math.min(Math.max(at(one) - begun, span.from - from), span.to - to);
        set(from + by, to + by, WAIT, gesture);
      } else set(...[fixed, at(one)].sort((a, b) => a - b), WAIT, gesture);
    };
    const end = (one) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (moved || grip || one.type === "pointercancel") return;
      const bin = answer.bins.findLast(({ start }) => dayOf(start) <= begun);
      if (bin) set(Math.max(span.from, dayOf(bin.start)), Math.min(span.to, addTo(dayOf(bin.start), answer.by, 1) - 1));
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  });
}

/** What the strip shows in words: by which unit, what is spread over its span, what bears no date. */
function say() {
  const loose = answer.bins.reduce((sum, bin) => sum + bin.spread, 0);
  const parts = [word("events_by", { unit: word(`events_by_${answer.by}`) })];
  if (loose) parts.push(word("events_spread", { count: `\u2066${(Math.round(loose * 10) / 10).toLocaleString("en")}\u2069` }));
  if (answer.undated) parts.push(word("events_time_undated", { count: answer.undated.toLocaleString("en") }));
  find("time-said").textContent = parts.join(" · ");
  find("time-loose").hidden = !loose;
}

function fillTable() {
  if (!find("time-table").open || !answer) return;
  find("time-rows").replaceChildren(...answer.bins.filter((bin) => bin.count || bin.spread).map((bin) => element("tr", {},
    element("th", { scope: "row" }, nameOfBin(bin.start)),
    ...[bin.count, bin.spread || "–", bin.deaths].map((one) => element("td", {}, element("bdi", { dir: "ltr" }, one.toLocaleString("en")))))));
}
