// A file dropped anywhere on the page is uploaded for import; a button does the same.

import { ApiError, uploadFile } from "./api.js";
import { element, lookup } from "./dom.js";
import { lang, word } from "./i18n.js";

/**
 * Upload files that are dropped on the page or chosen with its button.
 * @param {boolean} signedIn whether the user may import
 */
export function wireDrop(signedIn) {
  const cover = element("div", { class: "drop-cover", hidden: true }, element("p", {}, word("drop_here")));
  const status = element("p", { class: "drop-said", role: "status", hidden: true });
  document.body.append(cover, status);
  let depth = 0;
  /** @param {DragEvent} event */
  const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  /** @param {boolean} on */
  const show = (on) => { depth = on ? depth : 0; cover.hidden = !on; };
  addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; show(true); } });
  addEventListener("dragleave", (event) => { if (hasFiles(event)) { depth -= 1; if (depth <= 0) show(false); } });
  addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(false);
    upload(event.dataTransfer?.files[0], status, signedIn);
  });
  const input = lookup("drop-file");
  if (input instanceof HTMLInputElement) input.addEventListener("change", () => upload(input.files?.[0], status, signedIn));
}

/**
 * @param {File | undefined} file
 * @param {HTMLElement} status
 * @param {boolean} signedIn
 */
async function upload(file, status, signedIn) {
  /**
   * @param {string} text
   * @param {boolean} failed
   */
  const report = (text, failed) => {
    status.hidden = false;
    status.classList.toggle("problem", failed);
    status.replaceChildren(element("span", {}, text), element("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), onclick: () => { status.hidden = true; } }, "×"));
  };
  if (!file) return;
  if (!signedIn) { document.dispatchEvent(new CustomEvent("masafa:sign-in")); return; }
  report(word("drop_sending", { name: file.name }), false);
  try {
    location.assign(`${await uploadFile(file)}?lang=${lang}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    report(error.message || word("failed"), true);
  }
}
