// What waits for the reader's own decision, over all queues: the first due first.
import { now } from "/web/shared/api.js";
import { taskDue } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";

export const MINE = "mine";

function timed(each) {
  const due = taskDue(each, now());
  return { ...each.line, task: each.task, due_at: due?.at ?? null, alarm: due?.alarm ?? null };
}

const isLate = ({ task }) => Boolean(task.due_at) && new Date(task.due_at) < now();

// A case with two tasks stands there once, by what is due first, and shows that limit.
export function linesOfMine({ tasks }, { overdue, number }) {
  const wanted = tasks.filter((each) => (!overdue || isLate(each)) && (!number || each.line.number.toLowerCase().includes(number.toLowerCase())));
  const byCase = new Map(wanted.toReversed().map((each) => [each.line.id, timed(each)]));
  return [...new Set(wanted.map(({ line }) => line.id))].map((id) => byCase.get(id));
}

export function queueOfMine({ tasks, more }) {
  const made = tasks.map(({ task }) => task.made_at).sort();
  const words = { zh: t("queue.mine"), en: t("queue.mine") };
  return { status: MINE, words, count: tasks.length, more, oldest: made[0] ?? null, overdue: tasks.filter(isLate).length };
}
