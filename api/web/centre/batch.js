// Many cases of one queue at once: tick them, give one decision with one reason, see what became of each.
import { Problem, decide as send, get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";
import { need } from "/web/centre/choices.js";

const MOST = 200;
const ticked = new Map();
let last = null;
let results = null;

export function clearTicks() { ticked.clear(); last = null; results = null; }
export const isTicked = (id) => ticked.has(id);

function set(line, on) {
  if (on && ticked.size < MOST) ticked.set(line.id, line);
  else ticked.delete(line.id);
}

// With shift, all between the last one and this follow it.
export function tick(lines, id, { through = false } = {}) {
  const at = lines.findIndex((line) => line.id === id);
  const from = through ? lines.findIndex((line) => line.id === last) : at;
  const on = !ticked.has(id);
  const [low, high] = from < 0 ? [at, at] : [Math.min(from, at), Math.max(from, at)];
  for (const line of lines.slice(low, high + 1)) set(line, on);
  last = id;
  results = null;
}

export function tickBox(line, toggled) {
  return el("input", { type: "checkbox", class: "tick", checked: ticked.has(line.id), "data-tick": line.id, "aria-label": t("batch.tick", { number: line.number }),
    onclick: (event) => toggled(line.id, { through: event.shiftKey }) });
}

// How grave the ticked cases of each class are: as each was graded, unless a person says otherwise of all.
function grading(choices) {
  const graded = choices.find((choice) => choice.graded.length)?.graded ?? [];
  const lines = [...ticked.values()];
  const picks = graded.map((each) => {
    const grades = lines.filter((line) => line.category.label === each.label).map((line) => (line.severity ? say(line.severity) : t("batch.ungraded")));
    if (!grades.length) return null;
    const tally = [...new Set(grades)].map((grade) => `${grade} ${grades.filter((one) => one === grade).length}`).join("、");
    return el("label", {}, `${t("batch.grade", { name: say(each.words) })} `, el("select", { "data-grade": each.label }, el("option", { value: "" }, t("batch.as.graded", { tally })),
      each.levels.map((level) => el("option", { value: level.id }, t("batch.all.graded", { level: say(level.words) })))));
  }).filter(Boolean);
  const field = picks.length > 0 && el("div", { class: "grades" }, picks, el("small", { class: "soft" }, t("batch.grade.for", { actions: choices.filter((choice) => choice.graded.length).map((choice) => say(choice.words)).join("、") })));
  const said = () => Object.fromEntries(picks.map((pick) => pick.querySelector("select")).filter((pick) => pick.value).map((pick) => [pick.dataset.grade, pick.value]));
  return { field, said };
}

function outcome(each) {
  return el("li", { class: each.refused ? "refused" : "", "data-batch": each.id },
    el("span", { class: `mark ${each.refused ? "late" : "ok"}` }, each.refused ? `✗ ${t("batch.refused")}` : `✓ ${say(each.status_words)}`),
    " ", el("a", { href: `#/case/${each.id}` }, each.number ?? each.id), each.refused && ` ${say(each.refused.words)}`);
}

function told() {
  return results && el("div", { class: "notice", role: "status", id: "batch-told" }, el("b", {}, t("batch.told", results)),
    el("ul", { class: "complaints" }, results.cases.toSorted((one, other) => Boolean(other.refused) - Boolean(one.refused)).map(outcome)));
}

function nameOf(pick) { return pick.dataset.grade ?? pick.dataset.for; }

// The bar over the list: nothing while nothing is ticked and nothing was decided. What was asked for another draws nothing.
let turn = 0;
export async function showBatch(place, status, changed) {
  const mine = turn += 1;
  if (!ticked.size || !status) { fill(place, told()); return; }
  const choices = await get(`/cases/batch/choices?status=${status}`);
  if (mine !== turn) return;
  const written = place.querySelector("#batch-note")?.value ?? "";
  const picked = [...place.querySelectorAll("select")].map((each) => [nameOf(each), each.value]);
  const said = el("div", { role: "alert" });
  const note = el("input", { id: "batch-note", placeholder: t("choice.note"), "aria-label": t("choice.note"), maxlength: 2000, value: written });
  const complain = (words) => fill(said, el("div", { class: "notice bad" }, words));
  const grades = grading(choices);
  const decide = async (choice, asked, button) => {
    const more = asked.said();
    if (more === null) { complain(t("choice.need.more")); asked.field.focus(); return; }
    if (choice.reason && choice.needs !== "code" && !note.value.trim()) { complain(t("choice.need.note")); note.focus(); return; }
    button.disabled = true;
    try {
      const cases = [...ticked.values()].map(({ id, version }) => ({ id, version }));
      results = await send("/cases/batch", { action: choice.action, cases, note: note.value.trim(), ...more, ...(choice.graded.length ? { severities: grades.said() } : {}) });
      ticked.clear();
      await changed();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      complain(`${problem.message} ${t("problem.code", { code: problem.code })}`);
      button.disabled = false;
    }
  };
  const buttons = choices.map((choice) => {
    const asked = need(choice);
    const button = el("button", { "data-batch-action": choice.action, onclick: () => decide(choice, asked, button) }, say(choice.words));
    return el("span", { class: "choice" }, asked.field, button);
  });
  fill(place, el("div", { class: "batch", id: "batch" }, el("b", {}, t("batch.ticked", { n: ticked.size })),
    el("button", { id: "batch-clear", onclick: () => { clearTicks(); changed(); } }, t("batch.clear")), note, grades.field, buttons, el("small", { class: "soft" }, t("batch.hint")), said));
  // The list is read anew while somebody chooses: what they chose stays.
  for (const [name, value] of picked) for (const pick of place.querySelectorAll("select")) if (nameOf(pick) === name) pick.value = value;
}
