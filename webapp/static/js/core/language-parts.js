// Parts of a text in the other of our two scripts, each marked with its language. Its twin is webapp/language_parts.py.

const ARABIC = "\\u0620-\\u064a\\u0671-\\u06d3";
const LATIN = "A-Za-z\\u00c0-\\u024f\\u1e00-\\u1eff";
/** @type {Record<string, [string, RegExp]>} */
const FOREIGN = {
  en: ["ar", new RegExp(`[${ARABIC}](?:[^${LATIN}]*[${ARABIC}])?[\\u064b-\\u065f\\u0670]*`, "g")],
  ar: ["en", new RegExp(`(?<![${LATIN}0-9])[${LATIN}](?:[^${ARABIC}]*[${LATIN}0-9)\\]])?`, "g")],
};
/** @type {Record<string, RegExp>} */
const LETTERS = { ar: new RegExp(`[${ARABIC}]`, "g"), en: new RegExp(`[${LATIN}]`, "g") };
// Ids, units and addresses are of no language.
const WORD = new RegExp(`[${LATIN}]{3}|[${ARABIC}]`);
const CODE = /^(?:[a-z0-9]+(?:[-_.][a-z0-9]+)+|[0-9a-f]{12,}|\S*[:/]\S*)$/;
/** @param {string} run */
const isSaid = (run) => WORD.test(run) && !CODE.test(run);

/**
 * @param {string} text
 * @param {string} lang
 */
const count = (text, lang) => (text.match(LETTERS[lang]) ?? []).length;

/**
 * Return the pieces of a text of a page's language: texts, and elements that are in the other language.
 * @param {string} text
 * @param {string} lang
 * @returns {(string | HTMLElement)[]}
 */
export function languageParts(text, lang) {
  const [other, pattern] = FOREIGN[lang];
  /** @type {(string | HTMLElement)[]} */
  const pieces = [];
  let at = 0;
  for (const { 0: run, index } of text.matchAll(pattern)) {
    if (!isSaid(run)) continue;
    const part = document.createElement("span");
    part.lang = other;
    part.textContent = run;
    pieces.push(text.slice(at, index), part);
    at = index + run.length;
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== "");
}

/**
 * Return the other language where most of a text is in it, else null.
 * @param {string} text
 * @param {string} lang
 * @returns {string | null}
 */
export function foreignLanguage(text, lang) {
  const [other, pattern] = FOREIGN[lang];
  const foreign = [...text.matchAll(pattern)].map(([run]) => run).filter(isSaid).join("");
  return count(foreign, other) > count(text, lang) ? other : null;
}
