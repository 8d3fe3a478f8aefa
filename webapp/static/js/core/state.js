// The view is stored in the address: it can be sent, bookmarked, and returned to.

const query = () => new URLSearchParams(location.search);

/** Whether the address had a view of its own when the page began. */
export const hadView = query().has("map");

/**
 * Return a parameter of the address.
 * @param {string} name
 */
export const getParam = (name) => query().get(name);

/**
 * Set parameters of the address without leaving the page.
 * @param {Params} values null and "" remove a parameter
 * @param {{ step?: boolean }} [options] `step` adds a step to the history
 */
export function setParams(values, { step = false } = {}) {
  const params = query();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") params.delete(name);
    else params.set(name, value);
  }
  const address = `${location.pathname}?${params}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  updateLanguageLinks();
}

/** Let the links to the other language keep the view. */
export function updateLanguageLinks() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.lang"))) {
    const other = query();
    other.set("lang", link.hreflang);
    link.href = `${location.pathname}?${other}`;
  }
}
