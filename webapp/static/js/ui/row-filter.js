// A filter over the rows of a table, folded as Arabic is searched; the rows it hides are counted aloud.

import { fold } from "../core/arabic.js";
import { find } from "../core/dom.js";

const input = find("filter");
const rows = [...document.querySelectorAll("table.data tbody tr")].map((row) => [row, fold(row.textContent)]);
const status = find("filtered");
const measure = find("measure-shown");
// What an address holds; beyond it the link stays that of the whole layer.
const MOST = 120;

function apply() {
  const words = fold(input.value).split(" ").filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    row.hidden = !words.every((one) => text.includes(one));
    if (!row.hidden) shown += 1;
  }
  if (measure) {
    const ids = rows.filter(([row]) => !row.hidden).map(([row]) => row.id);
    const address = new URL(measure.href);
    address.searchParams.set("layer", input.value && ids.length && ids.length <= MOST ? ids.join(";") : measure.dataset.layer);
    measure.href = address.href;
  }
  status.textContent = input.value ? status.dataset.found.replace("{count}", String(shown)) : "";
}

input.addEventListener("input", apply);
apply();
