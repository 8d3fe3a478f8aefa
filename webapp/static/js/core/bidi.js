// Runs of an Arabic text that read left to right: coordinates, intervals, dates, signed figures, ids. Twin: webapp/bidi.py, which says why.

const D = "[0-9\u0660-\u0669\u06f0-\u06f9]";
const NUMBER = `[-−+]?${D}+(?:[,٬]${D}{3})*(?:[.٫]${D}+)?`;
const ANGLE = `${NUMBER}°(?:\\s?${D}+(?:[.٫]${D}+)?[′'](?:\\s?${D}+(?:[.٫]${D}+)?[″"])?)?(?:\\s?[NSEW])?`;
const FINE = `[-−+]?${D}+[.٫]${D}+`;
// Begun within a number, a search of a long one would take its length squared.
const RUN = new RegExp(`[\u2066-\u2068][^\u2069]*\u2069|(?<!${D})(`
  + `${ANGLE}(?:\\s*[,،;؛]?\\s*${ANGLE})?`
  + `|(?<!${D})${D}{4}-${D}{2}(?:-${D}{2}(?:T${D}{2}:${D}{2}(?::${D}{2}(?:\\.${D}+)?)?Z?)?)?(?![\\p{L}\\p{N}_-])`
  + `|(?:${FINE}\\s*[,،;؛]\\s*${NUMBER}|${NUMBER}\\s*[,،;؛]\\s*${FINE})(?:\\s*[,،;؛]\\s*${NUMBER})*`
  + `|${NUMBER}\\s*[–±]\\s*${NUMBER}[°%]?`
  + `|[≤≥≈±]\\s?${NUMBER}[°%]?`
  + `|(?<![\\p{L}\\p{N}_.])[-−]${D}+(?:[.٫]${D}+)?°?`
  + `|(?<![\\p{L}\\p{N}_])${D}{1,2}[C-X](?:\\s?[A-Z]{2})?(?:\\s?${D}+){1,2}(?![\\p{L}\\p{N}_])`
  + "|(?<![\\p{L}\\p{N}_-])(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)+(?![\\p{L}\\p{N}_-])"
  + ")", "gu");

/**
 * Return a text whose runs are isolated, each by itself; what is in an isolate already is left.
 * @param {string} text
 * @returns {string}
 */
export const isolated = (text) => text.replace(RUN, (match, run) => (run ? `\u2066${run}\u2069` : match));
