// A file dropped anywhere on the page is sent to be brought in; a button does the same.

import { Problem, send } from "./api.js";
import { element, find } from "./dom.js";
import { lang, word } from "./i18n.js";

/** Take files that are dropped on the page or chosen with `button`; `signedIn` says whether they may be. */
export function wireDrop(signedIn) {
  const cover = element("div", { class: "drop-cover", hidden: true }, element("p", {}, word("drop_here")));
  const said = element("p", { class: "drop-said", role: "status", hidden: true });
  document.body.append(cover, said);
  let inside = 0;
  const files = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const show = (on) => { inside = on ? inside : 0; cover.hidden = !on; };
  addEventListener("dragenter", (event) => { if (files(event)) { inside += 1; show(true); } });
  addEventListener("dragleave", (event) => { if (files(event)) { inside -= 1; if (inside <= 0) show(false); } });
  addEventListener("dragover", (event) => { if (files(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    show(false);
    take(event.dataTransfer.files, said, signedIn);
  });
  find("drop-file")?.addEventListener("change", ({ target }) => take(target.files, said, signedIn));
}

async function take([file], said, signedIn) {
  const tell = (text, wrong) => {
    said.hidden = false;
    said.classList.toggle("problem", wrong);
    said.replaceChildren(element("span", {}, text), element("button", { type: "button", class: "close", "aria-label": word("close"), onclick: () => { said.hidden = true; } }, "×"));
  };
  if (!file) return;
  if (!signedIn) { tell(word("sign_in_first"), true); return; }
  tell(word("drop_sending", { name: file.name }), false);
  try {
    location.assign(`${await send(file)}?lang=${lang}`);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(problem.message || word("failed"), true);
  }
}
