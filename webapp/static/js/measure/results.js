// Results in the panel: the figure, its interval, the assumptions, and links to download and cite it.

import * as api from "../core/api.js";
import { element } from "../core/dom.js";
import { countryOf } from "../map/feature-list.js";
import { ringsContent } from "./rings.js";
import { comma, label, lang, localized, quantity, rtl, word } from "../core/i18n.js";

/**
 * Return one result; `act` selects a feature of it.
 * @param {string} analysis
 * @param {Inputs} inputs
 * @param {AnalysisAnswer} answer
 * @param {Act} act
 * @returns {HTMLElement}
 */
export function resultArticle(analysis, inputs, answer, act) {
  const body = "rings" in answer ? [element("h3", {}, headline(answer)), ...ringsContent(answer, act)] : distance(answer);
  return element("article", { class: "result" }, ...body,
    ...assumptions(answer),
    element("details", {}, element("summary", {}, word("method")), element("p", { class: "note" }, localized(answer.method)),
      element("p", { class: "note" }, answer.attribution.map(localized).join(" · ")),
      element("p", { class: "note" }, `${word("result")} `, element("bdi", { dir: "ltr" }, answer.result_id))),
    element("p", { class: "links" },
      element("a", { href: api.executionUrl(analysis, inputs, "geojson"), download: "", "aria-label": word("download_label") }, word("download")),
      element("a", { href: `/report/${analysis}?${new URLSearchParams({ ...inputs, lang })}` }, word("report")),
      answer.citable && element("a", { href: `/r/${answer.result_id}?lang=${lang}` }, word("cite"))));
}

/**
 * Return the heading of a result, in one line.
 * @param {AnalysisAnswer} answer
 * @returns {string}
 */
export function headline(answer) {
  if ("rings" in answer) return `${word("tool_rings")}: ${answer.around.map((place) => localized(place.name)).join(comma)}`;
  return `${localized(answer.name)} ${rtl ? "←" : "→"} ${localized(answer.target_name)}`;
}

/** @param {ProximityAnswer} answer */
function distance(answer) {
  /** @type {([string, Child] | false | null | undefined)[]} */
  const facts = [
    answer.interval_display && [word("interval"), quantity(answer.interval_display)],
    answer.azimuth_display && [word("azimuth"), quantity(answer.azimuth_display)],
    answer.chainage_display && [word("along"), quantity(answer.chainage_display)],
    answer.beyond_end && ["", word("beyond_end")],
    Boolean(answer.side && answer.target_name) && [word("side"), label("side", answer.side)],
    answer.country && [word("country"), countryOf(answer)],
  ];
  return [
    element("h3", {}, headline(answer)),
    element("p", { class: "big" }, quantity(answer.display)),
    element("dl", { class: "facts" }, ...facts.flatMap((fact) => (fact ? [element("dt", {}, fact[0]), element("dd", {}, fact[1])] : []))),
    ...tied(answer),
    sensitivity(answer),
    element("p", { class: "note" }, word("straight")),
  ];
}

/**
 * Return the other feet on the line at the same distance.
 * @param {ProximityAnswer} answer
 */
function tied(answer) {
  if (!answer.tied) return [];
  const feet = (answer.ties || []).map((foot) => element("p", { class: "note" }, foot.target === answer.target
    ? word("tie", { km: `\u2066${foot.chainage_display.number}\u2069`, side: label("side", foot.side) })
    : word("tie_target", { name: localized(foot.target_name) })));
  return answer.ties_more ? [...feet, element("p", { class: "note" }, word("ties_more", { count: answer.ties_more }))] : feet;
}

/**
 * Return the result for each boundary source, to show how much it depends on the choice of line.
 * @param {ProximityAnswer} answer
 */
function sensitivity(answer) {
  const rows = answer.sensitivity || [];
  if (rows.length < 2) return null;
  return element("details", {}, element("summary", {}, word("report_sensitivity")),
    element("ul", {}, ...rows.map((row) => element("li", {}, `${localized(row.line_name)}: `, quantity(row.display)))));
}

/** @param {AnalysisAnswer} answer */
function assumptions(answer) {
  const items = answer.assumptions || [];
  if (!items.length) return [];
  return [element("p", {}, element("strong", {}, `${word("assumed")}: `), items.map(localized).join(" "))];
}
