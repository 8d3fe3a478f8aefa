// What is filtered: it lives in the address, so that a link opens the same and going back undoes a step.

import { get, put, tellLinks } from "../core/state.js";
import { boot } from "../core/i18n.js";

export const { layer } = boot.events;
/** Parameters whose values are words of a list, any of several. */
export const LISTS = ["category", "actor", "source", "flag", "precision", "country", "governorate", "kind"];
const NEAR = ["target", "km", "within"];
/** Every parameter that filters, in the order of the panel. */
export const FILTERS = ["text", ...LISTS, "deaths_min", "deaths_max", "from", "to", "place", "polygon", ...NEAR];
const followers = [];

/** @returns {object} what is filtered, without the parameters named. */
export function asked(without = []) {
  // Half a distance filters nothing.
  const half = !(get("target") && get("km"));
  const names = FILTERS.filter((name) => !without.includes(name) && !(half && NEAR.includes(name)));
  return Object.fromEntries(names.map((name) => [name, get(name)]).filter(([, value]) => value));
}

/** @returns {string[]} the values of a parameter that takes several. */
export const values = (name) => (get(name) || "").split("|").filter(Boolean);

/** @returns {string} "category", "actor" or "deaths": what colour or size tells. */
export const colouring = () => (["actor", "deaths"].includes(get("colour")) ? get("colour") : "category");
/** @returns {string | null} by which areas events are counted, where they are. */
export const regionsBy = () => (["governorate", "country"].includes(get("show")) ? get("show") : null);

/** Change what is filtered; `step` makes it a step to go back over. */
export function change(made, { step = true } = {}) {
  put({ ...made, page: null }, { step });
  return tell(Object.keys(made));
}

/** Call `follow` with the names that changed after every change, and with null where the whole address did. */
export function onChange(follow) {
  followers.push(follow);
}

/** @returns {Promise} that all who follow have done so. */
export const tell = (names) => Promise.allSettled(followers.map((follow) => follow(names)));

addEventListener("popstate", () => {
  tellLinks();
  tell(null);
});
