// The popup of a feature: its uncertainty, assumptions, statements and sources, and what can be measured from it.

import { lockedButton } from "../ui/lock.js";
import { element } from "../core/dom.js";
import { isolated, label, lang, localized, nameOf, pageContext, quantity, radius, word } from "../core/i18n.js";

const EDITABLE = ["site", "event", "place"];
/** @type {("killed" | "wounded")[]} */
const COUNTS = ["killed", "wounded"];
/** @type {[MeasureMode, string][]} */
const MODES = [["distance", "measure_from"], ["border", "measure_border"], ["rings", "measure_rings"]];

/**
 * Return the content of a feature's popup; `named` returns the name of another feature.
 * @param {Entry} entry
 * @param {(id: string) => string} named
 * @returns {HTMLElement}
 */
export function popupContent(entry, named) {
  const p = entry.feature.properties;
  return element("div", { class: "popup", tabindex: "-1", role: "group", "aria-label": nameOf(p) },
    element("h2", {}, nameOf(p)),
    element("p", { class: "note" }, kindOf(p)),
    p.date_text && element("p", {}, localized(p.date_text), recordDate(p)),
    element("p", {}, `${word("uncertainty")}: `, uncertainty(p)),
    p.placeholder && !p.illustration && element("p", { class: "mark" }, word("placeholder_long")),
    p.illustration && element("p", { class: "mark" }, word("illustration")),
    ...[p.summary, p.identification, p.derived, p.note].map((text) => text && element("p", {}, localized(text))),
    casualties(p), more("actors", actors(p)), more("relations", relations(p, named)),
    more("figures", statements(p)), more("sources", sources(p)),
    more("further_sources", furtherSources(entry.feature.id, p).map((id) => [source(id)])),
    p.as_of && element("p", { class: "note" }, word("as_of", { date: p.as_of })),
    tools(entry));
}

/** @param {FeatureProperties} p */
function kindOf(p) {
  const kind = p.event_type ? label("event_type", p.event_type) : label("kind", p.kind);
  return p.identification && !p.placeholder ? `${kind} · ${word("identified")}` : kind;
}

/**
 * Return the uncertainty of a position, as a radius or in words.
 * @param {FeatureProperties} p
 * @returns {Node | string}
 */
export function uncertainty(p) {
  const metres = p.coordinateUncertaintyInMeters;
  if (typeof metres === "number") return quantity(radius(metres));
  return p.area ? word("by_area") : word("unknown");
}

/** @param {FeatureProperties} p */
function recordDate(p) {
  const date = p.record_date;
  if (!date) return "";
  const days = [...new Set([date.date || date.date_start, date.date || date.date_end])].map((day) => isolated(day ?? "")).join(" – ");
  return element("small", {}, word("record_date", { date: "" }), element("bdi", {}, [days, date.time].filter(Boolean).join(" ")));
}

/** @param {FeatureProperties} p */
function casualties(p) {
  const parts = [];
  for (const key of COUNTS) {
    const count = p[key];
    if (!count) continue;
    const spread = count.low === count.high ? String(count.best) : `${count.low}–${count.high ?? "…"}`;
    parts.push(element("span", {}, element("bdi", { dir: "ltr" }, spread), ` ${word(key)}`));
  }
  return parts.length ? element("p", {}, ...parts.flatMap((part, index) => (index ? [" · ", part] : [part]))) : null;
}

/**
 * @param {string} key
 * @param {Child[][]} items
 */
function more(key, items) {
  if (!items.length) return null;
  return element("details", {}, element("summary", {}, word(key), ` (${items.length})`),
    element("ul", {}, ...items.map((item) => element("li", {}, ...item))));
}

/** @param {string} id */
const actorName = (id) => (pageContext.actors[id] ? pageContext.actors[id][`name_${lang}`] : id);

/** @param {FeatureProperties} p */
function actors(p) {
  const alleged = (p.alleged_actors || []).map((id) => [actorName(id), ` (${word("alleged")})`]);
  return [...(p.actors || []).map((id) => [actorName(id)]), ...alleged];
}

/**
 * @param {FeatureProperties} p
 * @param {(id: string) => string} named
 */
function relations(p, named) {
  return (p.relations || []).map((relation) => [
    `${label("relation", relation.type)}: `, pageContext.actors[relation.to] ? actorName(relation.to) : element("button", { type: "button", class: "link", onclick: () => go(relation.to) }, named(relation.to)),
    relation.on ? ` → ${actorName(relation.on)}` : "",
  ]);
}

/** @param {string} id */
const go = (id) => document.dispatchEvent(new CustomEvent("masafa:select", { detail: id }));

/** @param {FeatureProperties} p */
function statements(p) {
  const figures = (p.figures || []).map((figure) => [
    localized(figure.what), ": ", element("bdi", { dir: "ltr" }, span(figure)), " · ", element("bdi", { dir: "ltr" }, figure.as_of || ""), " ", source(figure.source),
  ]);
  const others = (p.statements || []).map((statement) => [
    statement.text ? localized(statement.text) : counted(statement), statement.note ? ` (${localized(statement.note)})` : "", statement.date ? ` · ${isolated(statement.date)} ` : " ", source(statement.source),
  ]);
  return [...figures, ...others];
}

/** @param {Range} figure */
const span = (figure) => (figure.low === figure.high && figure.low !== null ? String(figure.low) : `${figure.low ?? "≤"}–${figure.high ?? "…"}`).replace("≤–", "≤ ");

/** @param {Statement} statement */
function counted(statement) {
  return COUNTS.flatMap((key) => (statement[key] ? [`${span(statement[key])} ${word(key)}`] : [])).join(" · ") || word("not_said");
}

/** @param {string} id */
function source(id) {
  const record = pageContext.sources[id];
  const text = record ? record.outlet || record.author || record.title || id : id;
  return element("a", { href: `/sources/${encodeURIComponent(id)}?lang=${lang}` }, element("bdi", {}, text));
}

/** @param {FeatureProperties} p */
function sources(p) {
  return (p.sources || []).map((id) => [source(id)]);
}

/**
 * Return the sources that were attached to a feature later, and that it does not name itself.
 * @param {string} id
 * @param {Pick<FeatureProperties, "sources" | "figures" | "statements">} p
 * @returns {string[]}
 */
export function furtherSources(id, p) {
  const named = [...(p.sources || []), ...[...(p.figures || []), ...(p.statements || [])].map((statement) => statement.source)];
  return (pageContext.speaking[id] || []).filter((other) => !named.includes(other));
}

/** @param {Entry} entry */
function tools(entry) {
  const { feature } = entry;
  if (!feature.geometry && !feature.properties.area) return null;
  /** @param {MeasureMode} mode */
  const ask = (mode) => () => document.dispatchEvent(new CustomEvent("masafa:measure", { detail: { mode, id: feature.id } }));
  const edit = () => document.dispatchEvent(new CustomEvent("masafa:edit", { detail: { layer: entry.layer, id: feature.id } }));
  return element("p", { class: "popup-tools" },
    ...MODES.map(([mode, key]) => element("button", { type: "button", onclick: ask(mode) }, word(key))),
    EDITABLE.includes(entry.kind) && (pageContext.signed_in ? element("button", { type: "button", onclick: edit }, word("edit")) : lockedButton("edit")));
}
