// The symbol of each kind of place and event: shape first, colour second.

import { svg } from "../core/dom.js";

/** @typedef {["path" | "circle", Attributes]} Part */

const INK = "#22262a";
const PURPLE = "#4a3f8c";
/**
 * @param {string} d
 * @param {Attributes} [more]
 * @returns {Part}
 */
const path = (d, more = {}) => ["path", { d, ...more }];

/** @type {Record<string, [string, ...Part[]]>} */
const SIGNS = {
  air_base: [PURPLE, path("M10 2 18.5 17h-17z"), path("M10 8v6M7 11h6", { stroke: "#fff", "stroke-width": 1.8 })],
  airport: [PURPLE, path("M10 3 17.5 16.5h-15z", { fill: "#fff", stroke: PURPLE, "stroke-width": 2 })],
  outpost: [PURPLE, path("M10 1.5 17.4 5.8v8.4L10 18.5 2.6 14.2V5.8z"), ["circle", { cx: 10, cy: 10, r: 2.2, fill: "#fff" }]],
  headquarters: [PURPLE, path("M10 1.5 18.3 7.6 15.1 17.5H4.9L1.7 7.6z")],
  prison: ["#9c2a2a", path("M2.5 2.5h15v15h-15z"), path("M6.5 5v10M10 5v10M13.5 5v10", { stroke: "#fff", "stroke-width": 1.5 })],
  camp: ["#0f6b63", path("M10 3.2 18.6 12v5H12.4v-4a2.4 2.4 0 0 0-4.8 0v4H1.4v-5z")],
  crossing: [INK, path("M10 1.6 18.4 10 10 18.4 1.6 10z"), path("M6.5 8.6h7M6.5 11.4h7", { stroke: "#fff", "stroke-width": 1.4 })],
  city: [INK, ["circle", { cx: 10, cy: 10, r: 7, fill: "#fff", stroke: "#2b2f33", "stroke-width": 2 }], ["circle", { cx: 10, cy: 10, r: 2.8 }]],
  town: [INK, ["circle", { cx: 10, cy: 10, r: 6, fill: "#fff", stroke: "#2b2f33", "stroke-width": 2.4 }]],
  strike: ["#9a3412", path("M4 4l12 12M16 4 4 16", { class: "strike", "stroke-width": 3, fill: "none" })],
  talks: [INK, ["circle", { cx: 10, cy: 10, r: 6, fill: "#fff", stroke: INK, "stroke-width": 2.4 }]],
  wall: ["#b4560e", path("M3.5 3.5h13v13h-13z")],
  other: [INK, ["circle", { cx: 10, cy: 10, r: 5 }]],
  placeholder: [INK, ["circle", { cx: 10, cy: 10, r: 8, fill: "url(#hatch)", stroke: "#5c5a52", "stroke-width": 1.4, "stroke-dasharray": "3 2.4" }]],
};
SIGNS.district = SIGNS.area = SIGNS.town;

/**
 * Return the name of an event's symbol.
 * @param {string | null | undefined} type
 * @returns {string}
 */
export function eventSymbol(type) {
  if (type === "air_strike" || type === "attack") return "strike";
  return type === "construction" ? "wall" : "talks";
}

/**
 * Return the name of a feature's symbol.
 * @param {FeatureProperties} properties
 * @returns {string}
 */
export function symbolOf(properties) {
  if (properties.event_type) return eventSymbol(properties.event_type);
  if (properties.placeholder) return "placeholder";
  return properties.kind && SIGNS[properties.kind] ? properties.kind : "other";
}

/**
 * Return the SVG of a symbol, with a white edge.
 * @param {string} name
 * @param {number} [size]
 * @returns {SVGElement}
 */
export function symbol(name, size = 18) {
  const [colour, ...parts] = SIGNS[name] || SIGNS.other;
  /** @type {SVGElement[]} */
  const shapes = parts.map(([tag, attributes]) => svg(tag, attributes));
  if (name !== "placeholder" && shapes[0].getAttribute("fill") !== "none") {
    const edge = /** @type {SVGElement} */ (shapes[0].cloneNode());
    for (const [key, value] of [["stroke", "#fff"], ["stroke-width", "4.4"], ["fill", "#fff"]]) edge.setAttribute(key, value);
    shapes.unshift(edge);
  }
  return svg("svg", { viewBox: "0 0 20 20", width: size, height: size, fill: colour, "aria-hidden": "true" }, ...shapes);
}
