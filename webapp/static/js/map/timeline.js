// The timeline: events by date, in the direction of the script. Early and undated events are in boxes at its ends.

import { find, svg } from "../core/dom.js";
import { index } from "./layers.js";
import { dateOf } from "./feature-list.js";
import { markerTitle } from "./markers.js";
import { symbol, symbolOf } from "./symbols.js";
import { dateText, rtl, word } from "../core/i18n.js";

const DAY = 86_400_000;
const SIGN = 14;
const LANES = 3;
const TOP = 4;
const HEIGHT = TOP + LANES * (SIGN + 2);
const UNDATED = "9999";

/**
 * Draw the timeline, and again whenever its width changes.
 * @param {Act} act
 */
export function drawTimeline(act) {
  const box = find("timeline-strip");
  const events = [...index.values()].filter((entry) => entry.layer === "events")
    .map((entry) => ({ entry, day: dateOf(entry.feature.properties) }))
    .toSorted((a, b) => a.day.localeCompare(b.day));
  if (!events.length) return;
  const render = () => { if (box.clientWidth) box.replaceChildren(strip(events, box.clientWidth, act)); };
  new ResizeObserver(render).observe(box);
}

/** @param {string} day */
const time = (day) => Date.parse(`${day}T00:00:00Z`);

/**
 * Return the index of the first event of the axis: after the widest gap that at least half of the events follow.
 * @param {string[]} days
 */
function beginning(days) {
  let widest = 0;
  let at = 0;
  for (let position = 1; position <= days.length / 2; position += 1) {
    const gap = time(days[position]) - time(days[position - 1]);
    if (gap > widest) [widest, at] = [gap, position];
  }
  return at;
}

/**
 * @param {DatedEntry[]} events
 * @param {number} width
 * @param {Act} act
 */
function strip(events, width, act) {
  const dated = events.filter((item) => item.day !== UNDATED);
  const undated = events.filter((item) => item.day === UNDATED);
  const first = beginning(dated.map((item) => item.day));
  const start = monthStart(new Date(time(dated[first].day)), 0);
  const end = monthStart(new Date(time(dated[dated.length - 1].day)), 1);
  const [left, right] = [endBox(first) + 8, width - endBox(undated.length) - 8];
  /** @param {number} at */
  const x = (at) => left + ((at - start) / (end - start)) * (right - left);
  /** @param {number} at */
  const flip = (at) => (rtl ? width - at : at);
  const chart = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT + 18}`, width, height: HEIGHT + 18, role: "group", "aria-label": word("timeline") });
  months(start, end).forEach((month) => {
    chart.append(svg("path", { class: "tick", d: `M${flip(x(month))} 0V${HEIGHT + 14}` }));
    const next = monthStart(new Date(month), 1);
    const narrow = (x(next) - x(month)) < (rtl ? 150 : 78);
    const text = dateText(new Date(month).toISOString().slice(0, 10), narrow ? { month: "short" } : { month: "long", ...(new Date(month).getUTCMonth() === 0 ? { year: "numeric" } : {}) });
    chart.append(svg("text", { x: flip((x(month) + x(next)) / 2), y: HEIGHT + 14, "text-anchor": "middle" }, text));
  });
  for (const { entry } of dated.slice(first)) chart.append(...stretch(entry, start, end, (at) => flip(x(at))));
  const lanes = Array(LANES).fill(-Infinity);
  dated.slice(first).forEach((item) => mark(chart, item.entry, x(time(item.day)), lanes, flip, act));
  ends(chart, dated.slice(0, first), undated, width, flip, act);
  return chart;
}

/** @param {number} count */
const endBox = (count) => (count ? Math.ceil(count / LANES) * (SIGN + 4) + 12 : 0);
/**
 * @param {Date} date
 * @param {number} more
 */
const monthStart = (date, more) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1);

/**
 * @param {number} start
 * @param {number} end
 */
function months(start, end) {
  const starts = [];
  for (let at = start; at < end; at = monthStart(new Date(at), 1)) starts.push(at);
  return starts;
}

/**
 * Return the bar of an event that the source dates to an interval.
 * @param {Entry} entry
 * @param {number} start
 * @param {number} end
 * @param {(at: number) => number} x
 */
function stretch(entry, start, end, x) {
  const p = entry.feature.properties;
  if (p.date_precision !== "interval" || !p.date_start || !p.date_end) return [];
  const from = Math.max(start, time(p.date_start));
  const to = Math.min(end, time(p.date_end) + DAY);
  return [svg("rect", { class: "stretch", x: Math.min(x(from), x(to)), y: TOP, width: Math.abs(x(to) - x(from)), height: 5, rx: 2 })];
}

/**
 * @param {SVGElement} chart
 * @param {Entry} entry
 * @param {number} at
 * @param {number[]} lanes
 * @param {(at: number) => number} flip
 * @param {Act} act
 */
function mark(chart, entry, at, lanes, flip, act) {
  let lane = lanes.findIndex((last) => last + SIGN + 1 <= at);
  if (lane < 0) lane = lanes.indexOf(Math.min(...lanes));
  lanes[lane] = Math.max(at, lanes[lane]);
  chart.append(button(entry, flip(at), TOP + lane * (SIGN + 2), act));
}

/**
 * Draw the boxes at the ends: early events, and events without a date.
 * @param {SVGElement} chart
 * @param {DatedEntry[]} before
 * @param {DatedEntry[]} undated
 * @param {number} width
 * @param {(at: number) => number} flip
 * @param {Act} act
 */
function ends(chart, before, undated, width, flip, act) {
  for (const { items, from, key } of [{ items: before, from: 6, key: "timeline_before" }, { items: undated, from: width - endBox(undated.length), key: "timeline_undated" }]) {
    if (!items.length) continue;
    items.forEach(({ entry }, position) => {
      const at = from + SIGN / 2 + Math.floor(position / LANES) * (SIGN + 4);
      chart.append(button(entry, flip(at), TOP + (position % LANES) * (SIGN + 2), act));
    });
    const middle = from + (Math.ceil(items.length / LANES) * (SIGN + 4)) / 2;
    chart.append(svg("text", { x: flip(middle), y: HEIGHT + 14, "text-anchor": "middle" }, word(key)));
  }
}

/**
 * @param {Entry} entry
 * @param {number} x
 * @param {number} y
 * @param {Act} act
 */
function button(entry, x, y, act) {
  const press = () => act(entry.feature.id, { focus: true });
  const shape = symbol(symbolOf(entry.feature.properties), SIGN);
  shape.setAttribute("x", String(x - SIGN / 2));
  shape.setAttribute("y", String(y));
  const node = svg("g", {
    role: "button", tabindex: "0", "aria-label": markerTitle(entry), "data-row": entry.feature.id, "aria-pressed": "false", onclick: press,
    onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); } },
  }, svg("title", {}, markerTitle(entry)), svg("rect", { class: "hit", x: x - SIGN / 2 - 2, y: y - 1, width: SIGN + 4, height: SIGN + 2, rx: 3 }), shape);
  return node;
}

