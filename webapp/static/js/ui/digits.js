// The digits ٠–٩ where the reader has chosen them, in what scripts write. Twin: webapp/digits.py, which says what keeps 0–9.

import { all } from "../core/dom.js";

const FINE = "[-−+]?[0-9]+[.٫][0-9]+";
const KEPT = new RegExp("[\\w./:@#-]*[A-Za-z][\\w./:@#-]*"
  + "|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
  + `|${FINE}°?\\s*[,،;؛]\\s*${FINE}°?`, "g");
const NUMBER = /[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?/g;
// ٠–٩ read from right to left among Arabic words, as they are: Chromium draws the first of them apart behind an isolate.
const ISOLATED = /\u2066([^0-9A-Za-z\u2066-\u2069]*)\u2069/g;
const READ = ["aria-label", "aria-valuetext", "title", "placeholder", "data-label"];
const MACHINES = "script, style, textarea, code, pre, kbd, q";

/** @param {string} number */
const written = (number) => number.replaceAll(",", "٬").replace(".", "٫").replace(/[0-9]/g, (digit) => String.fromCharCode(0x660 + Number(digit)));

/**
 * Return a text with ٠–٩ for 0–9; a text in Latin letters alone is left.
 * @param {string} text
 */
export function arabicDigits(text) {
  if (!/[0-9]/.test(text) || (/[A-Za-z]/.test(text) && !/[\u0621-\u064a]/.test(text))) return text;
  let end = 0;
  let result = "";
  for (const match of text.matchAll(KEPT)) {
    result += text.slice(end, match.index).replace(NUMBER, written) + match[0];
    end = match.index + match[0].length;
  }
  return (result + text.slice(end).replace(NUMBER, written)).replace(ISOLATED, "$1");
}

/**
 * Write what a part of the page shows.
 * @param {Node} root
 */
function write(root) {
  if (root instanceof Text) {
    const text = arabicDigits(root.data);
    if (text !== root.data && !root.parentElement?.closest(MACHINES)) root.data = text;
    return;
  }
  if (!(root instanceof Element) || root.closest(MACHINES)) return;
  for (const name of READ) {
    const value = root.getAttribute(name);
    if (value && arabicDigits(value) !== value) root.setAttribute(name, arabicDigits(value));
  }
  for (const child of [...root.childNodes]) write(child);
}

if (document.documentElement.dataset.digits === "arab") {
  new MutationObserver((records) => {
    for (const { target, addedNodes, type } of records) {
      if (type === "childList") addedNodes.forEach(write);
      else if (type === "characterData") write(target);
      else if (target instanceof Element) write(target);
    }
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: READ });
  write(document.body);
}

// The choice comes back to the page as it is now, the view of the map included.
for (const link of all("[data-digits-to]", HTMLAnchorElement)) {
  link.addEventListener("click", () => {
    const address = new URL(link.href);
    address.searchParams.set("next", location.pathname + location.search);
    link.href = address.href;
  });
}
