// The desk by keyboard: one letter each, never while somebody writes.
import { el, fill } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";

const HELP = [["j · k", "help.move"], ["Enter", "help.open"], ["a", "help.act"], ["r", "help.reason"], ["Esc", "help.leave"], ["x", "help.tick"], ["q", "help.queues"], ["/", "help.find"], ["m", "help.map"], ["?", "help.help"]];

export function showHelp(dialog) {
  fill(dialog, el("dl", { class: "keys" }, HELP.flatMap(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, t(words))])),
    el("form", { method: "dialog" }, el("button", { class: "main" }, t("task.seen"))));
  dialog.showModal();
}

// What is decided first: what the likeliest choice still needs, else its button.
export function focusChoice(side) {
  const choice = side?.querySelector(".choice:has(> .main)") ?? side?.querySelector(".choices .choice");
  const field = choice?.querySelector("select, input");
  (field && !field.value ? field : choice?.querySelector("button"))?.focus();
}

// `acts` says by key what is done.
export function onKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    (acts[event.key] ?? acts[event.key.toLowerCase()])?.(event);
  });
}
