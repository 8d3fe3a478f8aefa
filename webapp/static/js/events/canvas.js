// One canvas for all events: draws points or cells, and finds which of them lie under a position.

import { L } from "../map/leaflet.js";
import { SHAPES, colours, symbolPath } from "./styles.js";

const NEAR = 11;
const STACKED = 8;
// Beyond so many circles their edges only hint at them.
const MANY = 40;
const CIRCLE = 2 * Math.PI;

/** A Leaflet renderer that draws `points` or `cells` and moves and zooms with the map. */
export class EventCanvas extends L.Renderer {
  /** @type {CanvasPoint[]} */
  points = [];

  /** By "column/row". @type {Map<string, CanvasCell> | null} */
  cells = null;

  /** Cells a side of the world. */
  side = 1;

  /** Areas to outline: those that events are known to, and nothing nearer. @type {Feature[]} */
  outlines = [];

  /** The position of the selected event. @type {LatLng | null} */
  selected = null;

  constructor() {
    super({ padding: 0, pane: "events" });
  }

  _initContainer() {
    this._canvas = document.createElement("canvas");
    this._canvas.setAttribute("aria-hidden", "true");
    this._container = this._canvas;
  }

  _destroyContainer() {
    this._container?.remove();
    delete this._container;
  }

  /** @override */
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    super._update();
    const { min, size, canvas, context } = this._surface();
    const ratio = Math.min(devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(canvas, min);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    context.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    this.draw();
  }

  /** What is drawn on: the canvas that `_initContainer` created, and the part of the map it covers. */
  _surface() {
    const canvas = /** @type {HTMLCanvasElement} */ (this._canvas);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    return { canvas, context, min: this._bounds.getTopLeft(), size: this._bounds.getSize() };
  }

  /** Draw everything again. */
  draw() {
    if (!this._map || !this._bounds) return;
    const { context, min, size } = this._surface();
    context.clearRect(min.x, min.y, size.x, size.y);
    const palette = colours();
    if (this.cells) this._drawCells(context, this.cells, palette);
    this._drawOutlines(context, palette);
    if (!this.cells) this._drawPoints(context, palette);
    if (this.selected) this._drawSelected(context, this.selected, palette);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Map<string, CanvasCell>} cells
   * @param {Palette} palette
   */
  _drawCells(context, cells, { ramp, muted }) {
    const paths = ramp.map(() => new Path2D());
    const none = new Path2D();
    for (const { west, south, east, north, step } of cells.values()) {
      const a = this._map.latLngToLayerPoint([north, west]);
      const b = this._map.latLngToLayerPoint([south, east]);
      // Corners are rounded to whole pixels: cells touch, and do not overlap.
      (step === null ? none : paths[step]).rect(a.x, a.y, Math.max(1, b.x - a.x), Math.max(1, b.y - a.y));
    }
    // Events without deaths are shown, and of no class.
    context.fillStyle = muted;
    context.globalAlpha = 0.25;
    context.fill(none);
    context.globalAlpha = 1;
    paths.forEach((path, index) => {
      context.fillStyle = ramp[index];
      context.fill(path);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  _drawOutlines(context, { muted }) {
    const path = new Path2D();
    for (const { geometry } of this.outlines) {
      const rings = geometry?.type === "Polygon" ? geometry.coordinates : geometry?.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
      for (const ring of rings) {
        ring.forEach(([lon, lat], index) => {
          const { x, y } = this._map.latLngToLayerPoint([lat, lon]);
          if (index) path.lineTo(x, y);
          else path.moveTo(x, y);
        });
      }
    }
    context.setLineDash([3, 5]);
    context.strokeStyle = muted;
    context.lineWidth = 1.2;
    context.globalAlpha = 0.7;
    context.stroke(path);
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  _drawPoints(context, palette) {
    for (const point of this.points) point.at = this._map.latLngToLayerPoint([point.lat, point.lon]);
    this._drawUncertainties(context, palette);
    context.lineWidth = 1.4;
    for (const { at, rank, radius, hollow } of this.points) {
      const path = new Path2D(symbolPath(SHAPES[rank], at.x, at.y, radius));
      context.strokeStyle = hollow ? palette.ranks[rank] : palette.halo;
      context.fillStyle = hollow ? palette.paper : palette.ranks[rank];
      context.fill(path);
      context.stroke(path);
    }
    this._drawCounts(context, palette);
  }

  /**
   * Draw how far an event may lie from its point, once a position: equal circles would lie on one another.
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  _drawUncertainties(context, { ink }) {
    const zoom = this._map.getZoom();
    const circles = new Set();
    const path = new Path2D();
    for (const { at, lat, metres, radius } of this.points) {
      const pixels = metres ? metres / metresOfPixel(lat, zoom) : 0;
      const key = `${at.x}/${at.y}/${metres}`;
      if (pixels < radius + 3 || circles.has(key)) continue;
      circles.add(key);
      path.moveTo(at.x + pixels, at.y);
      path.arc(at.x, at.y, pixels, 0, CIRCLE);
    }
    // Filled as one path: where many overlap it is no darker than where one is.
    context.fillStyle = context.strokeStyle = ink;
    context.lineWidth = 1;
    context.globalAlpha = 0.07;
    context.fill(path);
    context.globalAlpha = circles.size > MANY ? 0.12 : 0.4;
    context.stroke(path);
    context.globalAlpha = 1;
  }

  /**
   * Write the number of events on one position beside them, as they hide each other.
   * @param {CanvasRenderingContext2D} context
   * @param {Palette} palette
   */
  _drawCounts(context, { ink, land }) {
    /** @type {Map<string, { at: CanvasPoint["at"], radius: number, count: number }>} */
    const stacks = new Map();
    for (const { at, radius } of this.points) {
      const key = `${at.x}/${at.y}`;
      const stack = stacks.get(key) || { at, radius, count: 0 };
      stacks.set(key, { at, radius: Math.max(stack.radius, radius), count: stack.count + 1 });
    }
    context.font = `600 11.5px ${getComputedStyle(document.documentElement).fontFamily}`;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = land;
    context.fillStyle = ink;
    /** @type {CanvasPoint["at"][]} */
    const labelled = [];
    for (const { at, radius, count } of [...stacks.values()].sort((a, b) => b.count - a.count)) {
      if (count < 2 || labelled.some((other) => Math.abs(other.x - at.x) < STACKED * 3 && Math.abs(other.y - at.y) < STACKED * 1.5)) continue;
      labelled.push(at);
      context.strokeText(String(count), at.x + radius + 3, at.y);
      context.fillText(String(count), at.x + radius + 3, at.y);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {LatLng} position
   * @param {Palette} palette
   */
  _drawSelected(context, position, { selected }) {
    const { x, y } = this._map.latLngToLayerPoint(position);
    context.beginPath();
    context.arc(x, y, 13, 0, CIRCLE);
    context.strokeStyle = selected;
    context.lineWidth = 3;
    context.stroke();
  }

  /**
   * Return the points under a position: all that lie where the nearest does.
   * @param {LatLng} latlng
   */
  under(latlng) {
    const here = this._map.latLngToLayerPoint(latlng);
    const hits = this.points.map((point) => ({ point, distance: here.distanceTo(point.at) - Math.max(0, point.radius - 5) }))
      .filter(({ distance }) => distance <= NEAR).sort((a, b) => a.distance - b.distance).map(({ point }) => point);
    return hits.filter(({ at }) => at.equals(hits[0].at));
  }

  /**
   * Return the cell under a position.
   * @param {LatLng} latlng
   */
  cellUnder({ lat, lng }) {
    const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
    return this.cells?.get(`${Math.floor(((lng + 180) / 360) * this.side)}/${Math.floor(y * this.side)}`);
  }
}

/**
 * Return the metres that a pixel is wide at a latitude, of tiles of 256 pixels.
 * @param {number} lat
 * @param {number} zoom
 */
const metresOfPixel = (lat, zoom) => (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
