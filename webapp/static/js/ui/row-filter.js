// A text filter over the rows of a table, folded as for search; the number of rows left is announced.

import { fold } from "../core/arabic.js";
import { render } from "../core/message.js";
import { all, field, find, lookup } from "../core/dom.js";

const input = field("filter");
const rows = all("table.data tbody tr", HTMLTableRowElement).map((row) => ({ row, text: fold(row.textContent) }));
const status = find("filtered");
const measure = lookup("measure-shown");
// Rows that an address can list; for more, the link is that of the layer.
const MOST = 120;

function apply() {
  const words = fold(input.value).split(" ").filter(Boolean);
  let shown = 0;
  for (const { row, text } of rows) {
    row.hidden = !words.every((token) => text.includes(token));
    if (!row.hidden) shown += 1;
  }
  if (measure instanceof HTMLAnchorElement) {
    const ids = rows.filter(({ row }) => !row.hidden).map(({ row }) => row.id);
    const address = new URL(measure.href);
    address.searchParams.set("layer", input.value && ids.length && ids.length <= MOST ? ids.join(";") : measure.dataset.layer ?? "");
    measure.href = address.href;
  }
  status.textContent = input.value ? render(status.dataset.found ?? "", { count: shown }, document.documentElement.lang) : "";
}

input.addEventListener("input", apply);
apply();
