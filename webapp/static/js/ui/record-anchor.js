// An address with the id of a record that stands on another page of the list, as #id, leads to the record's own page.

import { lookup } from "../core/dom.js";

function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(id) || lookup(id)) return;
  location.replace(`${location.pathname}/${encodeURIComponent(id)}?lang=${document.documentElement.lang}`);
}

addEventListener("hashchange", follow);
follow();
