// The view lives in the address: what is shown can be sent, kept, and come back to.

const query = () => new URLSearchParams(location.search);

/** Whether the address held a view of its own when the page began. */
export const hadView = query().has("map");

/** @returns {string | null} one value of the address. */
export const get = (name) => query().get(name);

/** Put values into the address without leaving the page; null takes one out. `step` makes it a step to go back over. */
export function put(values, { step = false } = {}) {
  const made = query();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === "") made.delete(name);
    else made.set(name, value);
  }
  const address = `${location.pathname}?${made}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  tellLinks();
}

/** Let the links to the other language keep the view. */
export function tellLinks() {
  for (const link of document.querySelectorAll("a.lang")) {
    const other = query();
    other.set("lang", link.hreflang);
    link.href = `${location.pathname}?${other}`;
  }
}
