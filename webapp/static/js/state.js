// The view lives in the address: what is shown can be sent, kept, and come back to.

const query = () => new URLSearchParams(location.search);

/** Whether the address held a view of its own when the page began. */
export const hadView = query().has("map");

/** @returns {string | null} one value of the address. */
export const get = (name) => query().get(name);

/** Put values into the address without leaving the page; null takes one out. */
export function put(values) {
  const made = query();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === "") made.delete(name);
    else made.set(name, value);
  }
  history.replaceState(null, "", `${location.pathname}?${made}`);
  for (const link of document.querySelectorAll("a.lang")) {
    const other = new URLSearchParams(made);
    other.set("lang", link.hreflang);
    link.href = `${location.pathname}?${other}`;
  }
}
