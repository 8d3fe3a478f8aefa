// Where the feature that is edited lies: a pin to drag, with the circle of what is not known of its position.

import { L } from "../map/leaflet.js";
import { word } from "../core/i18n.js";

export class Pin {
  constructor(map, moved) {
    this.map = map;
    this.moved = moved;
    this.group = L.layerGroup().addTo(map);
    this.picking = false;
    map.on("click", ({ latlng }) => { if (this.picking) this.taken(latlng.wrap()); });
    document.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.stop(); });
  }

  /** Take the next click on the map as the position. */
  pick() {
    this.picking = true;
    document.body.classList.add("picking");
  }

  stop() {
    this.picking = false;
    document.body.classList.remove("picking");
  }

  taken(latlng) {
    this.stop();
    this.moved(written(latlng));
    this.put({ geometry: { type: "Point", coordinates: [latlng.lng, latlng.lat] }, properties: { coordinateUncertaintyInMeters: this.metres } });
  }

  /** Show a position and its radius; nothing where there is no point. */
  put({ geometry, properties }) {
    this.clear();
    this.metres = properties.coordinateUncertaintyInMeters;
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

const written = ({ lat, lng }) => `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
