// A field in which something is chosen by its name (ARIA combobox with a list); ids are sent, and may be typed.

import * as api from "../core/api.js";
import { element, focusedWithin } from "../core/dom.js";
import { localized, word } from "../core/i18n.js";
import { askNewSource } from "./new-source.js";

/** @typedef {{ input: HTMLInputElement, hidden: HTMLInputElement, list: HTMLElement, chips: HTMLElement, status: HTMLElement, kinds: string, separator: string, chosen: Picked[], options: (Picked | null)[], active: number }} Picker */

/** @type {WeakMap<HTMLInputElement, Picker>} */
const pickers = new WeakMap();

/**
 * Make a picker of an input with `data-picker` (kinds), `data-separator` (empty: a single thing) and `data-chosen`.
 * @param {HTMLInputElement} input
 */
export function makePicker(input) {
  const { picker: kinds = "", separator = "", chosen = "[]" } = input.dataset;
  const list = element("ul", { class: "picker-list", role: "listbox", id: `${input.id}-list`, "aria-label": word("picker_list"), hidden: true });
  /** @type {Picker} */
  const picker = {
    input, list, kinds, separator, chosen: JSON.parse(chosen), options: [], active: -1,
    hidden: element("input", { type: "hidden", name: input.name }),
    chips: element("ul", { class: "picker-chips" }), status: element("span", { class: "unseen", role: "status" }),
  };
  const frame = element("div", { class: "picker" });
  input.replaceWith(frame);
  frame.append(picker.chips, input, list, picker.status, picker.hidden);
  for (const name of ["name", "list"]) input.removeAttribute(name);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  if (separator && picker.chosen.length) input.value = "";
  if (separator && picker.chosen.length && input.required) { input.required = false; input.dataset.required = "true"; }
  pickers.set(input, picker);
  wire(picker, frame);
  sync(picker);
}

/**
 * Return what a field holds: ids, and what was typed and stands for none.
 * @param {HTMLInputElement} input
 * @returns {string}
 */
export const pickedValue = (input) => pickers.get(input)?.hidden.value ?? input.value.trim();

/**
 * Return the ids that a field of several holds.
 * @param {HTMLInputElement} input
 * @returns {string[]}
 */
export const pickedIds = (input) => pickedValue(input).split(",").map((id) => id.trim()).filter(Boolean);

/**
 * @param {Picker} picker
 * @param {HTMLElement} frame
 */
function wire(picker, frame) {
  const { input, list } = picker;
  input.addEventListener("input", () => {
    forget(picker);
    sync(picker);
    // Who empties the field is not asking for the list.
    if (input.value.trim()) offer(picker);
    else close(picker);
  });
  input.addEventListener("click", () => offer(picker));
  input.addEventListener("keydown", (event) => press(picker, event));
  // What is pressed in the list keeps the focus in the field.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  frame.addEventListener("focusout", () => setTimeout(() => { if (!focusedWithin(frame)) close(picker); }));
}

/**
 * Forget the single thing that was chosen once its name is changed.
 * @param {Picker} picker
 */
function forget(picker) {
  if (!picker.separator) picker.chosen = picker.chosen.filter(({ name }) => name === picker.input.value);
}

/**
 * Put the ids into the field that is sent, and the chips in their place.
 * @param {Picker} picker
 */
function sync(picker) {
  const { input, hidden, chosen, chips, separator } = picker;
  const typed = input.value.trim();
  hidden.value = separator ? [...chosen.map(({ id }) => id), ...typed ? [typed] : []].join(separator) : chosen[0]?.id ?? typed;
  if (input.dataset.required) input.required = !chosen.length;
  chips.hidden = !separator || !chosen.length;
  if (!separator) return;
  chips.replaceChildren(...chosen.map((record) => element("li", {}, element("bdi", {}, record.name),
    element("button", { type: "button", "aria-label": word("picker_remove", { name: record.name }), title: word("picker_remove", { name: record.name }), onclick: () => drop(picker, record) }, "×"))));
}

/**
 * @param {Picker} picker
 * @param {Picked} record
 */
function drop(picker, record) {
  picker.chosen = picker.chosen.filter((other) => other !== record);
  sync(picker);
  changed(picker);
  picker.input.focus();
}

/** @param {Picker} picker */
const changed = ({ input }) => input.dispatchEvent(new Event("change", { bubbles: true }));

/**
 * Offer what the typed text may mean, a new source last.
 * @param {Picker} picker
 */
async function offer(picker) {
  const text = picker.separator || !picker.chosen.length ? picker.input.value.trim() : "";
  let items;
  try {
    const answer = await api.searchOptions(picker.kinds, text.slice(0, 200));
    if (!answer) return;
    ({ items } = answer);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    picker.status.textContent = error.message || word("failed");
    return;
  }
  if (document.activeElement !== picker.input) return;
  const chosenIds = new Set(picker.separator ? picker.chosen.map(({ id }) => id) : []);
  const hits = items.filter((hit) => !chosenIds.has(hit.id));
  picker.options = hits.map((hit) => ({ id: hit.id, name: localized(hit.name) }));
  const rows = hits.map((hit, at) => option(picker, at, element("bdi", {}, localized(hit.name)), element("small", {}, hit.what)));
  if (picker.kinds === "source") {
    picker.options.push(null);
    rows.push(option(picker, hits.length, word("picker_new_source")));
  }
  picker.list.replaceChildren(...rows);
  picker.active = -1;
  picker.input.removeAttribute("aria-activedescendant");
  show(picker, rows.length > 0);
  picker.status.textContent = hits.length ? word("search_results", { count: hits.length }) : word("search_none", { text });
}

/**
 * @param {Picker} picker
 * @param {number} at
 * @param {...Child} parts
 */
const option = (picker, at, ...parts) => element("li", {
  role: "option", id: `${picker.list.id}-${at}`, "aria-selected": "false", onclick: () => choose(picker, at),
}, ...parts);

/**
 * @param {Picker} picker
 * @param {boolean} on
 */
function show(picker, on) {
  picker.list.hidden = !on;
  picker.input.setAttribute("aria-expanded", String(on));
}

/** @param {Picker} picker */
function close(picker) {
  show(picker, false);
  picker.active = -1;
  picker.input.removeAttribute("aria-activedescendant");
}

/**
 * @param {Picker} picker
 * @param {number} at
 */
function activate(picker, at) {
  const rows = [...picker.list.children];
  picker.active = (at + rows.length) % rows.length;
  rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === picker.active)));
  picker.input.setAttribute("aria-activedescendant", rows[picker.active].id);
  rows[picker.active].scrollIntoView({ block: "nearest" });
}

/**
 * @param {Picker} picker
 * @param {KeyboardEvent} event
 */
function press(picker, event) {
  const isOpen = !picker.list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) activate(picker, picker.active + (event.key === "ArrowDown" ? 1 : picker.active < 0 ? 0 : -1));
    else offer(picker);
  } else if (event.key === "Enter" && isOpen && picker.active >= 0) {
    event.preventDefault();
    choose(picker, picker.active);
  } else if (event.key === "Escape" && isOpen) {
    event.stopPropagation();
    event.preventDefault();
    close(picker);
  } else if (event.key === "Backspace" && !picker.input.value && picker.separator && picker.chosen.length) {
    drop(picker, picker.chosen[picker.chosen.length - 1]);
  }
}

/**
 * @param {Picker} picker
 * @param {number} at
 */
async function choose(picker, at) {
  const typed = picker.input.value.trim();
  close(picker);
  const record = picker.options[at] ?? await askNewSource(typed);
  picker.input.focus();
  close(picker);
  if (!record) return;
  picker.chosen = picker.separator ? [...picker.chosen, record] : [record];
  picker.input.value = picker.separator ? "" : record.name;
  sync(picker);
  changed(picker);
}
