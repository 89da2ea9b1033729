// The screens of one task: what it is, the photo of the work, the reason for trouble.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { address, photo, slider } from "/web/shared/photos.js";
import { say, size, t, where } from "/web/shared/words.js";
import { keepStory, keptStory } from "/web/worker/ahead.js";
import { readAloud } from "/web/worker/aloud.js";
import { callButtons } from "/web/worker/call.js";
import { due } from "/web/worker/cards.js";
import { howToGetThere, whereabouts } from "/web/worker/whereabouts.js";
import { accept, act, header, reasons, telephones } from "/web/worker/worker.js";

// What may be said for an action: the city's own reasons where it has codes, else these.
const WORDS = {
  decline: ["trouble.other", "trouble.place"],
  refute: ["refute.nothing", "refute.mistaken", "refute.gone"],
  "send-back": ["rework.there", "rework.half", "rework.wrong"],
  "ask-extension": ["trouble.material", "trouble.blocked"],
  "turn-down": ["turn.down.early", "turn.down.able"],
  reply: ["reply.today", "reply.waits"],
};
const TROUBLE = ["ask-extension", "decline"];

function reasonsFor(action) {
  const coded = reasons(action).map((each) => ({ action, code: each.id, words: say(each.words) }));
  return coded.length ? coded : WORDS[action].map((key) => ({ action, words: t(key) }));
}

function go(line) {
  const apple = /iPhone|iPad/.test(navigator.userAgent);
  return el("a", { class: "button", id: "go", href: apple ? line.directions.apple : line.directions.android }, t("task.go"));
}

function button(id, key, onclick, main = false) { return el("button", { id, class: main ? "main" : "", onclick }, t(key)); }

function to(view, task) { return () => { location.hash = `#/${view}/${task.id}`; }; }

function row(...buttons) { return el("div", { class: "two" }, buttons); }

// The likely answer is the main button, at the bottom; where a check is blind, none is favoured.
function checkButtons(entry) {
  const { task, line } = entry;
  if (task.role === "collector") {
    const found = (id, key, result) => button(id, key, () => act(entry, "check", { undo: true, words: t(key), said: { result } }));
    return [row(go(line), found("unclear", "task.unclear", "cannot_tell")), row(found("still", "task.still", "still_there"), found("repaired", "task.repaired", "repaired"))];
  }
  // What a collector put right on the spot has no department to go back to.
  const rework = (main) => line.self_handled
    ? button("file", "task.file", () => act(entry, "file", { undo: true, words: t("task.file") }), main)
    : button("send-back", "task.rework", to("rework", task), main);
  const close = (main) => button("approve", "task.close", () => act(entry, "approve", { undo: true, words: t("task.close") }), main);
  if (task.suggestion === "repaired") return [row(go(line), rework(false)), close(true)];
  if (["still_there", "recurred"].includes(task.suggestion)) return [row(go(line), close(false)), rework(true)];
  return [go(line), row(rework(false), close(false))];
}

function buttons(entry) {
  const { task, line } = entry;
  if (task.kind === "check") return checkButtons(entry);
  if (task.kind === "confirm") {
    return [button("correct", "correct.wrong", to("correct", task)), row(go(line), button("refute", "task.false", to("refute", task))), button("confirm", "task.true", () => act(entry, "confirm", { undo: true, words: t("task.true"), said: graded() }), true)];
  }
  if (task.kind === "endorse") return [row(go(line), button("turn-down", "task.no", to("turn-down", task))), button("endorse", "task.yes", () => act(entry, "endorse", { undo: true, words: t("task.yes") }), true)];
  if (task.kind === "reply") return [go(line), button("reply", "task.reply", to("reply", task), true)];
  if (task.kind !== "handle") return [go(line), el("a", { class: "button main", href: `/#/case/${line.id}` }, t("task.desk"))];
  const first = row(go(line), button("trouble", "task.trouble", to("trouble", task)));
  if (line.status === "dispatched") return [first, button("accept", "task.accept", () => accept(entry), true)];
  if (line.lacks_before) return [first, button("before", "task.before", to("before", task), true)];
  return [first, button("done", "task.done", to("photo", task), true)];
}

// Who stands there may say how grave it is; what was measured is chosen until they do.
function grading(story) {
  const choice = story?.choices.find((each) => each.action === "confirm" && each.needs === "severity");
  return choice && el("label", { class: "grading" }, t("choice.severity"), el("select", { id: "severity" },
    choice.options.map((each) => el("option", { value: each.id, selected: each.id === choice.chosen }, say(each.words)))));
}

function graded() {
  const chosen = document.getElementById("severity");
  return chosen ? { severity: chosen.value } : {};
}

function lookalikes(story) {
  return (story?.lookalikes ?? []).map((each) => el("p", { class: "notice lookalike" }, el("b", {}, t("case.lookalike", each)), ` ${say(each.note)}`));
}

function rendered(line) { return line.rendered && el("span", { class: "rendered" }, t("rendered")); }

function facts(line) {
  const measured = (line.sizes ?? []).map(size).join(" · ");
  return el("div", { class: "facts" }, measured && el("span", {}, measured),
    line.sizing && el("span", { class: "sizing", "data-answer": line.sizing.answer }, t("size.said", { words: say(line.sizing.words), why: say(line.sizing.why) })),
    whereabouts(line));
}

function pictures(entry, story) {
  const { task, line } = entry;
  const before = story?.sights.flatMap((sight) => sight.evidence).find((each) => each.kind === "near") ?? line.picture;
  const after = story?.photos.filter((each) => each.purpose === "after").flatMap((each) => each.evidence).at(-1);
  if (task.kind === "check" && before && after) return [slider(address(before, line.id), address(after, line.id)), ...merged(story, line)];
  const context = story?.sights.flatMap((sight) => sight.evidence).find((each) => each.kind === "context");
  return [...[before, context].filter(Boolean).map((each) => photo(each, say(line.category.name), line.id)), ...merged(story, line)];
}

// Of each case that this one goes on in the place of, the picture that shows it best.
function merged(story, line) {
  return (story?.merged ?? []).flatMap((each) => each.sights.flatMap((sight) => sight.evidence).filter((picture) => picture.kind === "near").slice(0, 1)
    .map((picture) => el("div", { class: "merged", "data-merged": each.id }, el("p", { class: "soft" }, t("case.merged", each)), photo(picture, t("case.merged", each), line.id))));
}

// What is kept of a task is shown at once; what the centre says of it now comes over it.
export async function showTask(entry, page) {
  const { task, line } = entry;
  const kept = keptStory(line.id);
  header(say(line.category.name), "#/");
  drawTask(entry, kept, page);
  const story = await get(`/cases/${line.id}`).catch(() => null);
  if (!story) return;
  keepStory(line.id, story);
  const { version, status, verdict, lacks_before } = story.line;
  Object.assign(line, line.taken ? { verdict } : { version, status, verdict, lacks_before });
  if (location.hash === `#/task/${task.id}` && JSON.stringify(kept) !== JSON.stringify(story)) {
    const chosen = graded().severity;
    drawTask(entry, story, page);
    if (chosen) document.getElementById("severity")?.querySelector(`[value="${CSS.escape(chosen)}"]`)?.setAttribute("selected", "");
  }
}

function drawTask(entry, story, page) {
  const { task, line } = entry;
  const returned = story?.steps.findLast((step) => step.action === "send_back");
  const why = returned && task.kind === "handle" && `${say(returned.action_words)}：${returned.note}`;
  const suggested = task.suggestion && line.verdict && (line.verdict.sentence ?? line.verdict.words);
  const limit = due(entry);
  const notes = (story?.reports ?? []).filter((each) => each.note).map((each) => `${t(`report.by.${each.source}`)}：“${each.note}”`);
  fill(page,
    el("div", { class: "marks" }, limit, el("span", {}, say(task.kind_words)), rendered(line)),
    why && el("div", { class: "notice bad" }, why),
    suggested && el("div", { class: "notice" }, el("b", {}, t("task.suggestion")), el("div", {}, say(suggested))),
    notes.map((each) => el("p", { class: "said" }, each)),
    pictures(entry, story), facts(line), task.kind === "confirm" && lookalikes(story), task.kind === "confirm" && grading(story),
    callButtons(telephones()),
    readAloud([say(task.kind_words), say(line.category.name), where(line), howToGetThere, limit?.textContent.slice(2), why, suggested && say(suggested), ...notes]),
    el("div", { class: "grow" }), el("div", { class: "bottom" }, buttons(entry)));
}

// One tap chooses a reason; where the city has codes one must be chosen, and words may be added.
export function showReason(entry, action, page = document.getElementById("page")) {
  header(t("task.reason"), `#/task/${entry.task.id}`);
  const offered = (action === "trouble" ? TROUBLE : [action]).flatMap(reasonsFor);
  let chosen = null;
  const words = el("textarea", { id: "reason", rows: 3, "aria-label": t("task.reason") });
  const send = button("send", "task.send", () => {
    send.disabled = true;
    act(entry, chosen?.action ?? action, { note: words.value.trim(), said: chosen?.code ? { code: chosen.code } : {} });
  }, true);
  const complete = () => words.value.trim() && (chosen || !(action === "trouble" || offered.some((each) => each.code)));
  const weigh = () => { send.disabled = !complete(); };
  words.addEventListener("input", weigh);
  const choices = offered.map((each) => el("button", { class: "choice", "aria-pressed": "false", onclick: (event) => {
    chosen = each;
    words.value = each.words;
    for (const other of choices) other.setAttribute("aria-pressed", String(other === event.currentTarget));
    weigh();
  } }, each.action === "ask-extension" ? t("trouble.time", { why: each.words }) : each.words));
  weigh();
  fill(page, el("p", { class: "soft" }, t("task.reason.hint")), choices, words, action === "trouble" && callButtons(telephones()), el("div", { class: "grow" }), el("div", { class: "bottom" }, send));
}
