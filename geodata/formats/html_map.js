// The script of the single-file map: draws the layers of the page's JSON and lists them. Text only by textContent.
"use strict";

function masafaSheets(map) {
  const data = JSON.parse(document.getElementById("masafa-data").textContent);
  let lang = data.lang;
  const groups = new Map();
  const days = { from: "", to: "" };
  const labels = [];
  const scale = L.control.scale({ imperial: false }).addTo(map);
  const shown = new Map(data.layers.map((layer) => [layer.id, layer.visible]));

  /** The positions of a path that was written as steps of a thousandth of a degree; of nested paths, each. */
  function walked(steps) {
    if (typeof steps[0] !== "number") return steps.map(walked);
    const path = [];
    for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) path.push([(x += steps[at]) / 1000, (y += steps[at + 1]) / 1000]);
    return path;
  }

  const say = (key) => data.strings[key][lang];
  const name = (properties) => properties[`name_${lang}`] || properties.name_en || "";
  // Between two numbers a comma or a dash takes the direction of an Arabic sentence, and their parts change places.
  const RUN = /[\u2066-\u2068][^\u2069]*\u2069|([-−]?\d+\.\d+\s*[,،;]\s*[-−]?\d+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?\s*[–±]\s*\d+(?:\.\d+)?)/gu;
  const isolated = (text) => text.replace(RUN, (all, run) => (run ? `\u2066${run}\u2069` : all));
  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text) made.textContent = lang === "ar" ? isolated(String(text)) : text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // As geodata.analysis.number_format.radius writes it: kilometres, rounded up to two digits.
  function radius(metres) {
    const parts = Math.ceil(metres * 1e4 - 1e-6);
    const place = 10 ** Math.max(0, String(parts).length - 2);
    return ((Math.ceil(parts / place) * place) / 1e7).toFixed(7).replace(/\.?0+$/, "");
  }

  const STYLES = {
    backdrop: { color: "#e2dccf", weight: 0, fillColor: "#eae5da", fillOpacity: 1 },
    lake: { color: "#8db4cc", weight: 0.6, fillColor: "#c4dae6", fillOpacity: 1 },
    country: { color: "#8c8474", weight: 0.8, fillColor: "#f8f5ef", fillOpacity: 1 },
    territory: { color: "#8c8474", weight: 0.8, fillColor: "#f8f5ef", fillOpacity: 1 },
    governorate: { color: "#d8d0c1", weight: 1, fill: false },
    region: { color: "#d8d0c1", weight: 1, dashArray: "2 4", fill: false },
    river: { color: "#8db4cc", weight: 1.7 },
    border: { color: "#3f3a33", weight: 2.2 },
    wall: { color: "#b4560e", weight: 4.6, dashArray: "9 5" },
  };
  // What was measured, by its role.
  const ROLES = {
    distance: { color: "#0b4f8a", weight: 2.4, dashArray: "6 4" },
    ring: { color: "#0b4f8a", weight: 1.6, fillOpacity: 0.06 },
    band: { color: "#0b4f8a", weight: 0, fillOpacity: 0.14 },
    gap: { color: "#9c2a2a", weight: 5 },
    covered: { color: "#0f6b63", weight: 5 },
  };
  const OTHER = { color: "#5c5a52", weight: 1, fillOpacity: 0.07 };
  const COLOURS = {
    prison: "#9c2a2a", camp: "#0f6b63", air_base: "#4a3f8c", airport: "#4a3f8c", outpost: "#4a3f8c",
    headquarters: "#4a3f8c", event: "#9a3412",
  };
  const FIRST = [[33.9, 39.9], [37.2, 42.9]];

  function popup(feature, layer) {
    const p = feature.properties;
    const box = element("div", null, { lang, dir: lang === "ar" ? "rtl" : "ltr" });
    box.append(element("h3", name(p)));
    const kind = data.kinds[p.kind];
    if (kind) box.append(element("small", kind[lang]));
    if (p.date_text) box.append(element("p", p.date_text[lang]));
    if (p.shown) {
      const line = element("p");
      line.append(element("bdi", `${p.shown} ${p.shown_unit}`, { dir: "ltr" }));
      box.append(line);
    }
    if (p.coordinateUncertaintyInMeters) {
      const line = element("p", `${say("uncertainty")} `);
      line.append(element("bdi", radius(p.coordinateUncertaintyInMeters), { dir: "ltr" }), `\u00a0${say("km")}`);
      box.append(line);
    }
    if (p.placeholder) box.append(element("p", say("placeholder")));
    if (p.illustration) box.append(element("p", say("illustration")));
    for (const key of ["identification", "derived", "note"]) {
      if (p[key]) box.append(element("p", p[key][lang]));
    }
    const list = element("ul");
    for (const id of p.sources || layer.sources) {
      const source = data.sources[id] || {};
      // Our description of a source that has no title stands in brackets.
      const title = source.title || (source.supplied_title && `[${source.supplied_title[lang]}]`);
      const line = [title, source.outlet, source.published_on].filter(Boolean).join(" · ");
      list.append(element("li", line || id));
    }
    if (list.children.length) box.append(element("small", say("sources")), list);
    box.append(element("small", `${layer.attribution[lang]} · ${layer.licence}`));
    return box;
  }

  function marker(feature, position, layer) {
    const p = feature.properties;
    const colour = COLOURS[p.kind] || "#22262a";
    if (layer.id === "places" || p.role === "foot") return L.circleMarker(position, { radius: 2, weight: 0, fillColor: "#5c5a52", fillOpacity: 0.8 });
    const parts = [];
    if (p.coordinateUncertaintyInMeters) {
      parts.push(L.circle(position, {
        radius: p.coordinateUncertaintyInMeters, color: colour, weight: 1, fillOpacity: 0.07,
        dashArray: p.placeholder ? "4 4" : null,
      }));
    }
    // A placeholder is an area that may hold the place: it has no point to pin.
    if (!p.placeholder) {
      parts.push(L.circleMarker(position, { radius: 6, color: "#ffffff", weight: 1.6, fillColor: colour, fillOpacity: 1 }));
    }
    return L.featureGroup(parts);
  }

  /** Whether a feature was within the days that are asked for; what has no dates of its own always was. */
  function then({ properties: p }) {
    if (p.kind !== "event" || !(days.from || days.to)) return true;
    return Boolean(p.date_start) && (!days.to || p.date_start <= days.to) && (!days.from || (p.date_end || p.date_start) >= days.from);
  }

  function draw(layer) {
    for (const feature of layer.features) {
      feature.type = "Feature";
      const shape = feature.geometry;
      if (shape && shape.steps) shape.coordinates = walked(shape.steps);
    }
    // Drawn last, on top: the first of the file, which matter most.
    return L.geoJSON({ type: "FeatureCollection", features: layer.features.filter((item) => item.geometry && then(item)).reverse() }, {
      // A style given to a point would paint over what its marker says.
      style: (feature) => (feature.geometry.type.endsWith("Point") ? {} : ROLES[feature.properties.role] || STYLES[feature.properties.kind] || OTHER),
      pointToLayer: (feature, position) => marker(feature, position, layer),
      interactive: layer.id !== "backdrop",
      onEachFeature: (feature, drawn) => {
        if (layer.id !== "backdrop") drawn.bindPopup(() => popup(feature, layer));
        if (layer.id === "sites") {
          const label = L.tooltip({ permanent: true, direction: "right", offset: [8, 0], className: "label" });
          const [lon, lat] = feature.geometry.coordinates;
          label.setLatLng([lat, lon]);
          // Drawn backwards, named forwards.
          labels.unshift({ label, feature, layer });
        }
      },
    });
  }

  /** Write the names that cover none written before them, in the order of the file. */
  function write() {
    const taken = [];
    for (const { label, feature, layer } of labels) {
      label.remove();
      if (!shown.get(layer.id)) continue;
      label.setContent(element("span", name(feature.properties), { dir: "auto" })).addTo(map);
      const box = label.getElement().getBoundingClientRect();
      const meets = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      if (taken.some(meets)) label.remove();
      else taken.push(box);
    }
  }

  /** Bring bounds into the part of the map that the panel leaves free. */
  function fit(bounds, maxZoom) {
    const box = document.getElementById("panel").getBoundingClientRect();
    const narrow = box.width > innerWidth / 2;
    const side = narrow ? 20 : box.width + 30;
    map.fitBounds(bounds, {
      paddingTopLeft: [lang === "ar" ? 20 : side, 20],
      paddingBottomRight: [lang === "ar" ? side : 20, narrow ? box.height + 20 : 20],
      maxZoom, animate: false,
    });
  }

  function toggle(id, on) {
    shown.set(id, on);
    for (const layer of data.layers) groups.get(layer.id).remove();
    // Added anew in the order of the file, so that what is drawn on top never depends on what was clicked last.
    for (const layer of data.layers) if (shown.get(layer.id)) groups.get(layer.id).addTo(map);
    write();
  }

  function show(feature, layer) {
    if (!shown.get(layer.id)) toggle(layer.id, true);
    panel();
    const drawn = groups.get(layer.id).getLayers().find((item) => item.feature === feature);
    const bounds = drawn.getBounds ? drawn.getBounds() : L.latLngBounds([drawn.getLatLng()]);
    fit(bounds, 10);
    drawn.openPopup(bounds.getCenter());
  }

  function list(layer) {
    const items = element("ul");
    for (const feature of layer.features.filter(then)) {
      const row = element("li");
      const label = name(feature.properties);
      const kind = data.kinds[feature.properties.kind];
      const line = feature.geometry ? element("button", label, { class: "place", type: "button" }) : element("span", label);
      if (feature.geometry) line.addEventListener("click", () => show(feature, layer));
      line.append(element("small", [kind && kind[lang], feature.geometry ? "" : say("unplaced")].filter(Boolean).join(" · ")));
      row.append(line);
      items.append(row);
    }
    return items;
  }

  /** What is drawn how: the kinds that are in the map, a circle of uncertainty, a placeholder. */
  function legend() {
    const items = element("ul");
    const entry = (label, style) => {
      const row = element("li");
      const sign = element("span", null, { class: "sign", "aria-hidden": "true" });
      Object.assign(sign.style, style);
      row.append(sign, element("span", label));
      items.append(row);
    };
    const kinds = new Set(data.layers.flatMap((layer) => layer.features.map((feature) => feature.properties.kind)));
    for (const kind of kinds) {
      const line = STYLES[kind];
      if (kind === "backdrop" || !data.kinds[kind] || !(line || COLOURS[kind])) continue;
      if (!line) entry(data.kinds[kind][lang], { background: COLOURS[kind], borderRadius: "50%", inlineSize: "12px", marginInline: "4px" });
      else if (line.fillColor) entry(data.kinds[kind][lang], { background: line.fillColor, border: `1px solid ${line.color}` });
      else entry(data.kinds[kind][lang], { blockSize: "0", borderTop: `${Math.max(2, line.weight)}px ${line.dashArray ? "dashed" : "solid"} ${line.color}` });
    }
    entry(say("circle"), { border: "1px solid #22262a", borderRadius: "50%", background: "#22262a12", inlineSize: "12px", marginInline: "4px" });
    entry(say("somewhere"), { border: "1px dashed #22262a", borderRadius: "50%", inlineSize: "12px", marginInline: "4px" });
    const box = element("details", null, { id: "legend" });
    box.append(element("summary", say("legend")), items);
    return box;
  }

  /** The list twin of the map, with a word on what the chosen days leave out for want of a date. */
  function fill(box) {
    const lists = data.layers.filter((layer) => layer.id === "sites" || layer.id === "events");
    box.replaceChildren(...lists.flatMap((layer) => [element("h2", layer.title[lang]), list(layer)]));
    const undated = lists.flatMap((layer) => layer.features).filter((item) => item.properties.kind === "event" && !item.properties.date_start);
    if (undated.length && (days.from || days.to)) box.append(element("small", `${say("undated")} ${undated.length}`));
  }

  function time(lists) {
    const box = element("div", null, { id: "time" });
    for (const end of ["from", "to"]) {
      const label = element("label");
      const input = element("input", null, { type: "date" });
      input.value = days[end];
      input.addEventListener("change", () => {
        days[end] = input.value;
        map.closePopup();
        const layer = data.layers.find((one) => one.id === "events");
        groups.get(layer.id).remove();
        groups.set(layer.id, draw(layer));
        toggle(null, false);
        fill(lists);
      });
      label.append(element("span", say(end)), input);
      box.append(label);
    }
    return box;
  }

  function panel() {
    document.documentElement.lang = lang;
    document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
    map.zoomControl.setPosition(lang === "ar" ? "topleft" : "topright");
    scale.setPosition(lang === "ar" ? "bottomleft" : "bottomright");
    const box = document.getElementById("panel");
    box.setAttribute("aria-label", say("layers"));
    const head = element("header");
    const other = element("button", lang === "ar" ? "English" : "العربية", { class: "switch", type: "button" });
    other.addEventListener("click", () => { lang = lang === "ar" ? "en" : "ar"; map.closePopup(); panel(); write(); });
    head.append(element("h1", say("title")), other);
    const layers = element("div");
    for (const layer of data.layers) {
      const label = element("label");
      const input = element("input", null, { type: "checkbox" });
      input.checked = shown.get(layer.id);
      input.addEventListener("change", () => toggle(layer.id, input.checked));
      label.append(input, element("span", layer.title[lang]));
      layers.append(label);
    }
    const lists = element("div");
    fill(lists);
    const dated = data.layers.some((layer) => layer.id === "events") ? [element("h2", say("time")), time(lists)] : [];
    box.replaceChildren(head, element("h2", say("layers")), layers, legend(), ...dated, lists,
      element("small", say("notice")), element("small", say("boundary")));
    const credit = [...new Set(data.layers.map((layer) => `${layer.attribution[lang]} (${layer.licence})`))];
    box.append(element("small", `${credit.join(" · ")} · Leaflet © Volodymyr Agafonkin (BSD-2-Clause)`));
  }

  map.attributionControl.setPrefix(false);
  for (const layer of data.layers) groups.set(layer.id, draw(layer));
  panel();
  fit(FIRST, 9);
  toggle(null, false);
  // A circle has no bounds before it is on the map.
  const bounds = groups.has("result") && groups.get("result").getBounds();
  if (bounds && bounds.isValid()) fit(bounds, 10);
  map.on("zoomend", write);
}
