// Copy buttons beside texts that can be selected anyway; shown only where copying is possible.

import { all } from "./dom.js";

for (const button of all("[data-copy]", HTMLElement)) {
  const text = button.closest(".citation")?.querySelector("pre")?.textContent;
  if (!navigator.clipboard || !text) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.dataset.done = "true";
  });
}
