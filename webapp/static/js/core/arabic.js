// Arabic text folded for search, never for identity. The twin of geodata/text/arabic.py: one table of cases tests both.

const MARKS = /[\u064B-\u065F\u0670\u06D6-\u06ED\u0640\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\uFEFF]/g;
const LETTERS = new Map(Object.entries({
  "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي",
}));
const ARTICLE = /^(?:وال|بال|كال|لل|ال)(?=.{2})/;

/**
 * Return numbers as JavaScript reads them: Arabic and Persian digits as 0–9, the decimal comma and the minus as ASCII.
 * @param {string} text
 */
export function digits(text) {
  return text.replaceAll("٫", ".").replaceAll("−", "-").replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * Return the text folded: marks removed, letters unified, digits 0–9, articles removed, lower case.
 * @param {string} text
 */
export function fold(text) {
  const unmarked = [...text.normalize("NFKC").replace(MARKS, "").replace(/[٠-٩۰-۹]/g, digits)].map((letter) => LETTERS.get(letter) || letter).join("");
  const bare = unmarked.normalize("NFD").replace(/[\u0300-\u036F]/g, "").toLowerCase().replace(/[ʻʼʿʾ‘’'`]/g, "");
  const words = bare.split(/[\s,،.()«»"“”/\u2010-\u2015-]+/u).filter(Boolean);
  return words.map((token) => token.replace(ARTICLE, "")).filter((token) => token !== "al").join(" ");
}

/**
 * Tell whether every word of the query is part of the text, both folded.
 * @param {string} text
 * @param {string} query
 */
export function matches(text, query) {
  const folded = fold(text);
  return fold(query).split(" ").filter(Boolean).every((token) => folded.includes(token));
}
