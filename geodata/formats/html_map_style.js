// How the single-file map writes and draws: styles by kind and role, and how positions and figures are read and written.
"use strict";

/** @type {Record<string, MapFile.Style>} */
const masafaStyles = {
  backdrop: { color: "#e2dccf", weight: 0, fillColor: "#eae5da", fillOpacity: 1 },
  lake: { color: "#8db4cc", weight: 0.6, fillColor: "#c4dae6", fillOpacity: 1 },
  country: { color: "#6f6757", weight: 0.8, fillColor: "#f8f5ef", fillOpacity: 1 },
  territory: { color: "#6f6757", weight: 0.8, fillColor: "#f8f5ef", fillOpacity: 1 },
  governorate: { color: "#857c69", weight: 0.8, dashArray: "5 3", fill: false },
  region: { color: "#857c69", weight: 1, dashArray: "2 4", fill: false },
  river: { color: "#4680a0", weight: 1.7 },
  border: { color: "#3f3a33", weight: 2.2 },
  wall: { color: "#b4560e", weight: 4.6, dashArray: "9 5" },
};
/** What was measured, by its role. @type {Record<string, MapFile.Style>} */
const masafaRoles = {
  distance: { color: "#0b4f8a", weight: 2.4, dashArray: "6 4" },
  ring: { color: "#0b4f8a", weight: 1.6, fillOpacity: 0.06 },
  band: { color: "#0b4f8a", weight: 0, fillOpacity: 0.14 },
  gap: { color: "#9c2a2a", weight: 5 },
  covered: { color: "#0f6b63", weight: 5 },
};
const masafaOther = { color: "#5c5a52", weight: 1, fillOpacity: 0.07 };
const masafaInk = "#22262a";
/** @type {Record<string, string>} */
const masafaColours = {
  prison: "#9c2a2a", camp: "#0f6b63", air_base: "#4a3f8c", airport: "#4a3f8c", outpost: "#4a3f8c",
  headquarters: "#4a3f8c", event: "#9a3412",
};

/** The outline of a kind's sign, in units of its radius: shape first, colour second. @type {Record<string, [number, number][]>} */
const masafaOutlines = {
  prison: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  camp: [[0, -0.9], [1, 0.1], [1, 0.8], [0.35, 0.8], [0, 0.2], [-0.35, 0.8], [-1, 0.8], [-1, 0.1]],
  air_base: [[0, -1], [1, 0.8], [-1, 0.8]],
  airport: [[0, 1], [1, -0.8], [-1, -0.8]],
  outpost: [[0, -1], [0.87, -0.5], [0.87, 0.5], [0, 1], [-0.87, 0.5], [-0.87, -0.5]],
  headquarters: [[0, -1], [0.95, -0.31], [0.59, 0.81], [-0.59, 0.81], [-0.95, -0.31]],
  crossing: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  event: [[0, -0.3], [0.7, -1], [1, -0.7], [0.3, 0], [1, 0.7], [0.7, 1], [0, 0.3], [-0.7, 1], [-1, 0.7], [-0.3, 0], [-1, -0.7], [-0.7, -1]],
};
/** @type {[number, number][]} */
const masafaRound = Array.from({ length: 24 }, (_, at) => [0.85 * Math.cos((at * Math.PI) / 12), 0.85 * Math.sin((at * Math.PI) / 12)]);
/** @param {string} kind */
const masafaOutline = (kind) => masafaOutlines[kind] ?? masafaRound;

/** The sign of a place, drawn on the canvas in the outline of its kind. */
class MasafaSign extends L.CircleMarker {
  /** Draw the outline where Leaflet would draw a circle. */
  _updatePath() {
    const { _renderer: canvas, _point: point, _radius: radius, options } = /** @type {MapFile.Inner} */ (/** @type {unknown} */ (this));
    if (!canvas._drawing) return;
    canvas._ctx.beginPath();
    for (const [x, y] of masafaOutline(options.kind)) canvas._ctx.lineTo(point.x + x * radius, point.y + y * radius);
    canvas._ctx.closePath();
    canvas._fillStroke(canvas._ctx, this);
  }
}

/**
 * Return the sign of a place.
 * @param {L.LatLng} position
 * @param {string} kind
 * @param {string} fillColor
 */
function masafaSign(position, kind, fillColor) {
  const look = { radius: 7.5, color: "#ffffff", weight: 1.2, fillColor, fillOpacity: 1, kind };
  return new MasafaSign(position, look);
}

/** Return the outline of a kind as CSS clips a box. @param {string} kind */
const masafaClip = (kind) => `polygon(${masafaOutline(kind).map(([x, y]) => `${50 + 50 * x}% ${50 + 50 * y}%`).join()})`;

/** @param {MapFile.Steps} steps @returns {steps is number[]} */
const masafaIsPath = (steps) => typeof steps[0] === "number";

/**
 * Return the positions of a path that was written as steps of a thousandth of a degree; of nested paths, each.
 * @param {MapFile.Steps} steps
 * @returns {MapFile.Path}
 */
function masafaPositions(steps) {
  if (!masafaIsPath(steps)) return steps.map(masafaPositions);
  /** @type {number[][]} */
  const path = [];
  for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) path.push([(x += steps[at]) / 1000, (y += steps[at + 1]) / 1000]);
  return path;
}

// Between two numbers a comma or a dash takes the direction of an Arabic sentence, and their parts change places.
const masafaRun = /[\u2066-\u2068][^\u2069]*\u2069|([-−]?\d+\.\d+\s*[,،;]\s*[-−]?\d+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?\s*[–±]\s*\d+(?:\.\d+)?|(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?![\w-]))/gu;
/** @param {string} text */
const masafaIsolated = (text) => text.replace(masafaRun, (all, run) => (run ? `\u2066${run}\u2069` : all));

/**
 * Write a radius as geodata.analysis.number_format.radius does: kilometres, rounded up to two digits.
 * @param {number} metres
 */
function masafaRadius(metres) {
  const parts = Math.ceil(metres * 1e4 - 1e-6);
  const place = 10 ** Math.max(0, String(parts).length - 2);
  return ((Math.ceil(parts / place) * place) / 1e7).toFixed(7).replace(/\.?0+$/, "");
}
