// How an event is drawn: a shape and a colour for what it is, a size for how many were killed.

import { dateText, label, word } from "../core/i18n.js";

export const MOST = 6;
export const SHAPES = ["circle", "triangle", "square", "diamond", "cross", "down", "ring"];
/** From how many killed a sign takes the next size, and its radius in pixels. */
export const SIZES = [[0, 3.5], [1, 5], [5, 7], [25, 10], [100, 14]];
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {object} the colours of the page as it is seen now. */
export function colours() {
  const held = getComputedStyle(document.documentElement);
  const of = (name) => held.getPropertyValue(name).trim();
  return {
    ink: of("--ink"), muted: of("--muted"), land: of("--land"), paper: of("--paper"), picked: of("--measured"), halo: of("--paper"),
    words: Array.from({ length: MOST + 1 }, (_, at) => of(`--event-${at}`)), ramp: Array.from({ length: 5 }, (_, at) => of(`--ramp-${at}`)),
  };
}

/** Call when the page turns dark or light. */
export const onColours = (follow) => dark.addEventListener("change", follow);

/**
 * Trace the outline of a shape round a position: on a canvas the path is filled, in a legend it is written out.
 * @returns {string} the path, as SVG writes it.
 */
export function outline(shape, x, y, r) {
  const at = (dx, dy) => `${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`;
  const ring = (points) => `M${points.map(([dx, dy]) => at(dx, dy)).join("L")}Z`;
  if (shape === "triangle") return ring([[0, -1.15], [1.1, 0.8], [-1.1, 0.8]]);
  if (shape === "down") return ring([[0, 1.15], [1.1, -0.8], [-1.1, -0.8]]);
  if (shape === "square") return ring([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]);
  if (shape === "diamond") return ring([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
  if (shape === "cross") return ring([[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]]);
  return `M${at(-1, 0)}A${r} ${r} 0 1 0 ${at(1, 0)}A${r} ${r} 0 1 0 ${at(-1, 0)}Z`;
}

/** @returns {number} the radius of a sign for a number of deaths; unknown is drawn as none, hollow. */
export const sizeOf = (deaths) => SIZES.findLast(([from]) => (deaths ?? 0) >= from)[1];

/** @returns {object} the place of each of the first values of a list among the shapes and colours. */
export const ranks = (items) => new Map(items.slice(0, MOST).map(({ id }, at) => [id, at]));

/** @returns {number} into which of five classes a count falls, by its cube root: many hold few, few hold many. */
export const step = (count, most) => Math.min(4, Math.floor(Math.cbrt(count / most) * 5));

/** @returns {number[][]} the class, and the least and the largest count of it, for each class that counts can fall into. */
export function classes(most) {
  const least = [0, 1, 2, 3, 4].map((at) => Math.max(1, Math.ceil(most * (at / 5) ** 3 - 1e-9)));
  return least.map((from, at) => [at, from, at === 4 ? most : least[at + 1] - 1]).filter(([, from, to]) => from <= to);
}

/** @returns {string} when an event was, as exactly as it is known. */
export function when({ date_start: start, date_end: end, date_precision: precision }) {
  if (!start && !end) return word("events_undated");
  if (precision === "year") return dateText(start || end, { year: "numeric" });
  if (precision === "month") return dateText(start || end, { month: "long", year: "numeric" });
  if (!start || !end || start === end) return dateText(start || end);
  return `${dateText(start)} – ${dateText(end)}`;
}

/** @returns {string} how many were killed: the best figure, and the span where sources differ. */
export function killed(best, low, high) {
  if (best === null || best === undefined) return low === null || low === undefined ? "–" : `${low}–${high ?? "…"}`;
  const spread = (low ?? best) !== best || (high ?? best) !== best;
  return spread ? `${best} (${low ?? "…"}–${high ?? "…"})` : String(best);
}

/** @returns {string} the label of a category, a type or a precision; the word itself where none is held. */
export const named = (name, id) => (id ? label(name, id) : "–");
