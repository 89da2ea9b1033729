// Which period figures are of: a day, a week, a month, a quarter, a year, or from one day to another.
import { el } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";

export const LENGTHS = ["day", "week", "month", "quarter", "year", "days"];
const DAY_MS = 86_400_000;
const at = (day) => new Date(`${day}T00:00:00Z`);
const written = (moment) => moment.toISOString().slice(0, 10);
const moved = (day, by) => written(new Date(at(day).getTime() + by * DAY_MS));

// The week of ISO 8601: the one that holds the Thursday.
function week(day) {
  const thursday = at(moved(day, 3 - ((at(day).getUTCDay() + 6) % 7)));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-W${String(Math.floor((thursday - first) / DAY_MS / 7) + 1).padStart(2, "0")}`;
}

// The period of a length that holds a day, as the centre reads it.
export function periodOf(length, day) {
  if (length === "day") return day;
  if (length === "week") return week(day);
  if (length === "month") return day.slice(0, 7);
  if (length === "quarter") return `${day.slice(0, 4)}-Q${Math.floor((Number(day.slice(5, 7)) + 2) / 3)}`;
  return day.slice(0, 4);
}

// Of a period that goes on, the one that holds today; of one that is over, the one that holds its end.
function changed(length, sheet) {
  if (length === "days") return `${sheet.first_day}..${sheet.last_day}`;
  if (sheet.standing === "goes_on") return length === "day" ? "today" : `this-${length}`;
  return periodOf(length, sheet.last_day);
}

function dayField(id, words, value, choose) {
  const field = el("input", { type: "date", id, value, "aria-label": t(words), title: t(words) });
  field.addEventListener("change", () => field.value && choose(field.value));
  return field;
}

// `choose` takes the period's text, e.g. 2026-W47.
export function periodPicker(sheet, choose) {
  const { length, first_day: first, last_day: last } = sheet;
  const lengths = el("select", { id: "period-length", "aria-label": t("period.length") }, LENGTHS.map((each) => el("option", { value: each, selected: each === length }, t(`period.${each}`))));
  lengths.addEventListener("change", () => choose(changed(lengths.value, sheet)));
  if (length === "days") {
    return el("span", { class: "period" }, lengths, dayField("period-first", "period.first", first, (day) => choose(`${day}..${last}`)), "–",
      dayField("period-last", "period.last", last, (day) => choose(`${first}..${day}`)));
  }
  const step = (id, words, sign, day) => el("button", { id, title: t(words), "aria-label": t(words), onclick: () => choose(periodOf(length, day)) }, sign);
  return el("span", { class: "period" }, lengths, step("period-before", "period.before", "‹", moved(first, -1)),
    dayField("period-day", "period.any", first, (day) => choose(periodOf(length, day))), step("period-after", "period.after", "›", moved(last, 1)));
}

const TONE = { goes_on: "wait", over: "held", unfrozen: "held", frozen: "ok", swapped: "late" };
const SIGN = { goes_on: "◌", over: "●", unfrozen: "○", frozen: "✓", swapped: "✗" };

export function standing(sheet) {
  return el("span", { class: `mark ${TONE[sheet.standing]}`, id: "standing", "data-standing": sheet.standing }, `${SIGN[sheet.standing]} ${t(`period.standing.${sheet.standing}`, { n: sheet.ledger })}`);
}
