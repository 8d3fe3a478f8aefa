// The server serves Leaflet beside the scripts; its types are those of the package @types/leaflet.
declare module "*/leaflet-src.esm.js" {
  export * from "leaflet";
}
