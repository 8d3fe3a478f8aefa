// How an event is drawn: shape and colour by category or actor, size by deaths.

import { dateText, label, word } from "../core/i18n.js";

export const RANKED = 6;
export const SHAPES = ["circle", "triangle", "square", "diamond", "cross", "down", "ring"];
/** Classes of deaths: the least number, and the radius of the symbol in pixels. */
export const SIZES = [[0, 3.5], [1, 5], [5, 7], [25, 10], [100, 14]];
const dark = matchMedia("(prefers-color-scheme: dark)");

/**
 * Return the colours of the page in its present colour scheme.
 * @returns {Palette}
 */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"), muted: of("--muted"), land: of("--land"), paper: of("--paper"), selected: of("--measured"), halo: of("--paper"),
    ranks: Array.from({ length: RANKED + 1 }, (_, at) => of(`--event-${at}`)), ramp: Array.from({ length: 5 }, (_, at) => of(`--ramp-${at}`)),
  };
}

/**
 * Call a function when the colour scheme changes.
 * @param {() => void} follow
 */
export const onColourScheme = (follow) => dark.addEventListener("change", follow);

/**
 * Return the outline of a shape around a position as an SVG path, for the canvas and for the legend.
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @returns {string}
 */
export function symbolPath(shape, x, y, r) {
  /**
   * @param {number} dx
   * @param {number} dy
   */
  const at = (dx, dy) => `${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`;
  /** @param {[number, number][]} points */
  const ring = (points) => `M${points.map(([dx, dy]) => at(dx, dy)).join("L")}Z`;
  if (shape === "triangle") return ring([[0, -1.15], [1.1, 0.8], [-1.1, 0.8]]);
  if (shape === "down") return ring([[0, 1.15], [1.1, -0.8], [-1.1, -0.8]]);
  if (shape === "square") return ring([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]);
  if (shape === "diamond") return ring([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
  if (shape === "cross") return ring([[-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4], [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4]]);
  return `M${at(-1, 0)}A${r} ${r} 0 1 0 ${at(1, 0)}A${r} ${r} 0 1 0 ${at(-1, 0)}Z`;
}

/**
 * Return the radius of a symbol for a number of deaths; unknown counts as none.
 * @param {number | null | undefined} deaths
 * @returns {number}
 */
export const radiusOf = (deaths) => SIZES.findLast(([from]) => (deaths ?? 0) >= from)?.[1] ?? SIZES[0][1];

/**
 * Return the rank of the first values of a list, which is their index among the shapes and colours.
 * @param {FacetItem[]} items
 */
export const rankValues = (items) => new Map(items.slice(0, RANKED).map(({ id }, at) => [id, at]));

/**
 * Return the class of a count, 0 to 4, by its cube root, as most counts are small and few are large.
 * @param {number} count
 * @param {number} most
 * @returns {number}
 */
export const classOf = (count, most) => Math.min(4, Math.floor(Math.cbrt(count / most) * 5));

/**
 * Return class, least and largest count of each class that a count can fall into.
 * @param {number} most
 * @returns {number[][]}
 */
export function classes(most) {
  const least = [0, 1, 2, 3, 4].map((at) => Math.max(1, Math.ceil(most * (at / 5) ** 3 - 1e-9)));
  return least.map((from, at) => [at, from, at === 4 ? most : least[at + 1] - 1]).filter(([, from, to]) => from <= to);
}

/**
 * Return the date of an event in its own precision.
 * @param {EventDates} event
 * @returns {string}
 */
export function dateRange({ date_start: start, date_end: end, date_precision: precision }) {
  const day = start || end;
  if (!day) return word("events_undated");
  if (precision === "year") return dateText(day, { year: "numeric" });
  if (precision === "month") return dateText(day, { month: "long", year: "numeric" });
  if (!start || !end || start === end) return dateText(day);
  return `${dateText(start)} – ${dateText(end)}`;
}

/**
 * Return a number of deaths: the best figure, and the range if sources differ.
 * @param {number | null | undefined} best
 * @param {number | null | undefined} low
 * @param {number | null | undefined} high
 * @returns {string}
 */
export function deathRange(best, low, high) {
  if (best === null || best === undefined) return low === null || low === undefined ? "–" : `${low}–${high ?? "…"}`;
  const spread = (low ?? best) !== best || (high ?? best) !== best;
  return spread ? `${best} (${low ?? "…"}–${high ?? "…"})` : String(best);
}

/**
 * Return the label of a term of a vocabulary; "–" for none.
 * @param {string} name
 * @param {string | null | undefined} id
 * @returns {string}
 */
export const termLabel = (name, id) => (id ? label(name, id) : "–");
