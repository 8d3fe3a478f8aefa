// After an import: what came in, on the map that shows it, and the way to undo it.

import { ApiError, fetchImportJob, undoImport } from "./api.js";
import { element } from "./dom.js";
import { lang, localized, word } from "./i18n.js";

/** Show the notice of the import that the address names; nothing where it names none. */
export async function showImportNotice() {
  const address = new URL(location.href);
  const token = address.searchParams.get("imported");
  if (!token) return;
  // The notice is of this visit alone: a link that is shared has none.
  address.searchParams.delete("imported");
  history.replaceState(history.state, "", address);
  const text = element("span", {});
  const notice = element("p", { class: "drop-said import-notice", role: "status" }, text);
  document.body.append(notice);
  try {
    const job = await fetchImportJob(token);
    if (!job.title) { notice.remove(); return; }
    const name = localized(job.title);
    text.textContent = word("import_done", { rows: job.rows, name: `\u2068${name}\u2069` });
    notice.append(
      element("button", { type: "button", class: "plain", onclick: () => undo(token, name, notice) }, word("import_undo")),
      element("a", { href: `/import/${token}/job?lang=${lang}` }, word("import_report")),
      element("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), onclick: () => notice.remove() }, "×"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice.remove();
  }
}

/**
 * @param {string} token
 * @param {string} name
 * @param {HTMLElement} notice
 */
async function undo(token, name, notice) {
  try {
    await undoImport(token);
    location.assign(`/import?lang=${lang}&undone=${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notice.classList.add("problem");
    notice.replaceChildren(error.message || word("failed"));
  }
}
