// The map is one stop of the Tab key: arrows move among its markers, and none has the focus under what covers the map.

const MARKERS = ".sign, .events-pill";
const STEP = 80;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/**
 * Give a map one marker that Tab reaches; `reveal` brings a marker into the part of the map that nothing covers.
 * @param {LeafletMap} map
 * @param {(marker: LeafletMarker) => void} reveal
 */
export function wireMarkerFocus(map, reveal) {
  const container = map.getContainer();
  /** @type {Map<HTMLElement, LeafletMarker>} */
  const markers = new Map();
  /** @type {HTMLElement | null} */
  let stop = null;
  let waiting = 0;
  const settle = () => {
    waiting = 0;
    if (!container.contains(document.activeElement) || !stop?.isConnected) stop = nearest(map, markers);
    for (const node of markers.keys()) node.tabIndex = node === stop ? 0 : -1;
    // Without a marker the map itself is the stop, and arrows move it.
    container.tabIndex = markers.size ? -1 : 0;
  };
  const settleSoon = () => { waiting ||= requestAnimationFrame(settle); };
  map.on("layeradd", ({ layer }) => {
    const node = /** @type {LeafletMarker} */ (layer).getElement?.();
    if (!node?.matches(MARKERS)) return;
    markers.set(node, /** @type {LeafletMarker} */ (layer));
    settleSoon();
  });
  map.on("layerremove", ({ layer }) => {
    for (const [node, marker] of markers) if (marker === layer) markers.delete(node);
    settleSoon();
  });
  map.on("moveend", settleSoon);
  container.addEventListener("focusin", ({ target }) => {
    const marker = target instanceof HTMLElement && markers.get(target);
    if (!marker) return;
    stop = /** @type {HTMLElement} */ (target);
    settle();
    reveal(marker);
  });
  container.addEventListener("keydown", (event) => {
    const marker = event.target instanceof HTMLElement && markers.get(event.target);
    if (!marker || event.altKey || event.ctrlKey || event.metaKey || !act(map, markers, marker, event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * Do what a key on a marker means: move to the next marker, or the map, or zoom. Tell whether it means anything.
 * @param {LeafletMap} map
 * @param {Map<HTMLElement, LeafletMarker>} markers
 * @param {LeafletMarker} marker
 * @param {KeyboardEvent} event
 */
function act(map, markers, marker, { key, shiftKey }) {
  if (key === "+" || key === "=") map.zoomIn();
  else if (key === "-") map.zoomOut();
  else if (ARROWS[key]) {
    const [x, y] = ARROWS[key];
    const next = shiftKey ? null : towards(map, markers, marker, x, y);
    if (next) next.focus();
    else map.panBy([x * STEP, y * STEP]);
  } else return false;
  return true;
}

/**
 * Return the marker that is next in a direction: one to its side must be nearer than one straight ahead.
 * @param {LeafletMap} map
 * @param {Map<HTMLElement, LeafletMarker>} markers
 * @param {LeafletMarker} from
 * @param {number} x
 * @param {number} y
 */
function towards(map, markers, from, x, y) {
  const origin = map.latLngToContainerPoint(from.getLatLng());
  /** @type {HTMLElement | null} */
  let best = null;
  let least = Infinity;
  for (const [node, marker] of markers) {
    const { x: dx, y: dy } = map.latLngToContainerPoint(marker.getLatLng()).subtract(origin);
    const ahead = dx * x + dy * y;
    const aside = Math.abs(dx * y) + Math.abs(dy * x);
    const cost = ahead + 2 * aside;
    if (marker !== from && ahead > 0 && aside <= 2 * ahead && cost < least) [best, least] = [node, cost];
  }
  return best;
}

/**
 * Return the marker that is nearest to the middle of the map, a selected one before all others.
 * @param {LeafletMap} map
 * @param {Map<HTMLElement, LeafletMarker>} markers
 */
function nearest(map, markers) {
  const middle = map.getSize().divideBy(2);
  /** @param {[HTMLElement, LeafletMarker]} entry */
  const far = ([node, marker]) => (node.classList.contains("selected") ? 0 : map.latLngToContainerPoint(marker.getLatLng()).distanceTo(middle));
  let [best, least] = [/** @type {HTMLElement | null} */ (null), Infinity];
  for (const entry of markers) if (far(entry) < least) [best, least] = [entry[0], far(entry)];
  return best;
}
