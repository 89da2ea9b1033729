// Indicators: a table first; every figure says what it is of, its interval and its formula, and leads to its cases.
import { Problem, get } from "/web/shared/api.js";
import { periodPicker, standing } from "/web/centre/period.js";
import { el, fill } from "/web/shared/dom.js";
import { table } from "/web/shared/table.js";
import { lang, moment, percent, say, t } from "/web/shared/words.js";

const REPORTERS = ["administrator", "dispatcher", "evaluator", "supervisor"];
const GROUPINGS = ["city", "district", "street", "community", "grid", "department", "post", "person", "class", "source", "model", "platform", "device"];
const AREAS = ["district", "street", "community", "grid"];
const TABLES = [...AREAS, "department", "class"];
const tables = new Set(["street", "department", "class"]);
const USUAL = "on_time_closure";
const asked = new URLSearchParams(location.search);
let period = asked.get("period");
let by = GROUPINGS.includes(asked.get("by")) ? asked.get("by") : "city";
let good = null;
let wrong = null;

// The address keeps what is shown, so that it can be handed on.
function keep() {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries({ period, by: by === "city" ? null : by })) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
}

// A period that cannot be read is complained of beside the one that was shown before.
async function sheetOf() {
  try {
    return await get(`/indicators${period ? `?${new URLSearchParams({ period })}` : ""}`);
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status !== 422 || !period) throw problem;
    wrong = problem;
    period = good === period ? null : good;
    return sheetOf();
  }
}

function interval(figure) {
  if (!figure.is_rate || figure.value === null) return null;
  const picture = el("span", { class: "bar", "aria-hidden": "true" }, el("i", { style: `left:0;width:${100 * figure.value}%` }));
  if (figure.low !== null) picture.append(el("u", { style: `left:${100 * figure.low}%;width:${100 * (figure.high - figure.low)}%` }));
  return [picture, figure.low === null ? "" : ` ${percent(figure.low, 0)}–${percent(figure.high, 0)}`];
}

function valueOf(figure) {
  if (figure.value === null) return el("span", { class: "soft" }, t("figures.none"));
  if (figure.is_rate) return percent(figure.value, 1);
  if (figure.unit === "count") return String(figure.value);
  return t(`figures.unit.${figure.unit}`, { n: figure.value.toFixed(figure.value < 10 ? 2 : 1) });
}

// What a value is counted from: the two halves of a share or a mean, how many values a rank is one of.
function ofOf(figure) {
  if (figure.is_rate || figure.unit === "mean") return `${figure.numerator} / ${figure.denominator}`;
  return figure.is_rank ? t("figures.among", { n: figure.denominator }) : "";
}

function row(figure, name) {
  return el("tr", { "data-figure": figure.name, "aria-current": figure.name === name && "true" },
    el("td", {}, el("a", { href: `#/figures/${figure.name}` }, say(figure.words))),
    el("td", { class: "number value" }, valueOf(figure)),
    el("td", { class: "number" }, ofOf(figure)),
    el("td", { class: "interval" }, interval(figure)),
    el("td", { class: "soft" }, say(figure.formula)));
}

function grade(group) {
  return group.mark === null ? el("span", { class: "soft" }, "–") : `${group.grade} · ${group.mark.toFixed(1)}`;
}

function groupRow(group, name, chosen) {
  const figure = group.indicators.find((each) => each.name === name);
  return el("tr", { "data-group": group.group, "aria-current": group.group === chosen && "true" },
    el("td", {}, el("a", { href: `#/figures/${name}/${encodeURIComponent(group.group)}` }, say(group.words))),
    el("td", { class: "number value" }, valueOf(figure)),
    el("td", { class: "number" }, ofOf(figure)),
    el("td", { class: "interval" }, interval(figure)),
    el("td", { class: "number" }, grade(group)));
}

function closing() { return el("button", { id: "close-behind", onclick: () => { location.hash = "#/figures"; } }, t("figures.close")); }

function behind(figure, cases) {
  return el("section", { id: "behind" }, el("h3", {}, `${say(figure.words)} · ${cases.length} `, closing()),
    el("ul", {}, cases.map((each) => el("li", {}, el("a", { href: `#/case/${each.id}` }, each.number), ` ${say(each.name)} `,
      figure.is_rate && el("span", { class: `mark ${each.counted ? "ok" : "held"}` }, t(each.counted ? "figures.counted" : "figures.uncounted")),
      each.rendered && el("span", { class: "rendered" }, t("rendered"))))));
}

function passes(figure, found) {
  return el("section", { id: "behind" }, el("h3", {}, `${say(figure.words)} · ${t("figures.passes", { n: found.length })} `, closing()),
    el("ul", {}, found.map((each) => el("li", { "data-pass": each.id }, `${moment(each.started_at)} ${each.device} · ${t("figures.pass", { km: (each.metres / 1000).toFixed(1), h: (each.seconds / 3600).toFixed(2) })} `,
      el("span", { class: "soft" }, each.classes.map(say).join("、") || t("figures.unseen")),
      each.rendered && el("span", { class: "rendered" }, t("rendered"))))));
}

// Each sight with the approval that kept it from becoming a case.
function suppressed(figure, sights) {
  return el("section", { id: "behind" }, el("h3", {}, `${say(figure.words)} · ${t("figures.sights", { n: sights.length })} `, closing()),
    el("ul", {}, sights.map((each) => el("li", { "data-sight": each.finding }, `${moment(each.seen_at)} ${say(each.name)} `,
      el("span", { class: "soft" }, `${each.approval_id} ${say(each.reason)} ${each.approval} · ${each.place.latitude.toFixed(6)}, ${each.place.longitude.toFixed(6)} `),
      each.rendered && el("span", { class: "rendered" }, t("rendered"))))));
}

const LISTS = { cases: behind, passes, suppressed };

// The rows of each section under its heading.
function sections(figures, name) {
  const found = [];
  for (const figure of figures) {
    if (found.at(-1)?.section !== figure.section) found.push({ section: figure.section, rows: [] });
    found.at(-1).rows.push(row(figure, name));
  }
  return found.flatMap(({ section, rows }) => [el("tr", { class: "section" }, el("th", { colspan: 5, scope: "rowgroup" }, t(`figures.section.${section}`))), ...rows]);
}

function headWords(head) { return t(`figures.${head}`); }

function choice(id, label, values, chosen, words, choose) {
  const select = el("select", { id, "aria-label": t(label) }, values.map((value) => el("option", { value, selected: value === chosen }, words(value))));
  select.addEventListener("change", () => choose(select.value));
  return select;
}

// The report of the period as files, with the tables that are ticked; of one area where one is chosen.
function downloads(asked, group, unfolded) {
  const query = new URLSearchParams(asked);
  if (AREAS.includes(by) && group) query.set("area", group);
  query.set("lang", lang());
  const links = ["pdf", "xlsx", "zip"].map((kind) => el("a", { download: true, "data-report": kind }, t(`figures.report.${kind}`)));
  const lead = () => {
    query.delete("by");
    for (const each of tables) query.append("by", each);
    for (const link of links) link.href = `/api/v1/indicators/report.${link.dataset.report}?${query}`;
  };
  lead();
  const ticks = TABLES.map((each) => el("label", {}, el("input", { type: "checkbox", "data-table": each, checked: tables.has(each), onchange: ({ target }) => {
    tables[target.checked ? "add" : "delete"](each);
    // A report without any table would have the usual ones.
    if (!tables.size) { tables.add(each); target.checked = true; }
    lead();
  } }), t(`figures.by.${each}`)));
  return el("details", { id: "reports", open: unfolded }, el("summary", {}, t("figures.report")), el("p", {}, links), el("fieldset", {}, el("legend", { class: "soft" }, t("figures.tables")), ticks));
}

// `name` is the indicator whose cases are listed, `group` one of the groups or null for all of them. `late` says whether
// something else was asked for since, `draw` takes its turn for what is chosen here.
export async function showFigures(side, name, group, me, late, draw) {
  const again = () => draw((later) => showFigures(side, name, null, me, later, draw));
  const split = by !== "city";
  const focused = side.contains(document.activeElement) && document.activeElement.id;
  const unfolded = Boolean(side.querySelector("#reports[open]"));
  const sheet = await sheetOf();
  if (period) good = period = sheet.period;
  const query = new URLSearchParams({ period: sheet.period });
  const asked = `?${query}`;
  const noted = await get(`/notices${asked}`);
  const shown = sheet.indicators.find((figure) => figure.name === (name || (split ? USUAL : "")));
  const groups = split ? (await get(`/indicators/by/${by}${asked}`)).groups : [];
  if (split && group !== null) { query.set("by", by); query.set("group", group); }
  const listed = shown && (!split || group !== null) ? await get(`/indicators/${shown.name}/${shown.behind}?${query}`) : null;
  if (late()) return;
  const complaint = wrong && el("div", { class: "notice bad", role: "alert" }, wrong.message);
  wrong = null;
  keep();
  fill(side, el("div", { class: "figures" },
    el("div", { class: "head" }, el("h2", {}, t("figures.title")), periodPicker(sheet, (chosen) => { period = chosen; again(); }),
      el("b", { id: "period" }, say(sheet.words)), standing(sheet),
      choice("by", "figures.by", GROUPINGS, by, (value) => t(`figures.by.${value}`), (value) => { by = value; again(); }),
      split && choice("which", "figures.name", sheet.indicators.map((figure) => figure.name), shown.name,
        (value) => say(sheet.indicators.find((figure) => figure.name === value).words), (value) => { location.hash = `#/figures/${value}`; }),
      el("span", { class: "soft" }, t("as_of", { at: moment(sheet.as_of) })),
      me?.roles.some((role) => REPORTERS.includes(role)) && downloads(asked, group, unfolded)),
    complaint,
    noted.map((each) => el("div", { class: "notice warn" }, `▲ ${say(each.words)}`)),
    listed && LISTS[shown.behind](shown, listed),
    split && el("p", { class: "soft" }, say(shown.formula)),
    split
      ? table(["group", "value", "of", "interval", "grade"].map(headWords), groups.map((each) => groupRow(each, shown.name, group)))
      : table(["name", "value", "of", "interval", "formula"].map(headWords), sections(sheet.indicators, name))));
  if (focused) side.querySelector(`#${focused}`)?.focus();
  side.querySelector("#behind")?.scrollIntoView({ block: "nearest" });
}
