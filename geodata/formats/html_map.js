// The script of the single-file map: draws the layers of the page's JSON and lists them. Text only by textContent.
"use strict";

/** Draw the layers of the page on a map, with its panel. @param {L.Map} map */
function masafaSheets(map) {
  /** @param {string} id */
  const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  /** @type {MapFile.Data} */
  const data = JSON.parse(find("masafa-data").textContent);
  let { lang } = data;
  /** @type {Map<string, L.FeatureGroup>} */
  const groups = new Map();
  /** @param {string} id */
  const groupOf = (id) => /** @type {L.FeatureGroup} */ (groups.get(id));
  const days = { from: "", to: "" };
  /** @type {MapFile.Label[]} */
  const labels = [];
  const scale = L.control.scale({ imperial: false }).addTo(map);
  /** @type {Map<string | null, boolean>} */
  const shown = new Map(data.layers.map((layer) => [layer.id, layer.visible]));

  /** @param {string} key */
  const say = (key) => data.strings[key][lang];
  /** @param {MapFile.Properties} properties */
  const name = (properties) => properties[`name_${lang}`] || properties.name_en || "";
  /**
   * Return an element with a text and attributes.
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {string | null} [text]
   * @param {Record<string, string>} [attributes]
   */
  function element(tag, text, attributes = {}) {
    const node = document.createElement(tag);
    if (text) node.textContent = lang === "ar" ? masafaIsolated(text) : text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  /** @type {[number, number][]} */
  const FIRST = [[33.9, 39.9], [37.2, 42.9]];

  /** @param {MapFile.Feature} feature @param {MapFile.Layer} layer */
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
      line.append(element("bdi", masafaRadius(p.coordinateUncertaintyInMeters), { dir: "ltr" }), `\u00a0${say("km")}`);
      box.append(line);
    }
    if (p.placeholder) box.append(element("p", say("placeholder")));
    if (p.illustration) box.append(element("p", say("illustration")));
    for (const text of [p.identification, p.derived, p.note]) {
      if (text) box.append(element("p", text[lang]));
    }
    const list = element("ul");
    for (const id of p.sources || layer.sources) {
      const source = data.sources[id] || {};
      // Our description of a source that has no title stands in brackets.
      const title = source.title || (source.supplied_title && `[${source.supplied_title[lang]}]`);
      const line = element("li");
      // Each in its own direction: titles are in many languages.
      for (const part of [title, source.outlet, source.published_on].filter(Boolean)) {
        line.append(line.childNodes.length ? " · " : "", element("bdi", part));
      }
      if (!line.childNodes.length) line.append(id);
      list.append(line);
    }
    if (list.children.length) box.append(element("small", say("sources")), list);
    box.append(element("small", `${layer.attribution[lang]} · ${layer.licence}`));
    return box;
  }

  /** @param {MapFile.Feature} feature @param {L.LatLng} position @param {MapFile.Layer} layer */
  function marker(feature, position, layer) {
    const p = feature.properties;
    const colour = masafaColours[p.kind] || masafaInk;
    if (layer.id === "places" || p.role === "foot") return L.circleMarker(position, { radius: 2, weight: 0, fillColor: "#5c5a52", fillOpacity: 0.8 });
    const parts = [];
    if (p.coordinateUncertaintyInMeters) {
      parts.push(L.circle(position, {
        radius: p.coordinateUncertaintyInMeters, color: colour, weight: 1, fillOpacity: 0.07,
        dashArray: p.placeholder ? "4 4" : undefined,
      }));
    }
    // A placeholder is an area that may hold the place: it has no point to pin.
    if (!p.placeholder) {
      parts.push(masafaSign(position, p.kind, colour));
    }
    return L.featureGroup(parts);
  }

  /** Tell whether a feature was within the days that are chosen; what has no dates always was. @param {MapFile.Feature} feature */
  function then({ properties: p }) {
    if (p.kind !== "event" || !(days.from || days.to)) return true;
    const { date_start: start, date_end: end } = p;
    return Boolean(start) && (!days.to || (start ?? "") <= days.to) && (!days.from || (end || start || "") >= days.from);
  }

  /** @param {MapFile.Layer} layer @returns {L.GeoJSON} */
  function draw(layer) {
    for (const feature of layer.features) {
      feature.type = "Feature";
      const shape = feature.geometry;
      if (shape && shape.steps) shape.coordinates = masafaPositions(shape.steps);
    }
    // Drawn last, on top: the first of the file, which matter most.
    const features = layer.features.filter((item) => item.geometry && then(item)).reverse();
    const collection = /** @type {GeoJSON.FeatureCollection} */ ({ type: "FeatureCollection", features });
    return L.geoJSON(collection, {
      // A style given to a point would paint over what its marker says.
      style: (feature) => (feature?.geometry.type.endsWith("Point") ? {} : masafaRoles[feature?.properties.role] || masafaStyles[feature?.properties.kind] || masafaOther),
      pointToLayer: (feature, position) => marker(/** @type {MapFile.Feature} */ (feature), position, layer),
      interactive: layer.id !== "backdrop",
      onEachFeature: (item, shape) => {
        const feature = /** @type {MapFile.Feature} */ (item);
        if (layer.id !== "backdrop") shape.bindPopup(() => popup(feature, layer));
        if (layer.id === "sites") {
          const label = L.tooltip({ permanent: true, direction: "right", offset: [8, 0], className: "label" });
          const [lon, lat] = /** @type {number[]} */ (/** @type {MapFile.Shape} */ (feature.geometry).coordinates);
          label.setLatLng([lat, lon]);
          // Drawn backwards, named forwards.
          labels.unshift({ label, feature, layer });
        }
      },
    });
  }

  /** Write the names that cover none written before them, in the order of the file. */
  function write() {
    /** @type {DOMRect[]} */
    const boxes = [];
    for (const { label, feature, layer } of labels) {
      label.remove();
      if (!shown.get(layer.id)) continue;
      label.setContent(element("span", name(feature.properties), { dir: "auto" })).addTo(map);
      const box = /** @type {HTMLElement} */ (label.getElement()).getBoundingClientRect();
      /** @param {DOMRect} other */
      const meets = (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      if (boxes.some(meets)) label.remove();
      else boxes.push(box);
    }
  }

  /** Bring bounds into the part of the map that the panel leaves free. @param {L.LatLngBoundsExpression} bounds @param {number} maxZoom */
  function fit(bounds, maxZoom) {
    const box = find("panel").getBoundingClientRect();
    const narrow = box.width > innerWidth / 2;
    const side = narrow ? 20 : box.width + 30;
    map.fitBounds(bounds, {
      paddingTopLeft: [lang === "ar" ? 20 : side, 20],
      paddingBottomRight: [lang === "ar" ? side : 20, narrow ? box.height + 20 : 20],
      maxZoom, animate: false,
    });
  }

  /** @param {string | null} id @param {boolean} on */
  function toggle(id, on) {
    shown.set(id, on);
    for (const layer of data.layers) groupOf(layer.id).remove();
    // Added anew in the order of the file, so that what is drawn on top never depends on what was clicked last.
    for (const layer of data.layers) if (shown.get(layer.id)) groupOf(layer.id).addTo(map);
    write();
  }

  /** @param {MapFile.Feature} feature @param {MapFile.Layer} layer */
  function show(feature, layer) {
    if (!shown.get(layer.id)) toggle(layer.id, true);
    panel();
    const shapes = /** @type {MapFile.Drawn[]} */ (groupOf(layer.id).getLayers());
    const shape = /** @type {MapFile.Drawn} */ (shapes.find((item) => item.feature === feature));
    const bounds = shape.getBounds ? shape.getBounds() : L.latLngBounds([/** @type {L.Marker} */ (shape).getLatLng()]);
    fit(bounds, 10);
    shape.openPopup(bounds.getCenter());
  }

  /** @param {MapFile.Layer} layer */
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
    /** @param {string} label @param {Record<string, string>} style */
    const entry = (label, style) => {
      const row = element("li");
      const sign = element("span", null, { class: "sign", "aria-hidden": "true" });
      Object.assign(sign.style, style);
      row.append(sign, element("span", label));
      items.append(row);
    };
    const kinds = new Set(data.layers.flatMap((layer) => layer.features.map((feature) => feature.properties.kind)));
    for (const kind of kinds) {
      const line = masafaStyles[kind];
      if (kind === "backdrop" || !data.kinds[kind] || !(line || masafaColours[kind] || masafaOutlines[kind])) continue;
      if (!line) entry(data.kinds[kind][lang], { background: masafaColours[kind] || masafaInk, clipPath: masafaClip(kind), inlineSize: "12px", marginInline: "4px" });
      else if (line.fillColor) entry(data.kinds[kind][lang], { background: line.fillColor, border: `1px solid ${line.color}` });
      else entry(data.kinds[kind][lang], { blockSize: "0", borderTop: `${Math.max(2, line.weight ?? 0)}px ${line.dashArray ? "dashed" : "solid"} ${line.color}` });
    }
    entry(say("circle"), { border: "1px solid #22262a", borderRadius: "50%", background: "#22262a12", inlineSize: "12px", marginInline: "4px" });
    entry(say("somewhere"), { border: "1px dashed #22262a", borderRadius: "50%", inlineSize: "12px", marginInline: "4px" });
    const box = element("details", null, { id: "legend" });
    box.append(element("summary", say("legend")), items);
    return box;
  }

  /**
   * Write the list twin of the map, with a word on what the chosen days leave out for want of a date.
   * @param {HTMLElement} box
   */
  function fill(box) {
    const lists = data.layers.filter((layer) => layer.id === "sites" || layer.id === "events");
    box.replaceChildren(...lists.flatMap((layer) => [element("h2", layer.title[lang]), list(layer)]));
    const undated = lists.flatMap((layer) => layer.features).filter((item) => item.properties.kind === "event" && !item.properties.date_start);
    if (undated.length && (days.from || days.to)) box.append(element("small", `${say("undated")} ${undated.length}`));
  }

  /** @param {HTMLElement} lists */
  function time(lists) {
    const box = element("div", null, { id: "time" });
    for (const end of /** @type {("from" | "to")[]} */ (["from", "to"])) {
      const label = element("label");
      const input = element("input", null, { type: "date" });
      input.value = days[end];
      input.addEventListener("change", () => {
        days[end] = input.value;
        map.closePopup();
        const layer = /** @type {MapFile.Layer} */ (data.layers.find((item) => item.id === "events"));
        groupOf(layer.id).remove();
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
    const box = find("panel");
    box.setAttribute("aria-label", say("layers"));
    const head = element("header");
    const other = element("button", lang === "ar" ? "English" : "العربية", { class: "switch", type: "button" });
    other.addEventListener("click", () => { lang = lang === "ar" ? "en" : "ar"; map.closePopup(); panel(); write(); });
    head.append(element("h1", say("title")), other);
    const layers = element("div");
    for (const layer of data.layers) {
      const label = element("label");
      const input = element("input", null, { type: "checkbox" });
      input.checked = shown.get(layer.id) ?? false;
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
  const bounds = groups.get("result")?.getBounds();
  if (bounds && bounds.isValid()) fit(bounds, 10);
  map.on("zoomend", write);
}
