// What stands in the list of tasks: the tasks, and what became of what was sent.
import { now } from "/web/shared/api.js";
import { alarmMark, el, taskDue } from "/web/shared/dom.js";
import { thumbnail } from "/web/shared/photos.js";
import { dueWords, say, t } from "/web/shared/words.js";
import { whereShort } from "/web/worker/whereabouts.js";

const LONG_MS = 2 * 86_400_000;

export function due(entry) {
  const known = taskDue(entry, now());
  return known && alarmMark(known.alarm, dueWords(known.at, now()));
}

export function card(entry) {
  const { task, line } = entry;
  return el("button", { class: "card", "data-task": task.id, onclick: () => { location.hash = `#/task/${task.id}`; } },
    line.picture ? thumbnail(line.picture, line.id) : el("span", { class: "no-picture" }),
    el("span", { class: "facts" },
      el("b", {}, say(line.category.name)),
      el("span", {}, say(task.kind_words)),
      el("span", { class: "soft" }, whereShort(line)),
      el("span", { class: "marks" }, due(entry), line.rendered && el("span", { class: "rendered" }, t("rendered")))));
}

export function refusal(item, seen) {
  return el("div", { class: "notice bad", role: "alert" }, el("p", {}, t("task.refused", { what: item.title, why: item.refused })),
    el("button", { onclick: () => seen(item) }, t("task.seen")));
}

export function heard(each, seen) {
  return el("div", { class: "notice good news", role: "status" }, el("p", {}, `✓ ${each.words}`),
    el("button", { onclick: () => seen(each) }, t("task.seen")));
}

// A phone may clear what a page keeps when nobody opens it for a week.
export function overdueToSend(items) {
  const old = items.filter((item) => !item.refused && now() - new Date(item.kept_at) > LONG_MS).length;
  return old > 0 && el("div", { class: "notice warn", role: "alert", id: "old" }, t("queue.old", { n: old }));
}

export function headline(mine) {
  const left = mine.tasks.map(({ task }) => (task.due_at ? new Date(task.due_at) - now() : Infinity));
  const late = left.filter((each) => each < 0).length;
  const soon = left.filter((each) => each >= 0 && each < 3_600_000).length;
  return [t("tasks.today", { n: mine.more ? `${mine.tasks.length}+` : mine.tasks.length }), late && t("tasks.late", { n: late }), soon && t("tasks.soon", { n: soon })].filter(Boolean).join(" · ");
}
