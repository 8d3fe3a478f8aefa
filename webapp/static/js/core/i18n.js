// The page's words in its language, and figures as the server wrote them. No number is computed here; a radius that stands alone is rounded.

import { element, find } from "./dom.js";
import { isolated as runs } from "./runs.js";

export const boot = JSON.parse(find("boot").textContent);
export const lang = boot.lang;
export const rtl = lang === "ar";

/** What stands between the items of a list. */
export const comma = rtl ? "، " : ", ";

/** @returns {string} the words of a key, values put in. */
export function word(key, values = {}) {
  const text = boot.words[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return Object.entries(values).reduce((made, [name, value]) => made.replaceAll(`{${name}}`, isolated(String(value))), text);
}

/** A date reads year first in either script, and what reads left to right does so among Arabic words, too. */
export const isolated = (text) => (/^\d{4}-\d{2}/.test(text) ? `\u2066${text}\u2069` : rtl ? runs(text) : text);

/** @returns {string} what a { en, ar } text says in the page's language. */
export const said = (text) => (text ? text[lang] || text.en || "" : "");

/** @returns {string} the label of a word of a closed vocabulary. */
export const label = (name, key) => said((boot.vocabulary[name] || {})[key]) || key || "";

/** @returns {string} a feature's name in the page's language. */
export const nameOf = (properties) => properties[`name_${lang}`] || properties.name_en || "";

/** @returns {HTMLElement} number and unit, isolated: the number reads left to right, the unit follows the sentence. */
export function quantity(display) {
  if (!display) return element("span", { class: "qty none" }, word("no_position"));
  if (display.unit === "°") return element("span", { class: "qty" }, element("bdi", { dir: "ltr" }, `${display.number}°`));
  const unit = boot.words[`unit_${display.unit}`] || display.unit;
  return element("span", { class: "qty" }, element("bdi", { dir: "ltr" }, display.number), "\u00a0", unit);
}

/** @returns {string} number and unit as plain text with direction marks, for labels and SVG. */
export function quantityText(display) {
  if (!display) return word("no_position");
  return `\u2066${display.number}\u2069\u00a0${boot.words[`unit_${display.unit}`] || display.unit}`;
}

/**
 * A radius of uncertainty as geodata.analysis.number_format.radius writes it: kilometres, rounded up to two digits.
 * @param {number} metres
 */
export function radius(metres) {
  const parts = Math.ceil(metres * 1e4 - 1e-6);
  const place = 10 ** Math.max(0, String(parts).length - 2);
  const number = (Math.ceil(parts / place) * place) / 1e7;
  return { number: number.toFixed(7).replace(/\.?0+$/, ""), unit: "km" };
}

/** @returns {string} an ISO date as people of the page's language write it; digits 0–9 in both. */
export function dateText(iso, options = { day: "numeric", month: "long", year: "numeric" }) {
  const locale = rtl ? "ar-IQ-u-nu-latn" : "en-GB";
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(`${iso}T00:00:00Z`));
}
