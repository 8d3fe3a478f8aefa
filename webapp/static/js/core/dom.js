// Elements without HTML strings: text is always text.

import { isolated } from "./bidi.js";
import { foreignLanguage, languageParts } from "./language-parts.js";

const SVG = "http://www.w3.org/2000/svg";

// Marks that turn the direction of what follows, or hide in it: text from data is shown without them.
const MARKS = /[\u202A-\u202E\u200B\u2060\uFEFF]/g;
const RTL = document.documentElement.dir === "rtl";
const LANG = RTL ? "ar" : "en";
// What holds nothing but text.
const TEXT_ONLY = new Set(["option", "title", "text", "textarea"]);
// Attributes that are read aloud or shown; the others hold values.
const READ = ["aria-label", "title", "placeholder"];

/** @param {string} text */
const withoutMarks = (text) => text.replace(MARKS, "");

/** @param {string} text */
const displayed = (text) => (RTL ? isolated(withoutMarks(text)) : withoutMarks(text));

/**
 * Create an element with attributes, and children that are nodes or text; null, undefined, false and "" are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] event listeners by "on…"; null, undefined and false set nothing
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  return populate(document.createElement(tag), attributes, children);
}

/**
 * Create an SVG element with attributes and children.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  return populate(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} T
 * @param {T} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 * @returns {T}
 */
function populate(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else node.setAttribute(name, value === true ? "" : (READ.includes(name) ? displayed : withoutMarks)(String(value)));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    if (child instanceof Node) node.append(child);
    else appendText(node, typeof child === "string" ? displayed(child) : String(child));
  }
  return node;
}

/**
 * Append a text, its parts in the other language marked as such.
 * @param {Element} node
 * @param {string} text
 */
function appendText(node, text) {
  if (node.hasAttribute("lang")) node.append(text);
  else if (TEXT_ONLY.has(node.localName)) {
    const other = foreignLanguage(text, LANG);
    if (other) node.setAttribute("lang", other);
    node.append(text);
  } else node.append(...languageParts(text, LANG));
}

/**
 * Return the element of an id, or null where the page has none.
 * @param {string} id
 */
export const lookup = (id) => document.getElementById(id);

/**
 * Return the element of an id, which the page has.
 * @template {Element} T
 * @overload
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
/**
 * Return the element of an id, which the page has.
 * @overload
 * @param {string} id
 * @returns {HTMLElement}
 */
/**
 * Return the element of an id, which the page has.
 * @param {string} id
 * @param {new () => Element} [type]
 */
export function find(id, type = HTMLElement) {
  const node = document.getElementById(id);
  if (!(node instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return node;
}

/**
 * Return the form field of an id: an input, a select or a text area.
 * @param {string} id
 * @returns {Field}
 */
export function field(id) {
  const node = document.getElementById(id);
  if (node instanceof HTMLInputElement || node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement) return node;
  throw new Error(`the page has no field #${id}`);
}

/**
 * Return the first element of a selector within a part of the page, which has one.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function first(selector, root = document) {
  const node = /** @type {T | null} */ (root.querySelector(selector));
  if (!node) throw new Error(`the page has no ${selector}`);
  return node;
}

/**
 * Return the elements of a selector.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type the class of all of them
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export function all(selector, type, root = document) {
  return [...root.querySelectorAll(selector)].flatMap((node) => (node instanceof type ? [node] : []));
}

/**
 * Return the element within a part of the page that has the focus, or null.
 * @param {Element} root
 * @returns {HTMLElement | null}
 */
export function focusedWithin(root) {
  const { activeElement: node } = document;
  return node instanceof HTMLElement && root.contains(node) ? node : null;
}

/**
 * Return the element of a selector that an event happened in, or null.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | SVGElement | null}
 */
export function closest({ target }, selector) {
  const node = target instanceof Element ? target.closest(selector) : null;
  return node instanceof HTMLElement || node instanceof SVGElement ? node : null;
}

/**
 * Tie a message to the field whose value was refused, and to no other any more; "" ties it to none.
 * @param {ParentNode} form
 * @param {string} name of the field: its name, or the end of its id
 * @param {string} message id of the message
 */
export function markInvalid(form, name, message) {
  for (const node of all("[aria-invalid]", HTMLElement, form)) {
    node.removeAttribute("aria-invalid");
    node.setAttribute("aria-describedby", (node.getAttribute("aria-describedby") ?? "").replace(message, "").trim());
  }
  const node = name && form.querySelector(`[name="${CSS.escape(name)}"], [id$="-${CSS.escape(name)}"]`);
  if (!node) return;
  node.setAttribute("aria-invalid", "true");
  const hints = (node.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== message);
  node.setAttribute("aria-describedby", [...hints, message].join(" "));
}
