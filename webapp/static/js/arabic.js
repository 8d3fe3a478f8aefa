// Arabic text as it is searched, never as it is identified. The twin of geodata/arabic.py: one table of cases tests both.

const MARKS = /[\u064B-\u065F\u0670\u06D6-\u06ED\u0640\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\uFEFF]/g;
const LETTERS = new Map(Object.entries({
  "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي",
}));
const ARTICLE = /^(?:وال|بال|كال|لل|ال)(?=.{2})/;

function letter(sign) {
  const code = sign.codePointAt(0);
  if (code >= 0x660 && code <= 0x669) return String(code - 0x660);
  if (code >= 0x6f0 && code <= 0x6f9) return String(code - 0x6f0);
  return LETTERS.get(sign) || sign;
}

/** @returns {string} the text folded: marks dropped, letters joined, digits 0–9, articles off, lower case. */
export function fold(text) {
  const plain = [...text.normalize("NFKC").replace(MARKS, "")].map(letter).join("");
  const bare = plain.normalize("NFD").replace(/[\u0300-\u036F]/g, "").toLowerCase().replace(/[ʿʾ‘’'`]/g, "");
  const words = bare.split(/[\s,،.()«»"“”/\u2010-\u2015-]+/u).filter(Boolean);
  return words.map((one) => one.replace(ARTICLE, "")).filter((one) => one !== "al").join(" ");
}

/** @returns {boolean} whether every word of the query begins or stands in a word of the text. */
export function matches(text, asked) {
  const folded = fold(text);
  return fold(asked).split(" ").filter(Boolean).every((one) => folded.includes(one));
}
