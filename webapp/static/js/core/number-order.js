// In a field that takes rows, numbers behind an Arabic name read from left to right, as they are sent: "بغداد; 33.3, 44.4".

import { all } from "./dom.js";

const MARK = "\u200e";
// European digits take the direction of the Arabic letter before them, unless a mark stands between.
const BEHIND_ARABIC = /([\p{Script=Arabic}][^\p{L}\p{N}\u200e\n]*)(?=[0-9])/gu;

/**
 * Return rows with a left-to-right mark between Arabic letters and the number behind them.
 * @param {string} text
 */
export const markNumbers = (text) => text.replace(BEHIND_ARABIC, (before) => {
  const sign = before.match(/[-−+]$/)?.[0] || "";
  return `${before.slice(0, before.length - sign.length)}${MARK}${sign}`;
});

/**
 * Keep the numbers of a field in order while it is edited; the caret stays where it is.
 * @param {HTMLTextAreaElement} field
 */
export function keepOrder(field) {
  const write = () => {
    const { selectionStart, selectionEnd, value } = field;
    const text = markNumbers(value);
    if (text === value) return;
    const [start, end] = [selectionStart, selectionEnd].map((at) => markNumbers(value.slice(0, at)).length);
    field.value = text;
    field.setSelectionRange(start, end);
  };
  field.addEventListener("input", (event) => { if (!(event instanceof InputEvent && event.isComposing)) write(); });
  write();
}

all("textarea[data-rows]", HTMLTextAreaElement).forEach(keepOrder);
