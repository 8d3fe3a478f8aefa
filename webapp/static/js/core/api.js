// The one door to the server.

import { lang } from "./i18n.js";

/** A request that failed, with the server's reason as its message; empty where the server could not be reached. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {EditConflict} [body] the problem as the server describes it
   */
  constructor(message, body) {
    super(message);
    this.body = body;
  }
}

/**
 * Request JSON of an address.
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function request(address, options = {}) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    throw new ApiError("");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(body?.said?.[lang] || body?.detail || body?.title || String(response.status), body || {});
  // An answer that breaks off is none, also where a newer request aborted it.
  if (body === null) throw new ApiError("");
  return body;
}

/**
 * Return a query string; parameters that are undefined or empty are left out.
 * @param {Inputs} inputs
 */
function queryOf(inputs) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(inputs)) if (value !== undefined && value !== "") query.set(name, String(value));
  return query;
}

/**
 * Return the address of an analysis with its inputs.
 * @param {string} analysis
 * @param {Inputs} inputs
 * @param {"json" | "geojson"} [format]
 */
export function executionUrl(analysis, inputs, format = "json") {
  const query = queryOf(inputs);
  if (format !== "json") query.set("f", format);
  return `/api/processes/${encodeURIComponent(analysis)}/execution?${query}`;
}

/**
 * Run an analysis.
 * @param {string} analysis
 * @param {Inputs} inputs
 * @returns {Promise<AnalysisAnswer>}
 */
export const execute = (analysis, inputs) => request(executionUrl(analysis, inputs));

/**
 * Measure every feature of a layer to a target.
 * @param {Inputs} inputs
 * @returns {Promise<ProximityTable>}
 */
export const measureLayer = (inputs) => request(executionUrl("proximity", inputs));

/**
 * Run an analysis and return its answer as features to draw.
 * @param {string} analysis
 * @param {Inputs} inputs
 * @returns {Promise<FeatureCollection<MeasureProperties>>}
 */
export const executeGeojson = (analysis, inputs) => request(executionUrl(analysis, inputs, "geojson"));

/**
 * Return the progress of the import of an uploaded file.
 * @param {string} token
 * @returns {Promise<ImportJob>}
 */
export const fetchImportJob = (token) => request(`/import/${encodeURIComponent(token)}/job.json`);

/**
 * Put a layer back as it was before an import.
 * @param {string} token
 * @throws {ApiError} where the layer has changed since
 */
export const undoImport = (token) => request(`/import/${encodeURIComponent(token)}/undo`, { method: "POST", headers: { Accept: "application/json" } });

/**
 * Return a layer's display geometry.
 * @param {string} id
 * @param {string | number} version
 * @returns {Promise<FeatureCollection>}
 * @throws {ApiError} where the answer is no layer
 */
export async function fetchLayer(id, version) {
  const body = await request(`/layers/${encodeURIComponent(id)}.geojson?display=1&v=${version}`);
  if (!Array.isArray(body.features)) throw new ApiError(id);
  return body;
}

/**
 * @param {string} layer
 * @param {string} [id]
 */
const editUrl = (layer, id) => `/edits/${encodeURIComponent(layer)}${id ? `/${encodeURIComponent(id)}` : ""}.json`;

/**
 * @param {string} method
 * @param {Partial<FeatureDraft>} body
 * @param {string | null} [tag]
 * @returns {RequestInit}
 */
const jsonRequest = (method, body, tag) => ({
  method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...(tag && { "If-Match": `"${tag}"` }) },
});

/**
 * Return a feature as it is now, with the tag of its state.
 * @param {string} layer
 * @param {string} id
 * @returns {Promise<{ feature: StoredFeature, tag: string }>}
 */
export const readFeature = (layer, id) => request(editUrl(layer, id));

/**
 * Add a feature to a layer.
 * @param {string} layer
 * @param {Partial<FeatureDraft>} body
 * @returns {Promise<EditReceipt>}
 */
export const addFeature = (layer, body) => request(editUrl(layer), jsonRequest("POST", body));

/**
 * Change a feature whose state was `tag`; an ApiError whose body has `theirs` says that it has changed since.
 * @param {string} layer
 * @param {string} id
 * @param {Partial<FeatureDraft>} body
 * @param {string | null | undefined} tag
 * @returns {Promise<EditReceipt>}
 */
export const changeFeature = (layer, id, body, tag) => request(editUrl(layer, id), jsonRequest("PATCH", body, tag));

/**
 * Delete a feature whose state was `tag`; fails as `changeFeature` does.
 * @param {string} layer
 * @param {string} id
 * @param {Partial<FeatureDraft>} body
 * @param {string | null | undefined} tag
 * @returns {Promise<EditReceipt>}
 */
export const deleteFeature = (layer, id, body, tag) => request(editUrl(layer, id), jsonRequest("DELETE", body, tag));

/**
 * Undo an edit by its number in the journal.
 * @param {number} number
 * @param {Partial<FeatureDraft>} body
 * @returns {Promise<EditReceipt>}
 */
export const undoEdit = (number, body) => request(`/edits/${number}/undo.json`, jsonRequest("POST", body));

/**
 * Return the edits of a feature, the newest first.
 * @param {string} layer
 * @param {string} id
 * @returns {Promise<{ items: EditEntry[] }>}
 */
export const fetchHistory = (layer, id) => request(`/edits/history.json?${new URLSearchParams({ layer, id })}`);

/** @type {Map<string, AbortController>} */
const running = new Map();

/**
 * @param {string} layer
 * @param {string} path
 * @param {Inputs} inputs
 */
const eventsUrl = (layer, path, inputs) => `/events/${encodeURIComponent(layer)}/${path}?${queryOf({ ...inputs, lang })}`;

/**
 * Query the events of a layer; a newer query for the same part of the page aborts the older one, which then gives null.
 * @template {keyof EventAnswers} K
 * @param {string} layer
 * @param {K} resource
 * @param {Inputs} inputs
 * @param {string} [part]
 * @returns {Promise<EventAnswers[K] | null>}
 */
export const queryEvents = (layer, resource, inputs, part = resource) => newest(part, eventsUrl(layer, `${resource}.json`, inputs));

/**
 * Search by a text in either script; a newer search aborts the older one, which then gives null.
 * @param {string} text
 * @returns {Promise<{ query: string, items: SearchHit[] } | null>}
 */
export const search = (text) => newest("search", `/search.json?${queryOf({ q: text, lang })}`);

/**
 * Search what a picker of some kinds offers for a text.
 * @param {string} kinds
 * @param {string} text
 * @returns {Promise<{ query: string, items: SearchHit[] } | null>}
 */
export const searchOptions = (kinds, text) => newest("picker", `/search.json?${queryOf({ of: kinds, q: text, lang })}`);

/**
 * Record a source.
 * @param {FormData} body
 * @returns {Promise<{ id: string, name: string }>}
 */
export const addSource = (body) => request(`/sources.json?${queryOf({ lang })}`, { method: "POST", body });

/**
 * Request an address for a part of the page; null where a newer request for the same part has aborted this one.
 * @param {string} part
 * @param {string} address
 */
async function newest(part, address) {
  running.get(part)?.abort();
  const control = new AbortController();
  running.set(part, control);
  try {
    return await request(address, { signal: control.signal });
  } catch (error) {
    if (control.signal.aborted) return null;
    throw error;
  }
}

/**
 * Return all that is stored of one event.
 * @param {string} layer
 * @param {string} id
 * @returns {Promise<EventDetails>}
 */
export const fetchEvent = (layer, id) => request(eventsUrl(layer, `${encodeURIComponent(id)}.json`, {}));

/**
 * Return the address of the filtered events as a file.
 * @param {string} layer
 * @param {Inputs} inputs
 */
export const exportUrl = (layer, inputs) => eventsUrl(layer, "file", inputs);

/**
 * Upload a file for import and return the address of its preview.
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function uploadFile(file) {
  const body = new FormData();
  body.set("file", file);
  return (await request("/import/files", { method: "POST", body, headers: { Accept: "application/json" } })).location;
}
