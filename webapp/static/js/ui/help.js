// Help on one sheet, opened by its button or by ?, and the shortcuts of one letter, which are off in fields and can be switched off.

import { all, closest, element, lookup } from "../core/dom.js";
import { eventSymbol, symbol } from "../map/symbols.js";

const OFF = "masafa-shortcuts";
const SEARCHES = ["search-text", "f-text", "filter"];
/** The sheet, once it is fetched. @type {HTMLDialogElement | null} */
let overlay = null;

/** Return whether shortcuts of one letter are on; where nothing can be stored, they are. */
function isOn() {
  try {
    return localStorage.getItem(OFF) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function remember(on) {
  try {
    localStorage.setItem(OFF, on ? "on" : "off");
  } catch {
    // Where nothing can be stored the choice lasts as long as the page.
  }
}

/**
 * Draw the signs of the legend and wire the switch of the shortcuts.
 * @param {ParentNode} root
 */
function complete(root) {
  for (const row of all("[data-symbol]", HTMLElement, root)) {
    const kind = row.dataset.symbol ?? "";
    row.prepend(symbol(kind.startsWith("event:") ? eventSymbol(kind.slice("event:".length)) : kind, 16));
  }
  for (const input of all("#keys-on", HTMLInputElement, root)) {
    input.checked = isOn();
    input.addEventListener("change", () => remember(input.checked));
  }
}

/**
 * Return the sheet with what the page of help has.
 * @param {HTMLAnchorElement} link
 */
async function fetchSheet(link) {
  const response = await fetch(link.href, { credentials: "same-origin" });
  const content = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("help-content");
  const title = content?.querySelector("h1");
  if (!content || !title) throw new Error("no help");
  const heading = element("h2", { id: "help-heading" }, title.textContent);
  title.remove();
  const closing = lookup("help-close-name")?.textContent ?? "";
  /** @type {HTMLDialogElement} */
  const dialog = element("dialog", { class: "sheet help-sheet", id: "help", "aria-labelledby": "help-heading" },
    element("div", { class: "sheet-head" }, heading, element("button", { type: "button", class: "close", "aria-label": closing, title: closing, onclick: () => dialog.close() }, "×")),
    document.adoptNode(content));
  complete(dialog);
  document.body.append(dialog);
  return dialog;
}

/** Open the sheet over the page; where it cannot be fetched, go to its page. */
async function open() {
  const [link] = all("[data-help]", HTMLAnchorElement);
  if (!link || lookup("help-content") && !overlay) return;
  try {
    const dialog = overlay ?? await fetchSheet(link);
    overlay = dialog;
    if (!dialog.open) dialog.showModal();
  } catch {
    location.assign(link.href);
  }
}

/** Put the focus into the page's field of search. */
function search() {
  const input = SEARCHES.map((id) => lookup(id)).find((node) => node);
  input?.focus();
  return Boolean(input);
}

/** Open the tool that measures, on the map. */
function measure() {
  const button = lookup("open-measure");
  button?.click();
  return Boolean(button);
}

/** @type {Record<string, () => unknown>} */
const KEYS = { "?": () => { open(); return true; }, "/": search, m: measure };

/**
 * Return which shortcut a key is, also on a keyboard of Arabic letters.
 * @param {KeyboardEvent} event
 */
function keyOf({ key, code, shiftKey }) {
  if (Object.hasOwn(KEYS, key)) return key;
  if (key === "؟") return "?";
  return { KeyM: "m", Slash: shiftKey ? "?" : "/" }[code] ?? "";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  const key = keyOf(event);
  if (!KEYS[key] || !isOn() || closest(event, "input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (KEYS[key]()) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const link = closest(event, "[data-help]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || lookup("help-content") && !overlay) return;
  event.preventDefault();
  open();
});
complete(document);
