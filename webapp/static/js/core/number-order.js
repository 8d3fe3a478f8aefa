// In a field that takes rows, numbers behind an Arabic name read from left to right, as they are sent: "بغداد; 33.3, 44.4".

const MARK = "\u200e";
// European digits take the direction of the Arabic letter before them, unless a mark stands between.
const BEHIND_ARABIC = /([\p{Script=Arabic}][^\p{L}\p{N}\u200e\n]*)(?=[0-9])/gu;

/** @returns {string} rows with a left-to-right mark between Arabic letters and the number behind them. */
export const ordered = (text) => text.replace(BEHIND_ARABIC, (before) => {
  const sign = before.match(/[-−+]$/)?.[0] || "";
  return `${before.slice(0, before.length - sign.length)}${MARK}${sign}`;
});

/** Keep the numbers of a field in order while it is written in; the caret stays where it is. */
export function keepOrder(field) {
  const write = () => {
    const { selectionStart, selectionEnd, value } = field;
    const text = ordered(value);
    if (text === value) return;
    const [start, end] = [selectionStart, selectionEnd].map((at) => ordered(value.slice(0, at)).length);
    field.value = text;
    field.setSelectionRange(start, end);
  };
  field.addEventListener("input", (event) => { if (!event.isComposing) write(); });
  write();
}

document.querySelectorAll("textarea[data-rows]").forEach(keepOrder);
