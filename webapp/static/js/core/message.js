// Messages in ICU MessageFormat, as geodata/messages has them: {name}, and {count, plural, one {# row} other {# rows}}. No quoting: locales have no '.

/** @typedef {string | { name: string, hash?: boolean, options?: Record<string, MessageNode[]> }} MessageNode */

/** @type {Map<string, MessageNode[]>} */
const parsed = new Map();
/** @type {Map<string, Intl.PluralRules>} */
const rules = new Map();

/**
 * Return the nodes of a text; `counted` is the parameter that # stands for.
 * @param {string} text
 * @param {{ at: number }} cursor
 * @param {string} [counted]
 */
function read(text, cursor, counted) {
  /** @type {MessageNode[]} */
  const nodes = [];
  let run = "";
  const close = () => {
    if (run) nodes.push(run);
    run = "";
  };
  while (cursor.at < text.length && text[cursor.at] !== "}") {
    const letter = text[cursor.at];
    if (letter === "{") {
      close();
      nodes.push(readParameter(text, cursor));
    } else if (letter === "#" && counted) {
      close();
      nodes.push({ name: counted, hash: true });
      cursor.at += 1;
    } else {
      run += letter;
      cursor.at += 1;
    }
  }
  close();
  return nodes;
}

/**
 * Return the parameter that begins at the cursor, and go past it.
 * @param {string} text
 * @param {{ at: number }} cursor
 * @returns {MessageNode}
 */
function readParameter(text, cursor) {
  const head = /^\{(\w+)(\}|,\s*plural,)/u.exec(text.slice(cursor.at));
  if (!head) throw new Error(`no message: ${text}`);
  const [match, name, end] = head;
  cursor.at += match.length;
  if (end === "}") return { name };
  /** @type {Record<string, MessageNode[]>} */
  const options = {};
  for (let form; (form = /^\s*([\w=]+)\s*\{/u.exec(text.slice(cursor.at)));) {
    cursor.at += form[0].length;
    options[form[1]] = read(text, cursor, name);
    cursor.at += 1;
  }
  cursor.at += 1;
  return { name, options };
}

/**
 * Return the plural category of a number, or of a number as it is written: of a range, that of its end.
 * @param {unknown} value
 * @param {string} language
 */
export function category(value, language) {
  const written = String(value).match(/\d[\d,]*(?:\.\d+)?/gu)?.at(-1)?.replaceAll(",", "");
  let rule = rules.get(language);
  if (!rule) rules.set(language, rule = new Intl.PluralRules(language));
  return typeof value === "number" ? rule.select(value) : written === undefined ? "other" : rule.select(Number(written));
}

/**
 * Return a message in words; `write` says how a value stands in it, but for the number of a counted noun, which has commas.
 * @param {string} text
 * @param {Record<string, unknown>} values
 * @param {string} language
 * @param {(value: string) => string} [write]
 */
export function render(text, values, language, write = (value) => value) {
  let nodes = parsed.get(text);
  if (!nodes) parsed.set(text, nodes = read(text, { at: 0 }));
  /** @param {MessageNode[]} parts @returns {string} */
  const joined = (parts) => parts.map((part) => {
    if (typeof part === "string") return part;
    const value = values[part.name];
    if (part.options) return joined(part.options[category(value, language)] ?? part.options.other);
    return part.hash && typeof value === "number" ? value.toLocaleString("en") : write(String(value));
  }).join("");
  return joined(nodes);
}
