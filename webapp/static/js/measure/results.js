// Results in the panel: the figure, its interval, what was assumed, and the way to take it away.

import * as api from "../core/api.js";
import { element } from "../core/dom.js";
import { where } from "../map/feature-list.js";
import { rings } from "./rings.js";
import { comma, label, lang, quantity, rtl, said, word } from "../core/i18n.js";

/** @returns {HTMLElement} one result; `act` selects a feature of it. */
export function result(analysis, inputs, answer, act) {
  const body = analysis === "buffer" ? [element("h3", {}, headline(analysis, answer)), ...rings(answer, act)] : distance(answer);
  return element("article", { class: "result" }, ...body,
    ...assumptions(answer),
    element("details", {}, element("summary", {}, word("method")), element("p", { class: "note" }, said(answer.method)),
      element("p", { class: "note" }, answer.attribution.map(said).join(" · ")),
      element("p", { class: "note" }, `${word("result")} `, element("bdi", { dir: "ltr" }, answer.result_id))),
    element("p", { class: "links" },
      element("a", { href: api.question(analysis, inputs, "geojson"), download: "", "aria-label": word("download_label") }, word("download")),
      element("a", { href: `/report/${analysis}?${new URLSearchParams({ ...inputs, lang })}` }, word("report")),
      answer.citable && element("a", { href: `/r/${answer.result_id}?lang=${lang}` }, word("cite"))));
}

/** @returns {string} what a result answers, in one line. */
export function headline(analysis, answer) {
  if (analysis === "buffer") return `${word("tool_rings")}: ${answer.around.map((one) => said(one.name)).join(comma)}`;
  return `${said(answer.name)} ${rtl ? "←" : "→"} ${said(answer.target_name)}`;
}

function distance(answer) {
  const facts = [
    answer.interval_display && [word("interval"), quantity(answer.interval_display)],
    answer.azimuth_display && [word("azimuth"), quantity(answer.azimuth_display)],
    answer.chainage_display && [word("along"), quantity(answer.chainage_display)],
    answer.beyond_end && ["", word("beyond_end")],
    answer.side && answer.target_name && [word("side"), label("side", answer.side)],
    answer.country && [word("country"), where(answer)],
  ].filter(Boolean);
  return [
    element("h3", {}, headline("distance", answer)),
    element("p", { class: "big" }, quantity(answer.display)),
    element("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    ...tied(answer),
    sensitivity(answer),
    element("p", { class: "note" }, word("straight")),
  ];
}

/** Other feet on the line that are as near. */
function tied(answer) {
  if (!answer.tied) return [];
  const feet = (answer.ties || []).map((foot) => element("p", { class: "note" }, foot.target === answer.target
    ? word("tie", { km: `\u2066${foot.chainage_display.number}\u2069`, side: label("side", foot.side) })
    : word("tie_target", { name: said(foot.target_name) })));
  return answer.ties_more ? [...feet, element("p", { class: "note" }, word("ties_more", { count: answer.ties_more }))] : feet;
}

/** The same question by each boundary source held: how much the answer hangs on whose line it is. */
function sensitivity(answer) {
  const rows = answer.sensitivity || [];
  if (rows.length < 2) return null;
  return element("details", {}, element("summary", {}, word("report_sensitivity")),
    element("ul", {}, ...rows.map((row) => element("li", {}, `${said(row.line_name)}: `, quantity(row.display)))));
}

function assumptions(answer) {
  const held = answer.assumptions || [];
  if (!held.length) return [];
  return [element("p", {}, element("strong", {}, `${word("assumed")}: `), held.map(said).join(" "))];
}
