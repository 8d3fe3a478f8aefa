// The one door to the server.

import { lang } from "./i18n.js";

/** An answer that was not what was asked for, with the server's reason. */
export class Problem extends Error {}

async function fetched(address, more = {}) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...more });
  } catch {
    throw new Problem("");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw Object.assign(new Problem(body?.said?.[lang] || body?.detail || body?.title || String(response.status)), { body: body || {} });
  // An answer that breaks off is none, also where a newer question broke it off.
  if (body === null) throw new Problem("");
  return body;
}

/** @returns {string} the address of an analysis with its inputs. */
export function question(analysis, inputs, format = "json") {
  const query = new URLSearchParams(Object.entries(inputs).filter(([, value]) => value !== "" && value !== undefined));
  if (format !== "json") query.set("f", format);
  return `/api/processes/${encodeURIComponent(analysis)}/execution?${query}`;
}

export const ask = (analysis, inputs) => fetched(question(analysis, inputs));
export const drawing = (analysis, inputs) => fetched(question(analysis, inputs, "geojson"));

/** @returns {Promise<object>} how the import of a sent file goes. */
export const importing = (token) => fetched(`/import/${encodeURIComponent(token)}/job.json`);

/** @returns {Promise<object>} a layer's display geometry; what is no layer is a problem. */
export async function layer(id, version) {
  const body = await fetched(`/layers/${encodeURIComponent(id)}.geojson?display=1&v=${version}`);
  if (!Array.isArray(body.features)) throw new Problem(id);
  return body;
}

const editOf = (layer, id) => `/edits/${encodeURIComponent(layer)}${id ? `/${encodeURIComponent(id)}` : ""}.json`;
const sent = (method, body, tag) => ({
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...(tag && { "If-Match": `"${tag}"` }) },
});

/** @returns {Promise<object>} a feature as it is now, with the tag of its state. */
export const readFeature = (layer, id) => fetched(editOf(layer, id));
export const addFeature = (layer, body) => fetched(editOf(layer), sent("POST", body));
/** Change a feature whose state was `tag`; a Problem whose body has `theirs` says that it has changed since. */
export const changeFeature = (layer, id, body, tag) => fetched(editOf(layer, id), sent("PATCH", body, tag));
export const deleteFeature = (layer, id, body, tag) => fetched(editOf(layer, id), sent("DELETE", body, tag));
export const undoEdit = (number, body) => fetched(`/edits/${number}/undo.json`, sent("POST", body));
export const history = (layer, id) => fetched(`/edits/history.json?${new URLSearchParams({ layer, id })}`);

const running = new Map();
const addressOf = (layer, path, inputs) => `/events/${encodeURIComponent(layer)}/${path}?${new URLSearchParams({ ...inputs, lang })}`;

/** Ask about the events of a layer; a newer question for the same part of the page ends the older one, which then gives null. */
export async function events(layer, what, inputs, part = what) {
  running.get(part)?.abort();
  const control = new AbortController();
  running.set(part, control);
  try {
    return await fetched(addressOf(layer, `${what}.json`, inputs), { signal: control.signal });
  } catch (problem) {
    if (control.signal.aborted) return null;
    throw problem;
  }
}

/** @returns {Promise<object>} all that is held of one event. */
export const event = (layer, id) => fetched(addressOf(layer, `${encodeURIComponent(id)}.json`, {}));

/** @returns {string} the address of the file of what is filtered. */
export const eventFile = (layer, inputs) => addressOf(layer, "file", inputs);

/** Send a file to be brought in; @returns {Promise<string>} where it is looked at. */
export async function send(file) {
  const body = new FormData();
  body.set("file", file);
  return (await fetched("/import/files", { method: "POST", body, headers: { Accept: "application/json" } })).location;
}
