// The types that the scripts share: what the server answers, and what is on the map. Read by `tsc` only, never served code.

import type * as Leaflet from "leaflet";

declare module "leaflet" {
  // What Leaflet 1.9 has, and its published types leave out.
  interface Renderer {
    _bounds: Bounds;
    _container?: HTMLElement;
    _update(): void;
  }
  interface Map {
    _stop(): this;
    _animatingZoom: boolean;
  }
  interface Handler {
    moving(): boolean;
  }
  interface Popup {
    _updateLayout(): void;
    _updatePosition(): void;
    _adjustPan(): void;
  }
  namespace Control {
    interface Scale {
      // How the scale writes a distance.
      _updateScale(scale: HTMLElement, text: string, ratio: number): void;
    }
  }
}

declare global {
  type LeafletMap = Leaflet.Map;
  type LeafletLayer = Leaflet.Layer;
  type LeafletMarker = Leaflet.Marker;
  type LeafletPopup = Leaflet.Popup;
  type LeafletTooltip = Leaflet.Tooltip;
  type LeafletGroup = Leaflet.LayerGroup;
  type LeafletFeatureGroup = Leaflet.FeatureGroup;
  type LeafletGeoJSON = Leaflet.GeoJSON;
  type LatLng = Leaflet.LatLng;
  type LatLngBounds = Leaflet.LatLngBounds;
  type LatLngExpression = Leaflet.LatLngExpression;

  // Texts and figures

  type Language = "en" | "ar";
  interface LocalizedText { en: string; ar: string }
  /** A figure as the server rounded and wrote it, with its unit. */
  interface Quantity { number: string; unit: string }
  interface Range { low: number | null; high: number | null }
  interface CountRange extends Range { best?: number | null }

  // Elements

  type Child = Node | string | number | false | null | undefined;
  type AttributeValue = string | number | boolean | null | undefined;
  interface Attributes {
    onclick?: (event: MouseEvent) => unknown;
    onchange?: (event: Event) => unknown;
    oninput?: (event: Event) => unknown;
    onsubmit?: (event: SubmitEvent) => unknown;
    onkeydown?: (event: KeyboardEvent) => unknown;
    [name: string]: AttributeValue | ((event: never) => unknown);
  }
  /** An element with a value: a field of a form. */
  type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

  // The page

  interface LayerInfo {
    id: string; title: LocalizedText; count: number; version: string; kind: string;
    large: boolean; hidden: boolean; attribution: LocalizedText; licence: string;
  }
  interface SourceInfo { title: string | null; outlet: string | null; author: string | null }
  interface ActorInfo { name_en: string; name_ar: string }
  /** What a page begins with: webapp/page_context.py. The sections at the end are those of single pages. */
  interface PageContext {
    lang: Language;
    reference: string;
    words: Record<string, string>;
    vocabulary: Record<string, Record<string, LocalizedText>>;
    layers: LayerInfo[];
    actors: Record<string, ActorInfo>;
    sources: Record<string, SourceInfo>;
    speaking: Record<string, string[]>;
    /** Pages that take files. */
    signed_in: boolean;
    /** The map. */
    claim: string;
    claim_features: string[];
    editing: { layers: string[]; who: string } | null;
    /** The page of a layer of events. */
    events: { layer: string; formats: { name: string; title: LocalizedText }[]; signed_in: boolean };
    /** The ruler. */
    ruler: { line: string; layer: string | null; inputs: Inputs; start_m: number; end_m: number };
  }
  /** Parameters of an analysis or of a query, as the address takes them. */
  type Inputs = Record<string, string | number | undefined>;
  /** Parameters of the page's address; null removes one. */
  type Params = Record<string, string | null | undefined>;

  // Features

  interface Relation { type: string; to: string; on?: string | null }
  /** A relation with the event that has it. */
  interface Tie extends Relation { from: string }
  interface Figure extends Range { what: LocalizedText; as_of?: string | null; source: string }
  interface Statement {
    text?: LocalizedText; killed?: CountRange; wounded?: CountRange; note?: LocalizedText; date?: string; source: string;
  }
  interface EventDates { date_start?: string | null; date_end?: string | null; date_precision?: string | null }
  interface FeatureProperties extends EventDates {
    name_en?: string | null;
    name_ar?: string | null;
    kind?: string | null;
    event_type?: string | null;
    precision?: string | null;
    priority?: number;
    population?: number;
    placeholder?: boolean;
    illustration?: boolean;
    area?: string | null;
    coordinateUncertaintyInMeters?: number | null;
    date_text?: LocalizedText;
    record_date?: { date?: string; date_start?: string; date_end?: string; time?: string };
    summary?: LocalizedText;
    identification?: LocalizedText;
    derived?: LocalizedText;
    note?: LocalizedText;
    as_of?: string;
    killed?: CountRange;
    wounded?: CountRange;
    actors?: string[];
    alleged_actors?: string[];
    relations?: Relation[];
    figures?: Figure[];
    statements?: Statement[];
    sources?: string[];
    aliases?: string[];
  }
  interface Feature<P = FeatureProperties, G = GeoJSON.Geometry | null> { type: "Feature"; id: string; geometry: G; properties: P }
  interface FeatureCollection<P = FeatureProperties> { type: "FeatureCollection"; features: Feature<P>[] }
  /** A geometry that is neither several of its kind nor a collection. */
  type SimpleGeometry = GeoJSON.Point | GeoJSON.LineString | GeoJSON.Polygon;

  /** A feature on the page: its layer's id and kind, and what is drawn of it. */
  interface SearchHit {
    kind: "place" | "event" | "actor" | "claim" | "source" | "layer" | "page" | "position";
    layer: string; id: string; name: { en: string; ar: string }; label: string; what: string; href: string; lon?: number; lat?: number;
  }
  interface Entry {
    feature: Feature; layer: string; kind: string; markers: LeafletMarker[]; shape: LeafletFeatureGroup | null;
  }
  interface SelectOptions {
    marker?: LeafletMarker | null; at?: LatLng | null; focus?: boolean; open?: boolean; move?: boolean;
  }
  /** Select a feature. */
  type Act = (id: string, options?: SelectOptions) => void;

  // Labels

  interface Box { left: number; top: number; right: number; bottom: number }
  type Side = "left" | "right" | "top" | "bottom";
  type LabelLayer = LeafletMarker;
  interface MapLabel { layer: LabelLayer; priority: number; zooms: [number, number]; spots: (() => LatLng[]) | null; side: Side | null; gap: number | null }
  interface LabelCandidate { box: Box; side?: Side; offset?: [number, number]; spot?: LatLng }
  interface LabelPlan { node: HTMLElement; at?: { x: number; y: number }; sides: LabelCandidate[] }

  // Analyses

  type MeasureMode = "distance" | "border" | "rings";
  type MeasureField = "layer" | "target" | "km";
  type Certainty = "certainly" | "possibly";
  interface Foot { target: string; target_name: LocalizedText; side: string; chainage_display: Quantity }
  interface ProximityItem {
    id: string; name: LocalizedText; display: Quantity | null; country?: { id: string; certain: boolean } | null;
  }
  interface AnswerBase {
    result_id: string;
    citable?: boolean;
    method: LocalizedText;
    attribution: LocalizedText[];
    assumptions?: LocalizedText[];
    inputs: { parameters: { km: number[] } & Record<string, unknown> };
  }
  interface ProximityAnswer extends AnswerBase {
    name: LocalizedText;
    target: string;
    target_name: LocalizedText;
    display: Quantity | null;
    interval_display?: Quantity | null;
    azimuth_display?: Quantity | null;
    chainage_display?: Quantity | null;
    beyond_end?: boolean;
    side?: string | null;
    country?: { id: string; certain: boolean } | null;
    tied?: boolean;
    ties?: Foot[];
    ties_more?: number;
    sensitivity?: { line_name: LocalizedText; display: Quantity | null }[];
  }
  interface ProximityTable { items: ProximityItem[] }
  interface RingArea { around: string; display: Quantity | null }
  interface RingTotals { features: number; events: number; killed: Range | null }
  interface RingItem extends ProximityItem { layer: string; kind: string; country_wide: boolean; placeholder: boolean }
  interface Ring {
    km: number;
    areas: RingArea[];
    certainty_note?: LocalizedText | null;
    totals?: Record<Certainty, RingTotals> | null;
    unlisted: Record<Certainty, number>;
    certainly: RingItem[];
    possibly: RingItem[];
  }
  interface RingsAnswer extends AnswerBase {
    around: { id: string; name: LocalizedText; uncertainty_m: number | null }[];
    rings: Ring[];
    left_out: { id: string; title: LocalizedText }[];
  }
  type AnalysisAnswer = ProximityAnswer | RingsAnswer;
  /** Properties of the drawing of an answer. */
  interface MeasureProperties {
    role: string; radius_m: number; shown: string | null; shown_unit: string; shown_chainage: string | null; azimuth_deg: number | null; km: number;
  }
  interface OverlayContext { group: LeafletFeatureGroup; map: LeafletMap; tooltips: LeafletMarker[] }
  interface MeasureResult {
    mode: MeasureMode; analysis: string; inputs: Inputs; answer: AnalysisAnswer; overlay: MeasurementOverlay;
  }
  interface MeasurementOverlay { group: LeafletFeatureGroup; erase: () => void }

  // Edits

  interface EditTarget { layer: string; id: string | null }
  interface StoredFeature { geometry: GeoJSON.Geometry | null; properties: FeatureProperties & Record<string, unknown> }
  /** A feature as it stands in the form; what is no number is sent as it is typed, and refused with what is allowed. */
  interface FeatureDraft {
    id?: string; by: string; why: string; geometry: GeoJSON.Geometry | null;
    properties: Omit<FeatureProperties, "coordinateUncertaintyInMeters"> & { coordinateUncertaintyInMeters?: number | string | null } & Record<string, unknown>;
  }
  interface EditState extends EditTarget { feature?: StoredFeature; tag?: string | null }
  /** What the server says where somebody else changed the feature meanwhile. */
  interface EditConflict { said?: LocalizedText; detail: string; parameter?: string; theirs?: StoredFeature | null; theirs_tag?: string; id?: string }
  interface ConflictActions { take: () => void; send: (merged: Partial<FeatureDraft>) => void; anew: () => void }
  interface EditEntry {
    number: number; at: string; who: string; why: string | null; operation: "add" | "change" | "delete"; undoes: number | null;
    layer: string; feature: string; before: StoredFeature | null; after: StoredFeature | null;
  }
  interface EditReceipt extends EditEntry { tag: string }
  interface FormActions {
    save: (event: SubmitEvent) => void; cancel: () => void; remove: () => void; layer: (id: string) => void; pick: () => void; typed: () => void;
  }

  // Many events

  type Extent = [west: number, south: number, east: number, north: number];
  type ColourBy = "category" | "actor" | "deaths";
  type RegionMeasure = "count" | "deaths";
  interface FacetItem { id: string; label: string; count: number }
  interface EventSummary {
    count: number; rows: number; areas: number; unplaced: number; flagged: number; extent: Extent | null;
    span: { from: string | null; to: string | null }; facets: Record<string, FacetItem[]>;
  }
  interface AreaCount { area: string; count: number; deaths: number }
  interface RegionItem { id: string; name: string; count: number; deaths: number }
  interface RegionAnswer { items: RegionItem[]; other: number; other_deaths: number }
  interface EventShapeProperties extends FeatureProperties { u: number | null; deaths: number | null; category: string; actor: string }
  type EventShape = Feature<EventShapeProperties>;
  /** The events in view: one by one as columns, or counted by cells [x, y, count, deaths] of Web Mercator. */
  interface EventView {
    mode: "points" | "density"; count: number;
    lon: number[]; lat: number[]; id: string[]; deaths: (number | null)[]; u: (number | null)[]; category: string[]; actor: string[];
    cells: [x: number, y: number, count: number, deaths: number][]; cell: number;
    areas: AreaCount[]; shapes: { features: EventShape[] };
  }
  interface DrawnView extends EventView { regions: RegionAnswer | null }
  type Ranks = Record<"category" | "actor", Map<string, number>>;
  type FacetLabels = Record<"category" | "actor", Map<string, string>>;
  interface AreaHit { area: Entry; count: number; deaths: number }
  type EventHit = { ids: string[] } | AreaHit;
  interface EventRow extends EventDates {
    id: string; name_en?: string | null; name_ar?: string | null; lon: number | null; lat: number | null; geometry?: GeoJSON.Geometry | null;
    shaped: boolean; placeholder?: boolean; area?: string | null; category?: string | null; kind?: string | null; precision?: string | null;
    governorate?: string | null; admin1?: string | null; country?: string | null; coordinateUncertaintyInMeters?: number | null;
    actors?: string[]; sources?: string[]; reported_by?: string | null; notes?: string | null;
    "killed.best"?: number | null; "killed.low"?: number | null; "killed.high"?: number | null;
  }
  interface EventPage { items: (EventRow & { flags?: string[] })[]; page: number; pages: number; count: number }
  /** One event with all columns of its file. */
  interface EventDetails extends EventRow {
    killed?: CountRange | null; flags?: { label: LocalizedText }[]; original?: Record<string, unknown>; figures?: Figure[]; statements?: Statement[];
  }
  interface EventAnswers { summary: EventSummary; view: EventView; regions: RegionAnswer; time: TimeAnswer; items: EventPage }
  type FilterFollower = (names: string[] | null) => unknown;
  /** Days since 1970, both included. */
  interface DaySpan { from: number; to: number }
  type TimeUnit = "day" | "week" | "month" | "year";
  interface TimeBin { start: string; count: number; spread: number; deaths: number }
  interface TimeAnswer { by: TimeUnit; bins: TimeBin[]; undated: number }
  interface TimeScale { x: (day: number) => number; day: (at: number) => number; first: number; last: number }
  interface DatedEntry { entry: Entry; day: string }
  interface Palette {
    ink: string; muted: string; land: string; paper: string; selected: string; halo: string; ranks: string[]; ramp: string[];
  }
  interface CanvasPoint {
    lon: number; lat: number; id: string; deaths: number | null; metres: number | null; rank: number; radius: number; hollow: boolean; at: Leaflet.Point;
  }
  interface CanvasCell { west: number; south: number; east: number; north: number; step: number | null }

  interface Picked { id: string; name: string }

  interface ImportJob { state: string; step: string; rows: number; total: number | null; layer?: string; title?: LocalizedText; address?: string }

  interface DocumentEventMap {
    "masafa:select": CustomEvent<string>;
    "masafa:measure": CustomEvent<{ mode: MeasureMode; id: string }>;
    "masafa:edit": CustomEvent<EditTarget>;
    "masafa:tool": CustomEvent<"edit" | "measure">;
    "masafa:loaded": CustomEvent<undefined>;
    "masafa:sign-in": CustomEvent<undefined>;
  }
}
