// The types of html_map.js: what html.py writes into a map. Read by `tsc` only.

declare namespace MapFile {
  type Language = "en" | "ar";
  type Text = Record<Language, string>;
  /** A path as steps of a thousandth of a degree, or nested paths. */
  type Steps = number[] | Steps[];
  type Path = number[][] | Path[];
  interface Shape { type: GeoJSON.GeoJsonGeometryTypes; steps?: Steps; coordinates?: Path | number[] }
  interface Properties {
    kind: string; role?: string; name_en?: string; name_ar?: string; shown?: string; shown_unit?: string;
    coordinateUncertaintyInMeters?: number; placeholder?: boolean; illustration?: boolean;
    identification?: Text; derived?: Text; note?: Text; date_text?: Text; date_start?: string; date_end?: string; sources?: string[];
  }
  interface Feature { type?: "Feature"; geometry: Shape | null; properties: Properties }
  interface Layer {
    id: string; title: Text; version: string; licence: string; attribution: Text; visible: boolean; sources: string[]; features: Feature[];
  }
  interface Source { title?: string | null; supplied_title?: Text | null; outlet?: string | null; published_on?: string | null }
  interface Data {
    lang: Language; strings: Record<string, Text>; kinds: Record<string, Text>; sources: Record<string, Source>; layers: Layer[];
  }
  /** A name that is written on the map, where it covers none before it. */
  interface Label { label: L.Tooltip; feature: Feature; layer: Layer }
  interface Style { color?: string; weight?: number; dashArray?: string; fill?: boolean; fillColor?: string; fillOpacity?: number }
  /** What Leaflet's canvas has of a sign, and its published types leave out. */
  interface Inner {
    _renderer: { _drawing: boolean; _ctx: CanvasRenderingContext2D; _fillStroke(context: CanvasRenderingContext2D, layer: L.Path): void };
    _point: L.Point; _radius: number; options: { kind: string };
  }
  /** What Leaflet draws of a feature: a marker, a circle, a line, or a group of some. */
  type Drawn = L.Layer & { feature?: Feature; getBounds?(): L.LatLngBounds; getLatLng?(): L.LatLng };
}
