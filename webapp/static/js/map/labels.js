// Names on the map: placed in the order of their importance, on whichever side is free, left out where none is.

import { find } from "../core/dom.js";

const held = [];
let waiting = 0;

/**
 * Register a label: its layer, how important it is (higher first), from which zoom to which it may show, and for a name
 * that may stand in several places, a function that gives them.
 */
export function add(map, layer, priority, zooms = [0, 99], spots = null) {
  held.push({ layer, priority, zooms, spots });
  held.sort((a, b) => b.priority - a.priority);
  settle(map);
}

/** Take out the labels of layers that are gone. */
export function forget(layers) {
  for (let index = held.length - 1; index >= 0; index -= 1) if (layers.has(held[index].layer)) held.splice(index, 1);
}

/** Place every label where it covers nothing that was placed before it. */
export function settle(map) {
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    place(map);
  });
}

function place(map) {
  const zoom = map.getZoom();
  const signs = [...document.querySelectorAll(".leaflet-marker-pane .sign")].map((node) => ({ node, ...shrunk(node.getBoundingClientRect(), 2) }));
  const taken = [...["panel", "card", "timeline"].map(find).filter(Boolean), ...document.querySelectorAll(".leaflet-control, .events-pill span")].map((node) => node.getBoundingClientRect()).filter((box) => box.width);
  const plans = held.map((one) => ({ ...one, plan: one.zooms[0] <= zoom && zoom <= one.zooms[1] ? planOf(map, one) : null }));
  for (const { layer, plan } of plans) {
    const own = layer.getElement?.();
    const self = signs.find((sign) => sign.node === own);
    const others = self ? signs.filter((sign) => !beside(self, sign)) : signs;
    const free = plan?.sides.find(({ box }) => onScreen(box, plan) && ![...taken, ...others].some((other) => meets(other, box)));
    if (plan && free) {
      if (free.side) turn(layer, free);
      if (free.spot) layer.setLatLng(free.spot);
      taken.push(shrunk(free.box, 1));
    }
    (plan?.node || nodeOf(layer))?.classList.toggle("hidden", !free);
  }
}

const nodeOf = (layer) => layer.getTooltip?.()?.getElement() || layer.getElement?.();

/** The boxes a label may take: a tooltip on four sides of its place, a name of an area on its spots. */
function planOf(map, { layer, spots }) {
  const node = nodeOf(layer);
  if (!node) return null;
  const tooltip = layer.getTooltip?.();
  if (!tooltip) return planOfSpots(map, node, spots());
  const { width, height } = node.getBoundingClientRect();
  const anchor = layer.getElement()?.getBoundingClientRect();
  if (!anchor || !width) return null;
  const [x, y] = [(anchor.left + anchor.right) / 2, (anchor.top + anchor.bottom) / 2];
  const gap = gapOf(tooltip);
  const first = tooltip.masafaSide || (tooltip.masafaSide = tooltip.options.direction);
  const sides = [first, ...["right", "left", "top", "bottom"].filter((side) => side !== first)].map((side) => ({ side, offset: OFFSETS[side](gap) }));
  for (const side of ["bottom", "top"]) for (const share of [0.35, -0.35]) sides.push({ side, offset: [share * width, OFFSETS[side](gap)[1]] });
  return { node, at: { x, y }, sides: sides.map((one) => ({ ...one, box: boxAt(x + one.offset[0], y + one.offset[1], width, height, one.side) })) };
}

const OFFSETS = { right: (gap) => [gap, 0], left: (gap) => [-gap, 0], top: (gap) => [0, -gap], bottom: (gap) => [0, gap] };

function boxAt(x, y, width, height, side) {
  const left = { right: x, left: x - width, top: x - width / 2, bottom: x - width / 2 }[side];
  const top = { right: y - height / 2, left: y - height / 2, top: y - height, bottom: y }[side];
  return { left, top, right: left + width, bottom: top + height };
}

function planOfSpots(map, node, spots) {
  const { width, height } = node.firstElementChild.getBoundingClientRect();
  if (!width) return null;
  const { left, top } = map.getContainer().getBoundingClientRect();
  const sides = spots.map((spot) => {
    const point = map.latLngToContainerPoint(spot);
    const [x, y] = [point.x + left, point.y + top];
    return { spot, box: { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 } };
  });
  return { node, sides };
}

function turn(layer, { side, offset }) {
  const tooltip = layer.getTooltip();
  if (tooltip.options.direction === side && String(tooltip.options.offset) === String(offset)) return;
  Object.assign(tooltip.options, { direction: side, offset });
  tooltip.update();
}

// A name whose place is in view is shown whole or not at all.
const onScreen = (box, { at }) => !at || at.x < 0 || at.x > innerWidth || at.y < 0 || at.y > innerHeight
  || (box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight);
const gapOf = (tooltip) => tooltip.masafaGap || (tooltip.masafaGap = Math.max(4, ...tooltip.options.offset.map(Math.abs)));
const shrunk = (box, by) => ({ left: box.left + by, right: box.right - by, top: box.top + by, bottom: box.bottom - by });
// Signs that lie on one another share their surroundings: none of them is in the way of another's name.
const beside = (a, b) => Math.hypot(a.left - b.left, a.top - b.top) < 16;
const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
