// Events by date as a strip; time runs with the language. Earlier and undated ones stand in boxes at the ends.

import { find, svg } from "../core/dom.js";
import { index } from "./layers.js";
import { dateOf } from "./feature-list.js";
import { title } from "./markers.js";
import { sign, signOf } from "./symbols.js";
import { dateText, rtl, word } from "../core/i18n.js";

const DAY = 86_400_000;
const SIGN = 14;
const LANES = 3;
const TOP = 4;
const HEIGHT = TOP + LANES * (SIGN + 2);
const UNDATED = "9999";

/** Draw the strip, and again whenever its width changes. */
export function drawTimeline(act) {
  const box = find("timeline-strip");
  const events = [...index.values()].filter((entry) => entry.layer === "events")
    .map((entry) => ({ entry, day: dateOf(entry.feature.properties) }))
    .toSorted((a, b) => a.day.localeCompare(b.day));
  if (!events.length) return;
  const render = () => { if (box.clientWidth) box.replaceChildren(strip(events, box.clientWidth, act)); };
  new ResizeObserver(render).observe(box);
}

const time = (day) => Date.parse(`${day}T00:00:00Z`);

/** Where the strip begins: after the widest stretch without events, if at least half of them follow. */
function beginning(days) {
  let widest = 0;
  let at = 0;
  for (let index = 1; index <= days.length / 2; index += 1) {
    const gap = time(days[index]) - time(days[index - 1]);
    if (gap > widest) [widest, at] = [gap, index];
  }
  return at;
}

function strip(events, width, act) {
  const dated = events.filter((one) => one.day !== UNDATED);
  const undated = events.filter((one) => one.day === UNDATED);
  const first = beginning(dated.map((one) => one.day));
  const start = monthStart(new Date(time(dated[first].day)), 0);
  const end = monthStart(new Date(time(dated.at(-1).day)), 1);
  const [left, right] = [endBox(first) + 8, width - endBox(undated.length) - 8];
  const x = (at) => left + ((at - start) / (end - start)) * (right - left);
  const flip = (at) => (rtl ? width - at : at);
  const made = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT + 18}`, width, height: HEIGHT + 18, role: "group", "aria-label": word("timeline") });
  months(start, end).forEach((month) => {
    made.append(svg("path", { class: "tick", d: `M${flip(x(month))} 0V${HEIGHT + 14}` }));
    const next = monthStart(new Date(month), 1);
    const narrow = (x(next) - x(month)) < 78;
    const text = dateText(new Date(month).toISOString().slice(0, 10), narrow ? { month: "short" } : { month: "long", ...(new Date(month).getUTCMonth() === 0 ? { year: "numeric" } : {}) });
    made.append(svg("text", { x: flip((x(month) + x(next)) / 2), y: HEIGHT + 14, "text-anchor": "middle" }, text));
  });
  for (const { entry } of dated.slice(first)) made.append(...stretch(entry, start, end, (at) => flip(x(at))));
  const lanes = Array(LANES).fill(-Infinity);
  dated.slice(first).forEach((one) => mark(made, one.entry, x(time(one.day)), lanes, flip, act));
  ends(made, dated.slice(0, first), undated, width, flip, act);
  return made;
}

const endBox = (count) => (count ? Math.ceil(count / LANES) * (SIGN + 4) + 12 : 0);
const monthStart = (date, more) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1);

function months(start, end) {
  const made = [];
  for (let at = start; at < end; at = monthStart(new Date(at), 1)) made.push(at);
  return made;
}

/** An event that the source gives a span and no day is drawn over its span. */
function stretch(entry, start, end, x) {
  const p = entry.feature.properties;
  if (p.date_precision !== "interval" || !p.date_start || !p.date_end) return [];
  const from = Math.max(start, time(p.date_start));
  const to = Math.min(end, time(p.date_end) + DAY);
  return [svg("rect", { class: "stretch", x: Math.min(x(from), x(to)), y: TOP, width: Math.abs(x(to) - x(from)), height: 5, rx: 2 })];
}

function mark(made, entry, at, lanes, flip, act) {
  let lane = lanes.findIndex((last) => last + SIGN + 1 <= at);
  if (lane < 0) lane = lanes.indexOf(Math.min(...lanes));
  lanes[lane] = Math.max(at, lanes[lane]);
  made.append(button(entry, flip(at), TOP + lane * (SIGN + 2), act));
}

/** Signs in rows at an end: what came long before, and what bears no date. */
function ends(made, before, undated, width, flip, act) {
  for (const [held, from, key] of [[before, 6, "timeline_before"], [undated, width - endBox(undated.length), "timeline_undated"]]) {
    if (!held.length) continue;
    held.forEach(({ entry }, index) => {
      const at = from + SIGN / 2 + Math.floor(index / LANES) * (SIGN + 4);
      made.append(button(entry, flip(at), TOP + (index % LANES) * (SIGN + 2), act));
    });
    const middle = from + (Math.ceil(held.length / LANES) * (SIGN + 4)) / 2;
    made.append(svg("text", { x: flip(middle), y: HEIGHT + 14, "text-anchor": "middle" }, word(key)));
  }
}

function button(entry, x, y, act) {
  const press = () => act(entry.feature.id, { focus: true });
  const shape = sign(signOf(entry.feature.properties), SIGN);
  shape.setAttribute("x", x - SIGN / 2);
  shape.setAttribute("y", y);
  const made = svg("g", {
    role: "button", tabindex: "0", "aria-label": title(entry), "data-row": entry.feature.id, "aria-pressed": "false", onclick: press,
    onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); } },
  }, svg("title", {}, title(entry)), svg("rect", { class: "hit", x: x - SIGN / 2 - 2, y: y - 1, width: SIGN + 4, height: SIGN + 2, rx: 3 }), shape);
  return made;
}

