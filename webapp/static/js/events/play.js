// Playing through time: a window of days, weeks or months that moves by steps, and waits for each picture.

import { find } from "../core/dom.js";
import { still } from "../map/leaflet.js";
import { get, put } from "../core/state.js";
import { word } from "../core/i18n.js";
import { addTo } from "./days.js";
import { choose, chosen, lookAtTime } from "./time.js";

const UNITS = ["day", "week", "month"];
const PACE = 500;
// Where motion is to be reduced the picture changes seldom, and only because it was asked to.
const SLOW = 2000;
let span = null;
let playing = false;
let run = 0;

/** Wire the buttons for a layer whose events span `held`; without a dated event there is nothing to play. */
export function wirePlay(held) {
  span = held;
  find("time-tools").hidden = !span;
  if (!span) return;
  find("play").addEventListener("click", () => (playing ? pause() : play()));
  find("step-back").addEventListener("click", () => { pause(); move(-1); });
  find("step-on").addEventListener("click", () => { pause(); move(1); });
  for (const id of ["play-step", "play-count", "play-unit"]) {
    find(id).value = get(id.replace("play-", "")) || find(id).value;
    find(id).addEventListener("change", () => {
      put({ [id.replace("play-", "")]: find(id).value });
      if (id === "play-step") lookAtTime();
    });
  }
}

const unitOf = (id) => (UNITS.includes(find(id).value) ? find(id).value : "month");
const lengthOf = () => Math.min(1000, Math.max(1, Math.round(Number(find("play-count").value)) || 1));

/** @returns {number[]} the window that begins at a day. */
const windowAt = (from) => [from, addTo(from, unitOf("play-unit"), lengthOf()) - 1];

/** Move the window by steps; @returns {Promise<boolean>} whether it moved. */
async function move(steps) {
  const whole = !get("from") && !get("to");
  const from = whole ? (steps > 0 ? span.from : null) : addTo(chosen()[0], unitOf("play-step"), steps);
  if (from === null || from > span.to) return false;
  const [first, last] = windowAt(from);
  if (last < span.from) return false;
  await choose(first, last, { step: false });
  return true;
}

async function play() {
  playing = true;
  run += 1;
  const mine = run;
  show();
  const ended = (get("from") || get("to")) && chosen()[1] >= span.to;
  if (ended) await choose(...windowAt(span.from), { step: false });
  // Paused and played again meanwhile, another run goes on.
  while (playing && mine === run) {
    const began = performance.now();
    if (!(await move(1))) break;
    await new Promise((resolve) => { setTimeout(resolve, Math.max(0, (still.matches ? SLOW : PACE) - (performance.now() - began))); });
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
  button.setAttribute("aria-label", word(playing ? "events_pause" : "events_play"));
}
