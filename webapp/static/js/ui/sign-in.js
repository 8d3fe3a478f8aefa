// How to sign in: a locked control, or a file dropped, opens one sentence with a field for the link.

import { closest, find, first } from "../core/dom.js";

const HOUR = 3600;
const dialog = find("sign-in", HTMLDialogElement);

/** Return the address of the page as it is now, the view of the map included. */
const here = () => location.pathname + location.search;

/**
 * Open the dialog; `next` is where one comes back to, by the link pasted here or opened elsewhere.
 * @param {string} next
 */
function open(next) {
  first("input[name='next']", dialog).setAttribute("value", next);
  document.cookie = `masafa-next=${encodeURIComponent(next)}; path=/sign-in; max-age=${HOUR}; SameSite=Strict`;
  if (!dialog.open) dialog.showModal();
  first("input[name='link']", dialog).focus();
}

// Before the control's own listeners: it does nothing else.
document.addEventListener("click", (event) => {
  const control = closest(event, "[data-sign-in]");
  if (!control) return;
  event.preventDefault();
  event.stopPropagation();
  open((control instanceof HTMLAnchorElement && new URL(control.href).searchParams.get("next")) || here());
}, true);
document.addEventListener("masafa:sign-in", () => open(here()));
first("[data-close]", dialog).addEventListener("click", () => dialog.close());
