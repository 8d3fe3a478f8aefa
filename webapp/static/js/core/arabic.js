// Arabic text as it is searched, never as it is identified. The twin of geodata/text/arabic.py: one table of cases tests both.

const MARKS = /[\u064B-\u065F\u0670\u06D6-\u06ED\u0640\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\uFEFF]/g;
const LETTERS = new Map(Object.entries({
  "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي",
}));
const ARTICLE = /^(?:وال|بال|كال|لل|ال)(?=.{2})/;

const letter = (sign) => LETTERS.get(sign) || sign;

/** @returns {string} numbers as JavaScript reads them: Arabic and Persian digits as 0–9, the decimal comma and the minus as signs of ASCII. */
export function digits(text) {
  return text.replaceAll("٫", ".").replaceAll("−", "-").replace(/[٠-٩۰-۹]/g, (one) => String(one.charCodeAt(0) & 15));
}

/** @returns {string} the text folded: marks dropped, letters joined, digits 0–9, articles off, lower case. */
export function fold(text) {
  const plain = [...text.normalize("NFKC").replace(MARKS, "").replace(/[٠-٩۰-۹]/g, digits)].map(letter).join("");
  const bare = plain.normalize("NFD").replace(/[\u0300-\u036F]/g, "").toLowerCase().replace(/[ʿʾ‘’'`]/g, "");
  const words = bare.split(/[\s,،.()«»"“”/\u2010-\u2015-]+/u).filter(Boolean);
  return words.map((one) => one.replace(ARTICLE, "")).filter((one) => one !== "al").join(" ");
}

/** @returns {boolean} whether every word of the query begins or stands in a word of the text. */
export function matches(text, asked) {
  const folded = fold(text);
  return fold(asked).split(" ").filter(Boolean).every((one) => folded.includes(one));
}
