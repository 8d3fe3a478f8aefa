// The preview of an import: each choice changes what is shown at once, without a reload; a newer choice ends an older one.

import { wireDrop } from "../core/file-drop.js";
import { find } from "../core/dom.js";
import { pageContext, word } from "../core/i18n.js";

let running = new AbortController();

/** @param {HTMLFormElement} form */
function wire(form) {
  form.classList.add("live");
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.name.startsWith("title_")) return;
    if (field instanceof HTMLInputElement && field.name === "answer.radius") find("in-radius_km", HTMLInputElement).value = "";
    refresh(form);
  });
}

/**
 * Ask for the preview with the choices as they stand, and put it in place of the present one.
 * @param {HTMLFormElement} form
 */
async function refresh(form) {
  running.abort();
  running = new AbortController();
  const main = find("main");
  main.setAttribute("aria-busy", "true");
  const data = new FormData(form);
  data.set("action", "look");
  let text;
  try {
    // The buttons are called "action", and would answer for the form's own.
    const response = await fetch(form.getAttribute("action") ?? "", { method: "POST", body: data, signal: running.signal, credentials: "same-origin" });
    text = await response.text();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) fail();
    return;
  }
  const next = new DOMParser().parseFromString(text, "text/html").getElementById("main");
  if (next?.querySelector("#wish")) replace(main, next); else fail();
}

/** Say that the server cannot be reached; what is shown stays. */
function fail() {
  find("main").removeAttribute("aria-busy");
  const status = find("refresh-status");
  status.textContent = word("failed");
  status.hidden = false;
}

/**
 * Replace the content of the page; focus, scrolling, open details and text being typed stay where they were.
 * @param {HTMLElement} main
 * @param {HTMLElement} next
 */
function replace(main, next) {
  const focused = document.activeElement?.id ?? "";
  const typed = [...main.querySelectorAll("input[name^='title_']")].map((field) => [field.id, /** @type {HTMLInputElement} */ (field).value]);
  const open = [...main.querySelectorAll("details")].map((details) => [details.id, details.open]);
  const scrolled = [...main.querySelectorAll(".wide")].map((box) => box.scrollLeft);
  main.replaceChildren(...next.childNodes);
  main.removeAttribute("aria-busy");
  for (const [id, value] of typed) { const field = document.getElementById(id); if (field instanceof HTMLInputElement) field.value = value; }
  for (const [id, state] of open) { const details = document.getElementById(String(id)); if (details instanceof HTMLDetailsElement && state) details.open = true; }
  main.querySelectorAll(".wide").forEach((box, at) => { box.scrollLeft = scrolled[at] ?? 0; });
  document.getElementById(focused)?.focus({ preventScroll: true });
  begin();
}

function begin() {
  const form = find("wish", HTMLFormElement);
  wire(form);
  const status = document.createElement("p");
  Object.assign(status, { id: "refresh-status", className: "problem", hidden: true });
  status.setAttribute("role", "status");
  form.before(status);
}

begin();
wireDrop(pageContext.signed_in);
document.documentElement.dataset.ready = "true";
