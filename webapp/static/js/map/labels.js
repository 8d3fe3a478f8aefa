// Labels on the map: placed by priority, on a side that is free, hidden if none is.

/** @type {MapLabel[]} */
const labels = [];
/** @type {Side[]} */
const SIDES = ["right", "left", "top", "bottom"];
/** @type {Side[]} */
const UPRIGHT = ["bottom", "top"];
// A sign is drawn in the middle of what can be clicked: a label may come as near as to the drawing.
const ROOM = 5;
let waiting = 0;

/**
 * Register a label: its layer, how important it is (higher first), from which zoom to which it may show, and for a name
 * that may stand in several places, a function that gives them.
 * @param {LeafletMap} map
 * @param {LabelLayer} layer
 * @param {number} priority
 * @param {[number, number]} [zooms]
 * @param {(() => LatLng[]) | null} [spots]
 */
export function addLabel(map, layer, priority, zooms = [0, 99], spots = null) {
  labels.push({ layer, priority, zooms, spots, side: null, gap: null });
  labels.sort((a, b) => b.priority - a.priority);
  placeLabels(map);
}

/**
 * Remove the labels of layers that left the map.
 * @param {Set<LeafletLayer>} layers
 */
export function removeLabels(layers) {
  for (let index = labels.length - 1; index >= 0; index -= 1) if (layers.has(labels[index].layer)) labels.splice(index, 1);
}

/**
 * Place every label where it covers none of a higher priority.
 * @param {LeafletMap} map
 */
export function placeLabels(map) {
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    place(map);
  });
}

/** @param {LeafletMap} map */
function place(map) {
  const zoom = map.getZoom();
  const signs = [...document.querySelectorAll(".leaflet-marker-pane .sign")].map((node) => ({ node, ...shrunk(node.getBoundingClientRect(), ROOM) }));
  /** @type {Box[]} */
  const occupied = [...document.querySelectorAll("#panel, #card, #timeline, .leaflet-control, .events-pill span")].map((node) => node.getBoundingClientRect()).filter((box) => box.width);
  const plans = labels.map((label) => ({ layer: label.layer, plan: label.zooms[0] <= zoom && zoom <= label.zooms[1] ? planOf(map, label) : null }));
  for (const { layer, plan } of plans) {
    const own = layer.getElement?.();
    const self = signs.find((sign) => sign.node === own);
    const others = self ? signs.filter((sign) => !beside(self, sign)) : signs;
    const free = plan?.sides.find(({ box }) => onScreen(box, plan.at) && ![...occupied, ...others].some((other) => meets(other, box)));
    if (plan && free) {
      if (free.side) moveTooltip(layer, free);
      if (free.spot) layer.setLatLng(free.spot);
      occupied.push(shrunk(free.box, 1));
    }
    (plan?.node || nodeOf(layer))?.classList.toggle("hidden", !free);
  }
}

/** @param {LabelLayer} layer */
const nodeOf = (layer) => layer.getTooltip?.()?.getElement() || layer.getElement?.();

/**
 * Return the candidate boxes of a label: a tooltip on four sides of its marker, a name of an area at its positions.
 * @param {LeafletMap} map
 * @param {MapLabel} label
 * @returns {LabelPlan | null}
 */
function planOf(map, label) {
  const { layer, spots } = label;
  const node = nodeOf(layer);
  if (!node) return null;
  const tooltip = layer.getTooltip?.();
  if (!tooltip) return planOfSpots(map, node, spots ? spots() : []);
  const { width, height } = node.getBoundingClientRect();
  const anchor = layer.getElement()?.getBoundingClientRect();
  if (!anchor || !width) return null;
  const [x, y] = [(anchor.left + anchor.right) / 2, (anchor.top + anchor.bottom) / 2];
  const gap = label.gap ??= gapOf(tooltip);
  const first = label.side ??= /** @type {Side} */ (tooltip.options.direction);
  const sides = [first, ...SIDES.filter((side) => side !== first)].map((side) => ({ side, offset: OFFSETS[side](gap) }));
  for (const side of UPRIGHT) for (const share of [0.35, -0.35]) sides.push({ side, offset: [share * width, OFFSETS[side](gap)[1]] });
  return { node, at: { x, y }, sides: sides.map((candidate) => ({ ...candidate, box: boxAt(x + candidate.offset[0], y + candidate.offset[1], width, height, candidate.side) })) };
}

/** @type {Record<Side, (gap: number) => [number, number]>} */
const OFFSETS = { right: (gap) => [gap, 0], left: (gap) => [-gap, 0], top: (gap) => [0, -gap], bottom: (gap) => [0, gap] };

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {Side} side
 */
function boxAt(x, y, width, height, side) {
  const left = { right: x, left: x - width, top: x - width / 2, bottom: x - width / 2 }[side];
  const top = { right: y - height / 2, left: y - height / 2, top: y - height, bottom: y }[side];
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * @param {LeafletMap} map
 * @param {HTMLElement} node
 * @param {LatLng[]} spots
 */
function planOfSpots(map, node, spots) {
  const { width, height } = node.firstElementChild?.getBoundingClientRect() ?? { width: 0, height: 0 };
  if (!width) return null;
  const { left, top } = map.getContainer().getBoundingClientRect();
  const sides = spots.map((spot) => {
    const point = map.latLngToContainerPoint(spot);
    const [x, y] = [point.x + left, point.y + top];
    return { spot, box: { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 } };
  });
  return { node, sides };
}

/**
 * @param {LabelLayer} layer
 * @param {LabelCandidate} candidate
 */
function moveTooltip(layer, { side, offset }) {
  const tooltip = layer.getTooltip();
  if (!tooltip || tooltip.options.direction === side && String(tooltip.options.offset) === String(offset)) return;
  Object.assign(tooltip.options, { direction: side, offset });
  tooltip.update();
}

// A label whose position is in view must fit on the screen.
/**
 * @param {Box} box
 * @param {LabelPlan["at"]} at
 */
const onScreen = (box, at) => !at || at.x < 0 || at.x > innerWidth || at.y < 0 || at.y > innerHeight
  || (box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight);
/** @param {LeafletTooltip} tooltip */
const gapOf = ({ options: { offset } }) => Math.max(4, ...(Array.isArray(offset) ? offset.map(Math.abs) : []));
/**
 * @param {Box} box
 * @param {number} by
 */
const shrunk = (box, by) => ({ left: box.left + by, right: box.right - by, top: box.top + by, bottom: box.bottom - by });
// Symbols that overlap share their surroundings: none of them blocks the label of another.
/**
 * @param {Box} a
 * @param {Box} b
 */
const beside = (a, b) => Math.hypot(a.left - b.left, a.top - b.top) < 16;
/**
 * @param {Box} a
 * @param {Box} b
 */
const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
