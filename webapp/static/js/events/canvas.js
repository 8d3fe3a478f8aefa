// One canvas for all events: what it is told to draw, and which of it lies under a position.

import { L } from "../map/leaflet.js";
import { SHAPES, colours, outline } from "./styles.js";

const NEAR = 11;
const STACKED = 8;
// Beyond so many circles their edges only hint at them.
const MANY = 40;
const TURN = 2 * Math.PI;

/** A Leaflet renderer that draws `points` or `cells` and moves and zooms with the map. */
export const Picture = L.Renderer.extend({
  options: { padding: 0, pane: "events" },

  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.empty();
  },

  empty() {
    Object.assign(this, { points: [], cells: null, side: 1, outlines: [], picked: null });
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this._context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
    this.draw();
  },

  /** Draw what is held again. */
  draw() {
    if (!this._map || !this._bounds) return;
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    this._context.clearRect(min.x, min.y, size.x, size.y);
    const held = colours();
    if (this.cells) this._drawCells(held);
    this._drawOutlines(held);
    if (!this.cells) this._drawPoints(held);
    if (this.picked) this._drawPicked(held);
  },

  _drawCells({ ramp, muted }) {
    const paths = ramp.map(() => new Path2D());
    const none = new Path2D();
    for (const { west, south, east, north, step } of this.cells.values()) {
      const a = this._map.latLngToLayerPoint([north, west]);
      const b = this._map.latLngToLayerPoint([south, east]);
      // Corners are rounded to whole pixels: cells touch, and do not overlap.
      (step === null ? none : paths[step]).rect(a.x, a.y, Math.max(1, b.x - a.x), Math.max(1, b.y - a.y));
    }
    // Events of which none was killed are seen, and of no class.
    this._context.fillStyle = muted;
    this._context.globalAlpha = 0.25;
    this._context.fill(none);
    this._context.globalAlpha = 1;
    paths.forEach((path, at) => {
      this._context.fillStyle = ramp[at];
      this._context.fill(path);
    });
  },

  /** The areas that events are known to, and nothing nearer. */
  _drawOutlines({ muted }) {
    const path = new Path2D();
    for (const { geometry } of this.outlines) {
      for (const ring of geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat()) {
        ring.forEach(([lon, lat], at) => {
          const { x, y } = this._map.latLngToLayerPoint([lat, lon]);
          if (at) path.lineTo(x, y);
          else path.moveTo(x, y);
        });
      }
    }
    const context = this._context;
    context.setLineDash([3, 5]);
    context.strokeStyle = muted;
    context.lineWidth = 1.2;
    context.globalAlpha = 0.7;
    context.stroke(path);
    context.globalAlpha = 1;
    context.setLineDash([]);
  },

  _drawPoints(held) {
    const context = this._context;
    for (const one of this.points) one.at = this._map.latLngToLayerPoint([one.lat, one.lon]);
    this._drawSpreads(held);
    context.lineWidth = 1.4;
    for (const { at, rank, radius, hollow } of this.points) {
      const path = new Path2D(outline(SHAPES[rank], at.x, at.y, radius));
      context.strokeStyle = hollow ? held.words[rank] : held.halo;
      context.fillStyle = hollow ? held.paper : held.words[rank];
      context.fill(path);
      context.stroke(path);
    }
    this._drawCounts(held);
  },

  /** How far an event may lie from where it is drawn, once a position: circles that say the same lie on one another. */
  _drawSpreads({ ink }) {
    const context = this._context;
    const zoom = this._map.getZoom();
    const drawn = new Set();
    const path = new Path2D();
    for (const { at, lat, metres, radius } of this.points) {
      const pixels = metres ? metres / metresOfPixel(lat, zoom) : 0;
      const key = `${at.x}/${at.y}/${metres}`;
      if (pixels < radius + 3 || drawn.has(key)) continue;
      drawn.add(key);
      path.moveTo(at.x + pixels, at.y);
      path.arc(at.x, at.y, pixels, 0, TURN);
    }
    // Filled as one: where many overlap it is no darker than where one is.
    context.fillStyle = context.strokeStyle = ink;
    context.lineWidth = 1;
    context.globalAlpha = 0.07;
    context.fill(path);
    context.globalAlpha = drawn.size > MANY ? 0.12 : 0.4;
    context.stroke(path);
    context.globalAlpha = 1;
  },

  /** Events on one position hide each other: their number stands beside them. */
  _drawCounts({ ink, land }) {
    const stacks = new Map();
    for (const { at, radius } of this.points) {
      const key = `${at.x}/${at.y}`;
      const held = stacks.get(key) || { at, radius, count: 0 };
      stacks.set(key, { at, radius: Math.max(held.radius, radius), count: held.count + 1 });
    }
    const context = this._context;
    context.font = `600 11.5px ${getComputedStyle(document.documentElement).fontFamily}`;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = land;
    context.fillStyle = ink;
    const taken = [];
    for (const { at, radius, count } of [...stacks.values()].sort((a, b) => b.count - a.count)) {
      if (count < 2 || taken.some((other) => Math.abs(other.x - at.x) < STACKED * 3 && Math.abs(other.y - at.y) < STACKED * 1.5)) continue;
      taken.push(at);
      context.strokeText(count, at.x + radius + 3, at.y);
      context.fillText(count, at.x + radius + 3, at.y);
    }
  },

  _drawPicked({ picked }) {
    const at = this._map.latLngToLayerPoint(this.picked);
    const context = this._context;
    context.beginPath();
    context.arc(at.x, at.y, 13, 0, TURN);
    context.strokeStyle = picked;
    context.lineWidth = 3;
    context.stroke();
  },

  /** @returns {object[]} the points under a position, the nearest first; all that lie on the nearest one's place. */
  under(latlng) {
    const here = this._map.latLngToLayerPoint(latlng);
    const found = this.points.map((one) => ({ one, away: one.at ? here.distanceTo(one.at) - Math.max(0, one.radius - 5) : Infinity }))
      .filter(({ away }) => away <= NEAR).sort((a, b) => a.away - b.away);
    if (!found.length) return [];
    const { x, y } = found[0].one.at;
    const same = found.filter(({ one }) => one.at.x === x && one.at.y === y).map(({ one }) => one);
    return same;
  },

  /** @returns {object | undefined} the cell under a position. */
  cellUnder({ lat, lng }) {
    const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
    return this.cells?.get(`${Math.floor(((lng + 180) / 360) * this.side)}/${Math.floor(y * this.side)}`);
  },
});

const metresOfPixel = (lat, zoom) => (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
