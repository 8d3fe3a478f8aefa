// Elements without HTML strings: text is always text.

import { isolated } from "./runs.js";

const SVG = "http://www.w3.org/2000/svg";

// Marks that turn the direction of what follows, or hide in it: text from data is shown without them.
const MARKS = /[\u202A-\u202E\u200B\u2060\uFEFF]/g;
const RTL = document.documentElement.dir === "rtl";
// Attributes that are read; the others hold values.
const READ = ["aria-label", "title", "placeholder"];
const plain = (text) => (typeof text === "string" ? text.replace(MARKS, "") : text);
const shown = (text) => (RTL && typeof text === "string" ? isolated(plain(text)) : plain(text));

/** @returns {HTMLElement} an element with attributes, and children that are nodes or text. */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** @returns {SVGElement} an SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : (READ.includes(name) ? shown : plain)(String(value)));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== "").map(shown));
  return made;
}

export const find = (id) => document.getElementById(id);
