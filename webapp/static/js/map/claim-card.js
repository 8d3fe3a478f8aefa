// The claim card: one claim reported beside measured, drawn on the map while the card is open.

import * as api from "../core/api.js";
import { find } from "../core/dom.js";
import { draw } from "../measure/measurement-overlay.js";
import { index } from "./layers.js";
import { L, compact, fit } from "./leaflet.js";
import { get, hadView, put } from "../core/state.js";
import { boot } from "../core/i18n.js";

let group = null;

/** Place the card, wire its button, and draw its claim. */
export async function wireCard(map) {
  const card = find("card");
  const home = card.parentElement;
  const place = () => (compact.matches ? find("browse").prepend(card) : home.append(card));
  compact.addEventListener("change", place);
  place();
  find("card-close").addEventListener("click", () => {
    card.hidden = true;
    put({ claim: "none" });
    group?.erase();
    find("search-text").focus();
  });
  if (card.hidden) return;
  const collection = await api.drawing("claims", { of: boot.claim });
  if (card.hidden) return;
  group = draw(map, collection);
  if (get("claim") && !hadView) lookAt(map);
}

/** Bring into view what a claim is about: what was measured, else the features it names. */
function lookAt(map) {
  const box = group.getBounds();
  if (!box.isValid()) {
    for (const id of boot.claim_features) {
      const entry = index.get(id);
      for (const marker of entry?.markers || []) box.extend(marker.getLatLng());
      if (entry?.shape) box.extend(entry.shape.getBounds());
    }
  }
  if (box.isValid()) fit(map, L.latLngBounds(box), { maxZoom: 9 });
}
