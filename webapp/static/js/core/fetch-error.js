// What could not be fetched is said where it is missed, with a way to fetch it again.

import { element, find } from "./dom.js";
import { boot, comma, said, word } from "./i18n.js";

/** Say before a part of the page that something could not be fetched: the layers of these ids, or what else belongs there. */
export function sayUnfetched(part, ids = [], again = () => location.reload()) {
  clearUnfetched();
  const names = boot.layers.filter((layer) => ids.includes(layer.id)).map((layer) => said(layer.title));
  part.before(element("p", { class: "problem", id: "failed", role: "alert" }, `${word("failed")} ${names.join(comma)} `,
    element("button", { type: "button", class: "link", onclick: again }, word("retry"))));
}

export function clearUnfetched() {
  find("failed")?.remove();
}
