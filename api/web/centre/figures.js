// Indicators: a table first; every figure says what it is of, its interval and its formula, and leads to its cases.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { moment, percent, say, t } from "/web/shared/words.js";

function interval(figure) {
  if (figure.value === null) return null;
  const picture = el("span", { class: "bar" }, el("i", { style: `left:0;width:${100 * figure.value}%` }));
  if (figure.low !== null) picture.append(el("u", { style: `left:${100 * figure.low}%;width:${100 * (figure.high - figure.low)}%` }));
  return picture;
}

function row(figure) {
  const value = figure.value === null ? t("figures.none") : percent(figure.value, 1);
  return el("tr", { "data-figure": figure.name },
    el("td", {}, el("a", { href: `#/figures/${figure.name}` }, say(figure.words))),
    el("td", { class: "number" }, value),
    el("td", { class: "number" }, `${figure.numerator} / ${figure.denominator}`),
    el("td", {}, interval(figure), figure.low === null ? "" : ` ${percent(figure.low)}–${percent(figure.high)}`),
    el("td", { class: "soft" }, say(figure.formula)));
}

export async function showFigures(side, name) {
  const sheet = await get("/indicators");
  const chosen = name ? await get(`/indicators/${name}/cases`) : null;
  fill(side, el("div", { class: "figures" },
    el("h2", {}, t("figures.title")), el("p", { class: "soft" }, `${moment(sheet.start)} – ${moment(sheet.end)}`),
    el("table", {}, el("thead", {}, el("tr", {}, ["name", "value", "of", "interval", "formula"].map((head) => el("th", {}, t(`figures.${head}`))))),
      el("tbody", {}, sheet.indicators.map(row))),
    chosen ? el("section", {}, el("h3", {}, say(sheet.indicators.find((figure) => figure.name === name)?.words)),
      el("ul", {}, chosen.map((each) => el("li", {}, el("a", { href: `#/case/${each.id}` }, each.number), ` ${each.counted ? "✓" : "–"}`)))) : null));
}
