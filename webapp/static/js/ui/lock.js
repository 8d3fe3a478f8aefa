// What a control that writes looks like to who has not signed in; ui/sign-in.js opens what it leads to.

import { element, svg } from "../core/dom.js";
import { word } from "../core/i18n.js";

/**
 * Return a locked button, named by the words of a key.
 * @param {string} key
 */
export function lockedButton(key) {
  const sign = svg("svg", { class: "lock-sign", viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" },
    svg("path", { d: "M4.800 7V5a3.200 3.200 0 0 1 6.400 0v2M3.200 7h9.600v6.500H3.200z" }));
  return element("button", { type: "button", class: "locked", "data-sign-in": true, title: word("locked_title") },
    sign, ` ${word(key)}`, element("span", { class: "unseen" }, ` ${word("locked")}`));
}
