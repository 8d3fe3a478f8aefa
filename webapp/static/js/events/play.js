// Animation through time: a window of days, weeks or months that moves by steps, and waits for each answer.

import { digits } from "../core/arabic.js";
import { field, find } from "../core/dom.js";
import { reducedMotion } from "../map/leaflet.js";
import { getParam, setParams } from "../core/state.js";
import { word } from "../core/i18n.js";
import { addUnits } from "./days.js";
import { refreshHistogram, selectDays, selectedDays } from "./time.js";

/** @type {TimeUnit[]} */
const UNITS = ["day", "week", "month"];
const PACE = 500;
// With reduced motion the map changes less often.
const SLOW = 2000;
/** @type {DaySpan | null} */
let span = null;
let playing = false;
let run = 0;

/**
 * Wire the buttons; they are hidden if no event of the layer has a date.
 * @param {DaySpan | null} extent
 */
export function wirePlay(extent) {
  span = extent;
  find("time-tools").hidden = !span;
  if (!span) return;
  find("play").addEventListener("click", () => (playing ? pause() : play()));
  find("step-back").addEventListener("click", () => { pause(); move(-1); });
  find("step-on").addEventListener("click", () => { pause(); move(1); });
  for (const id of ["play-step", "play-count", "play-unit"]) {
    const input = field(id);
    input.value = getParam(id.replace("play-", "")) || input.value;
    input.addEventListener("change", () => {
      setParams({ [id.replace("play-", "")]: input.value });
      if (id === "play-step") refreshHistogram();
    });
  }
}

/** @param {string} id */
const unitOf = (id) => UNITS.find((unit) => unit === field(id).value) ?? "month";
const lengthOf = () => Math.min(1000, Math.max(1, Math.round(Number(digits(field("play-count").value))) || 1));

/**
 * Return the window that begins at a day.
 * @param {number} from
 * @returns {[number, number]}
 */
const windowAt = (from) => [from, addUnits(from, unitOf("play-unit"), lengthOf()) - 1];

/**
 * Move the window by steps;
 * Return whether it moved.
 * @param {number} steps
 * @returns {Promise<boolean>}
 */
async function move(steps) {
  if (!span) return false;
  const unfiltered = !getParam("from") && !getParam("to");
  const from = unfiltered ? (steps > 0 ? span.from : null) : addUnits(selectedDays()[0], unitOf("play-step"), steps);
  if (from === null || from > span.to) return false;
  const [first, last] = windowAt(from);
  if (last < span.from) return false;
  await selectDays(first, last, { step: false });
  return true;
}

async function play() {
  if (!span) return;
  playing = true;
  run += 1;
  const mine = run;
  show();
  const ended = (getParam("from") || getParam("to")) && selectedDays()[1] >= span.to;
  if (ended) await selectDays(...windowAt(span.from), { step: false });
  // After a pause and a restart, another run continues.
  while (playing && mine === run) {
    const began = performance.now();
    if (!(await move(1))) break;
    await new Promise((resolve) => { setTimeout(resolve, Math.max(0, (reducedMotion.matches ? SLOW : PACE) - (performance.now() - began))); });
  }
  if (mine === run) pause();
}

function pause() {
  playing = false;
  show();
}

function show() {
  const button = find("play");
  button.dataset.playing = String(playing);
  for (const name of ["aria-label", "title"]) button.setAttribute(name, word(playing ? "events_pause" : "events_play"));
}
