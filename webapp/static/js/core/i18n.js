// Texts and figures in the page's language, figures as the server wrote them. No number is computed here; a radius that stands alone is rounded.

import { element, find } from "./dom.js";
import { render } from "./message.js";
import { isolated as isolateRuns } from "./bidi.js";

/** What the page begins with: webapp/page_context.py. @type {PageContext} */
export const pageContext = JSON.parse(find("boot").textContent);
/** The language of the page. */
export const { lang } = pageContext;
/** Whether the page reads from right to left. */
export const rtl = lang === "ar";

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?$/;
/** How a day is written. @type {Intl.DateTimeFormatOptions} */
const DAY = { day: "numeric", month: "long", year: "numeric" };
/** How a month is written. @type {Intl.DateTimeFormatOptions} */
const MONTH = { month: "long", year: "numeric" };

/** What separates the items of a list. */
export const comma = rtl ? "، " : ", ";

/**
 * Return the message of a key, with values put in.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function word(key, values = {}) {
  const text = pageContext.words[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return render(text, values, lang, isolated);
}

/**
 * Return a value as it stands in a text: in Arabic a date with the names of its month, and what reads left to right isolated.
 * @param {string} text
 * @returns {string}
 */
export function isolated(text) {
  if (rtl && DATE.test(text)) return dateText(text.length === 7 ? `${text}-01` : text, text.length === 7 ? MONTH : DAY);
  return /^\d{4}-\d{2}/.test(text) ? `\u2066${text}\u2069` : rtl ? isolateRuns(text) : text;
}

/**
 * Return an { en, ar } text in the page's language.
 * @param {LocalizedText | null | undefined} text
 */
export const localized = (text) => (text ? text[lang] || text.en || "" : "");

/**
 * Return the label of a term of a closed vocabulary; the term itself where it has none.
 * @param {string} vocabulary
 * @param {string | null | undefined} term
 */
export const label = (vocabulary, term) => (term ? localized(pageContext.vocabulary[vocabulary]?.[term]) || term : "");

/**
 * Return a feature's name in the page's language, else in English.
 * @param {{ name_en?: string | null, name_ar?: string | null }} properties
 */
export const nameOf = (properties) => properties[`name_${lang}`] || properties.name_en || "";

/**
 * Return the unit of a quantity, what is counted in the form that its number takes.
 * @param {Quantity} display
 */
const unitOf = ({ number, unit }) => render(pageContext.words[`unit_${unit}`] ?? unit, { count: number }, lang);

/**
 * Return number and unit, isolated: the number reads left to right, the unit follows the sentence.
 * @param {Quantity | null | undefined} display
 */
export function quantity(display) {
  if (!display) return element("span", { class: "qty none" }, word("no_position"));
  if (display.unit === "°") return element("span", { class: "qty" }, element("bdi", { dir: "ltr" }, `${display.number}°`));
  return element("span", { class: "qty" }, element("bdi", { dir: "ltr" }, display.number), "\u00a0", unitOf(display));
}

/**
 * Return number and unit as text with direction marks, for labels and SVG.
 * @param {Quantity | null | undefined} display
 */
export function quantityText(display) {
  if (!display) return word("no_position");
  return `\u2066${display.number}\u2069\u00a0${unitOf(display)}`;
}

/**
 * Write a radius of uncertainty as geodata.analysis.number_format.radius does: kilometres, rounded up to two digits.
 * @param {number} metres
 * @returns {Quantity}
 */
export function radius(metres) {
  const parts = Math.ceil(metres * 1e4 - 1e-6);
  const place = 10 ** Math.max(0, String(parts).length - 2);
  const number = (Math.ceil(parts / place) * place) / 1e7;
  return { number: number.toFixed(7).replace(/\.?0+$/, ""), unit: "km" };
}

/**
 * Return an ISO date as it is written in the page's language; digits 0–9 in both.
 * @param {string} iso
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {string}
 */
export function dateText(iso, options = DAY) {
  const locale = rtl ? "ar-IQ-u-nu-latn" : "en-GB";
  const parts = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).formatToParts(new Date(`${iso}T00:00:00Z`));
  // In Arabic a month has two names, as it is called in Iraq and elsewhere; on an axis there is room for the first only.
  const both = rtl && options.month === "long";
  return parts.map(({ type, value }) => (both && type === "month" ? word(`month_${Number(iso.slice(5, 7))}`) : value)).join("");
}
