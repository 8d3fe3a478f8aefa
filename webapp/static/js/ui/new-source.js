// A source recorded from within another form: a dialog with what a record needs; the rest is added on its own page.

import * as api from "../core/api.js";
import { element, markInvalid } from "../core/dom.js";
import { word } from "../core/i18n.js";

/** The fields: a name, whether it is needed, and the language it is written in. @type {[string, boolean, string?][]} */
const FIELDS = [
  ["title", true], ["outlet", false], ["url", false, "en"], ["published_on", false, "en"], ["says_ar", true, "ar"], ["says_en", true, "en"], ["by", true],
];

/**
 * Ask for a new source and record it; null where it was cancelled.
 * @param {string} title what was typed
 * @returns {Promise<Picked | null>}
 */
export function askNewSource(title) {
  return new Promise((resolve) => {
    const problem = element("p", { class: "problem", id: "new-source-problem", role: "alert", hidden: true });
    const form = element("form", { class: "fields", onsubmit: (event) => { event.preventDefault(); save(); } },
      ...FIELDS.map(field), problem, element("div", { class: "tool-actions" },
        element("button", { class: "open-tool primary" }, word("record_write")), element("button", { type: "button", class: "plain", onclick: () => dialog.close() }, word("cancel"))));
    /** @type {HTMLDialogElement} */
    const dialog = element("dialog", { class: "sheet", "aria-labelledby": "new-source-heading", onclose: () => { dialog.remove(); resolve(result); } },
      element("div", { class: "sheet-head" }, element("h2", { id: "new-source-heading" }, word("record_new_source")),
        element("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), onclick: () => dialog.close() }, "×")), form);
    /** @type {Picked | null} */
    let result = null;
    let sending = false;
    const save = async () => {
      if (sending) return;
      sending = true;
      try {
        result = await api.addSource(new FormData(form));
        dialog.close();
      } catch (error) {
        if (!(error instanceof api.ApiError)) throw error;
        problem.textContent = error.message || word("failed");
        problem.hidden = false;
        const wrong = form.elements.namedItem(error.body?.parameter ?? "");
        markInvalid(form, error.body?.parameter ?? "", "new-source-problem");
        if (wrong instanceof HTMLInputElement) wrong.focus();
      } finally {
        sending = false;
      }
    };
    document.body.append(dialog);
    dialog.showModal();
    const first = form.elements.namedItem("title");
    if (first instanceof HTMLInputElement) { first.value = title; first.focus(); }
  });
}

/** @param {[string, boolean, string?]} one */
function field([name, required, lang]) {
  const id = `new-source-${name}`;
  return element("div", {}, element("label", { for: id }, word(`record_${name}`), required && element("span", { class: "needed" }, ` ${word("record_needed")}`)),
    element("input", { type: "text", id, name, required, maxlength: "2000", autocomplete: name === "by" ? "name" : "off", lang: lang ?? null, dir: lang === "ar" ? "rtl" : lang === "en" ? "ltr" : "auto" }));
}
