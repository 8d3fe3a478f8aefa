// What is known of a feature: how well it is placed, what was assumed, who said it, and what can be measured from it.

import { element } from "../core/dom.js";
import { boot, isolated, label, lang, nameOf, quantity, radius, said, word } from "../core/i18n.js";

const EDITABLE = ["site", "event", "place"];

/** @returns {HTMLElement} the content of a feature's popup; `named` gives another feature's name by id. */
export function popup(entry, named) {
  const p = entry.feature.properties;
  return element("div", { class: "popup", tabindex: "-1", role: "group", "aria-label": nameOf(p) },
    element("h2", {}, nameOf(p)),
    element("p", { class: "note" }, kindOf(p)),
    p.date_text && element("p", {}, said(p.date_text), record(p)),
    element("p", {}, `${word("uncertainty")}: `, uncertainty(p)),
    p.placeholder && !p.illustration && element("p", { class: "mark" }, word("placeholder_long")),
    p.illustration && element("p", { class: "mark" }, word("illustration")),
    ...["summary", "identification", "derived", "note"].map((key) => p[key] && element("p", {}, said(p[key]))),
    casualties(p), more("actors", actors(p)), more("relations", relations(p, named)),
    more("figures", statements(p)), more("sources", sources(p)),
    more("further_sources", further(entry.feature.id, p).map((id) => [source(id)])),
    p.as_of && element("p", { class: "note" }, word("as_of", { date: p.as_of })),
    tools(entry));
}

function kindOf(p) {
  const kind = p.event_type ? label("event_type", p.event_type) : label("kind", p.kind);
  return p.identification && !p.placeholder ? `${kind} · ${word("identified")}` : kind;
}

/** @returns {Node | string} how well a position is known, in words or as a radius. */
export function uncertainty(p) {
  const metres = p.coordinateUncertaintyInMeters;
  if (typeof metres === "number") return quantity(radius(metres));
  return p.area ? word("by_area") : word("unknown");
}

function record(p) {
  const held = p.record_date;
  if (!held) return "";
  const days = held.date || (held.date_start === held.date_end ? held.date_start : `${held.date_start} – ${held.date_end}`);
  return element("small", {}, word("record_date", { date: "" }), element("bdi", { dir: "ltr" }, [days, held.time].filter(Boolean).join(" ")));
}

function casualties(p) {
  const parts = [];
  for (const key of ["killed", "wounded"]) {
    const held = p[key];
    if (!held) continue;
    const spread = held.low === held.high ? String(held.best) : `${held.low}–${held.high ?? "…"}`;
    parts.push(element("span", {}, element("bdi", { dir: "ltr" }, spread), ` ${word(key)}`));
  }
  return parts.length ? element("p", {}, ...parts.flatMap((part, index) => (index ? [" · ", part] : [part]))) : null;
}

function more(key, items) {
  if (!items.length) return null;
  return element("details", {}, element("summary", {}, word(key), ` (${items.length})`),
    element("ul", {}, ...items.map((item) => element("li", {}, ...[item].flat()))));
}

const actorName = (id) => (boot.actors[id] ? boot.actors[id][`name_${lang}`] : id);

function actors(p) {
  const alleged = (p.alleged_actors || []).map((id) => [actorName(id), ` (${word("alleged")})`]);
  return [...(p.actors || []).map((id) => [actorName(id)]), ...alleged];
}

function relations(p, named) {
  return (p.relations || []).map((one) => [
    `${label("relation", one.type)}: `, boot.actors[one.to] ? actorName(one.to) : element("button", { type: "button", class: "link", onclick: () => go(one.to) }, named(one.to)),
    one.on ? ` → ${actorName(one.on)}` : "",
  ]);
}

const go = (id) => document.dispatchEvent(new CustomEvent("masafa:select", { detail: id }));

function statements(p) {
  const figures = (p.figures || []).map((one) => [
    said(one.what), ": ", element("bdi", { dir: "ltr" }, span(one)), " · ", element("bdi", { dir: "ltr" }, one.as_of || ""), " ", source(one.source),
  ]);
  const others = (p.statements || []).map((one) => [
    one.text ? said(one.text) : counted(one), one.note ? ` (${said(one.note)})` : "", one.date ? ` · ${isolated(one.date)} ` : " ", source(one.source),
  ]);
  return [...figures, ...others];
}

const span = (one) => (one.low === one.high && one.low !== null ? String(one.low) : `${one.low ?? "≤"}–${one.high ?? "…"}`).replace("≤–", "≤ ");

function counted(one) {
  return ["killed", "wounded"].filter((key) => one[key]).map((key) => `${span(one[key])} ${word(key)}`).join(" · ") || word("not_said");
}

function source(id) {
  const held = boot.sources[id];
  const text = held ? held.outlet || held.author || held.title || id : id;
  return element("a", { href: `/sources?lang=${lang}#${id}` }, element("bdi", {}, text));
}

function sources(p) {
  return (p.sources || []).map((id) => [source(id)]);
}

/** @returns {string[]} the sources that were attached to a feature, and that are not named with it already. */
export function further(id, p) {
  const named = [...(p.sources || []), ...[...(p.figures || []), ...(p.statements || [])].map((one) => one.source)];
  return (boot.speaking[id] || []).filter((one) => !named.includes(one));
}

function tools(entry) {
  const { feature } = entry;
  if (!feature.geometry && !feature.properties.area) return null;
  const ask = (mode) => () => document.dispatchEvent(new CustomEvent("masafa:measure", { detail: { mode, id: feature.id } }));
  const modes = [["distance", "measure_from"], ["border", "measure_border"], ["rings", "measure_rings"]];
  const edit = () => document.dispatchEvent(new CustomEvent("masafa:edit", { detail: { layer: entry.layer, id: feature.id } }));
  return element("p", { class: "popup-tools" },
    ...modes.map(([mode, key]) => element("button", { type: "button", onclick: ask(mode) }, word(key))),
    EDITABLE.includes(entry.kind) && element("button", { type: "button", onclick: edit }, word("edit")));
}
