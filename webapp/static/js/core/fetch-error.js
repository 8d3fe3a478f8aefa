// A failed request is reported where its answer is missing, with a button to repeat it.

import { element, lookup } from "./dom.js";
import { comma, localized, pageContext, word } from "./i18n.js";

/**
 * Report before a part of the page that something could not be fetched.
 * @param {Element} part
 * @param {string[]} [ids] the layers that are missing
 * @param {() => unknown} [retry]
 */
export function showFetchError(part, ids = [], retry = () => location.reload()) {
  clearFetchError();
  const names = pageContext.layers.filter((layer) => ids.includes(layer.id)).map((layer) => localized(layer.title));
  part.before(element("p", { class: "problem", id: "failed", role: "alert" }, `${word("failed")} ${names.join(comma)} `,
    element("button", { type: "button", class: "link", onclick: retry }, word("retry"))));
}

/** Remove the report of a failed request. */
export function clearFetchError() {
  lookup("failed")?.remove();
}
