// The position of the feature that is edited: a draggable pin with its circle of uncertainty.

import { L } from "../map/leaflet.js";
import { word } from "../core/i18n.js";

/** A draggable pin, and the next click on the map while a position is picked. */
export class Pin {
  /** The radius of uncertainty in metres; drawn only if it is a positive number. */
  metres = 0;

  /**
   * @param {LeafletMap} map
   * @param {(position: string) => void} moved
   */
  constructor(map, moved) {
    this.map = map;
    this.moved = moved;
    this.group = L.layerGroup().addTo(map);
    this.picking = false;
    map.on("click", ({ latlng }) => { if (this.picking) this.place(latlng.wrap()); });
    document.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.stop(); });
  }

  /** Use the next click on the map as the position. */
  pick() {
    this.picking = true;
    document.body.classList.add("picking");
  }

  stop() {
    this.picking = false;
    document.body.classList.remove("picking");
  }

  /**
   * Place the pin where the map was clicked.
   * @param {LatLng} latlng
   */
  place(latlng) {
    this.stop();
    this.moved(written(latlng));
    this.put({ geometry: { type: "Point", coordinates: [latlng.lng, latlng.lat] }, properties: { coordinateUncertaintyInMeters: this.metres } });
  }

  /**
   * Show a position and its radius; nothing if the geometry is no point.
   * @param {Pick<FeatureDraft, "geometry" | "properties">} draft
   */
  put({ geometry, properties }) {
    this.clear();
    this.metres = Number(properties.coordinateUncertaintyInMeters);
    if (geometry?.type !== "Point") return;
    const [lng, lat] = geometry.coordinates;
    if (!(Math.abs(lat) <= 85 && Math.abs(lng) <= 180)) return;
    const icon = L.divIcon({ className: "edit-pin", iconSize: [22, 22], iconAnchor: [11, 11] });
    const marker = L.marker([lat, lng], { icon, draggable: true, autoPan: true, title: word("edit_drag"), alt: word("edit_drag"), zIndexOffset: 9000 });
    const circle = this.metres > 0 && L.circle([lat, lng], { pane: "measure", radius: this.metres, className: "edit-circle", interactive: false });
    marker.on("drag", () => circle && circle.setLatLng(marker.getLatLng()));
    marker.on("dragend", () => this.moved(written(marker.getLatLng())));
    if (circle) circle.addTo(this.group);
    marker.addTo(this.group);
  }

  clear() {
    this.stop();
    this.group.clearLayers();
  }
}

/** @param {LatLng} latlng */
const written = ({ lat, lng }) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
