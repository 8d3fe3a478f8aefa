// The filters: stored in the address, so that a link opens the same view and the back button undoes a step.

import { getParam, setParams, updateLanguageLinks } from "../core/state.js";
import { pageContext } from "../core/i18n.js";

/** The layer whose events the page shows. */
export const { layer } = pageContext.events;
/** Parameters that take any of several terms. */
export const LISTS = ["category", "actor", "source", "flag", "precision", "country", "governorate", "kind"];
const NEAR = ["target", "km", "within"];
/** Every filter parameter, in the order of the panel. */
export const FILTERS = ["text", ...LISTS, "deaths_min", "deaths_max", "from", "to", "place", "polygon", ...NEAR, "where"];
/** @type {FilterFollower[]} */
const followers = [];

/**
 * Return the filters that are set, without the parameters named.
 * @param {string[]} [without]
 */
export function activeFilters(without = []) {
  // A distance filter needs a target and a radius.
  const half = !(getParam("target") && getParam("km"));
  const names = FILTERS.filter((name) => !without.includes(name) && !(half && NEAR.includes(name)));
  /** @type {Record<string, string>} */
  const filters = {};
  for (const name of names) {
    const value = getParam(name);
    if (value) filters[name] = value;
  }
  return filters;
}

/**
 * Return the values of a parameter that takes several.
 * @param {string} name
 * @returns {string[]}
 */
export const filterValues = (name) => (getParam(name) || "").split("|").filter(Boolean);

/**
 * Return what colour or size shows.
 * @returns {ColourBy}
 */
export function colourBy() {
  const colour = getParam("colour");
  return colour === "actor" || colour === "deaths" ? colour : "category";
}

/**
 * Return the level of the areas that events are counted by, or null.
 * @returns {"governorate" | "country" | null}
 */
export function regionLevel() {
  const level = getParam("show");
  return level === "governorate" || level === "country" ? level : null;
}

/**
 * Change filters; `step` adds a step to the history.
 * @param {Params} params
 * @param {{ step?: boolean }} [options]
 */
export function changeFilters(params, { step = true } = {}) {
  setParams({ ...params, page: null }, { step });
  return notifyFilters(Object.keys(params));
}

/**
 * Call `follow` after every change with the names of the changed parameters, or null if the address changed.
 * @param {FilterFollower} follow
 */
export function onFilterChange(follow) {
  followers.push(follow);
}

/**
 * Call all followers; settles when they have finished.
 * @param {string[] | null} names
 */
export const notifyFilters = (names) => Promise.allSettled(followers.map((follow) => follow(names)));

addEventListener("popstate", () => {
  updateLanguageLinks();
  notifyFilters(null);
});
