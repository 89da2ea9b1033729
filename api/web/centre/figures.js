// Indicators: a table first; every figure says what it is of, its interval and its formula, and leads to its cases.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { moment, percent, say, t } from "/web/shared/words.js";

const REPORTERS = ["administrator", "dispatcher", "evaluator", "supervisor"];
let period = null;

function interval(figure) {
  if (!figure.is_rate || figure.value === null) return null;
  const picture = el("span", { class: "bar", "aria-hidden": "true" }, el("i", { style: `left:0;width:${100 * figure.value}%` }));
  if (figure.low !== null) picture.append(el("u", { style: `left:${100 * figure.low}%;width:${100 * (figure.high - figure.low)}%` }));
  return [picture, figure.low === null ? "" : ` ${percent(figure.low, 0)}–${percent(figure.high, 0)}`];
}

function valueOf(figure) {
  if (figure.value === null) return el("span", { class: "soft" }, t("figures.none"));
  return figure.is_rate ? percent(figure.value, 1) : String(figure.value);
}

function row(figure, name) {
  return el("tr", { "data-figure": figure.name, "aria-current": figure.name === name && "true" },
    el("td", {}, el("a", { href: `#/figures/${figure.name}` }, say(figure.words))),
    el("td", { class: "number value" }, valueOf(figure)),
    el("td", { class: "number" }, figure.is_rate ? `${figure.numerator} / ${figure.denominator}` : ""),
    el("td", { class: "interval" }, interval(figure)),
    el("td", { class: "soft" }, say(figure.formula)));
}

function behind(figure, cases) {
  return el("section", { id: "behind" }, el("h3", {}, `${say(figure.words)} · ${cases.length}`),
    el("ul", {}, cases.map((each) => el("li", {}, el("a", { href: `#/case/${each.id}` }, each.number), ` ${say(each.name)} `,
      figure.is_rate && el("span", { class: `mark ${each.counted ? "ok" : "held"}` }, t(each.counted ? "figures.counted" : "figures.uncounted")),
      each.rendered && el("span", { class: "rendered" }, t("rendered"))))));
}

export async function showFigures(side, name, me) {
  const asked = period ? `?period=${period}` : "";
  const sheet = await get(`/indicators${asked}`);
  const chosen = name ? await get(`/indicators/${name}/cases${asked}`) : null;
  const month = el("input", { type: "month", id: "month", value: period ?? sheet.as_of.slice(0, 7), "aria-label": t("figures.month") });
  month.addEventListener("change", () => { period = month.value || null; showFigures(side, name, me); });
  fill(side, el("div", { class: "figures" },
    el("div", { class: "head" }, el("h2", {}, t("figures.title")), month, el("span", { class: "soft" }, t("as_of", { at: moment(sheet.as_of) })),
      me?.roles.some((role) => REPORTERS.includes(role)) && el("a", { href: `/api/v1/indicators/report.xlsx${asked}`, download: true, id: "report" }, t("figures.report"))),
    chosen && behind(sheet.indicators.find((figure) => figure.name === name), chosen),
    el("table", {}, el("thead", {}, el("tr", {}, ["name", "value", "of", "interval", "formula"].map((head) => el("th", {}, t(`figures.${head}`))))),
      el("tbody", {}, sheet.indicators.map((figure) => row(figure, name))))));
}
