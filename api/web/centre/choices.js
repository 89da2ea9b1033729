// What the reader may do now with a case: each choice asks for what goes with it, at the place where it is.
import { newId, now, post } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { shrink } from "/web/shared/photos.js";
import { morningOf, say, t } from "/web/shared/words.js";

const PICKED = ["department", "result", "code", "severity"];
let overtaken = null;
const FIRST = { repaired: "approve", still_there: "send_back", recurred: "send_back" };

// What a choice needs besides a note; `said` gives it for the decision, or null while it is missing.
export function need(choice) {
  if (PICKED.includes(choice.needs)) {
    const pick = el("select", { "data-for": choice.action, "aria-label": t(`choice.${choice.needs}`) }, el("option", { value: "" }, t(`choice.${choice.needs}`)),
      choice.options.map((option) => el("option", { value: option.id, selected: option.id === choice.chosen }, say(option.words))));
    return { field: pick, said: () => (pick.value ? { [choice.needs]: pick.value } : null) };
  }
  if (choice.needs === "until") {
    const day = el("input", { type: "date", "data-for": choice.action, "aria-label": t("choice.until") });
    return { field: day, said: () => (day.value ? { until: morningOf(day.value) } : null) };
  }
  if (choice.needs === "photo") {
    const file = el("input", { type: "file", accept: "image/*", "data-for": choice.action, "aria-label": t("choice.photo") });
    return { field: file, photo: () => file.files[0] ?? null, said: () => (file.files[0] ? {} : null) };
  }
  return { field: null, said: () => ({}) };
}

async function handIn(caseId, file) {
  const form = new FormData();
  form.append("file", await shrink(file), "photo.jpg");
  form.append("purpose", "after");
  form.append("taken_at", new Date(now()).toISOString());
  form.append("id", newId());
  await post(`/cases/${caseId}/photos`, form);
}

// The main button is what the verdict suggests, else the first step forward. Where work waits for its
// check and nothing is suggested, no answer is favoured.
function mainOf(story) {
  const suggested = FIRST[story.tasks.find((task) => task.status === "open" && task.suggestion)?.suggestion];
  if (suggested || story.line.status === "handled") return story.choices.find((choice) => choice.action === suggested);
  return story.choices.find((choice) => !choice.reason);
}

function overtakenWords(line) {
  const words = overtaken?.id === line.id ? overtaken.words : null;
  overtaken = null;
  return words && el("div", { class: "notice bad", id: "overtaken" }, words);
}

export function choices(story, changed) {
  const { line } = story;
  const meanwhile = overtakenWords(line);
  if (!story.choices.length) return meanwhile;
  const said = el("div", { role: "alert" }, meanwhile);
  const note = el("input", { id: "note", placeholder: t("choice.note"), "aria-label": t("choice.note"), maxlength: 2000 });
  const complain = (words) => fill(said, el("div", { class: "notice bad" }, words));

  async function decide(choice, asked, button) {
    const more = asked.said();
    if (more === null) { complain(t("choice.need.more")); asked.field.focus(); return; }
    if (choice.reason && choice.needs !== "code" && !note.value.trim()) { complain(t("choice.need.note")); note.focus(); return; }
    button.disabled = true;
    try {
      if (asked.photo) await handIn(line.id, asked.photo());
      await post(`/cases/${line.id}/${choice.action.replaceAll("_", "-")}`, { version: line.version, note: note.value.trim(), ...more });
      await changed();
    } catch (problem) {
      const words = `${problem.message} ${t("problem.code", { code: problem.code })}`;
      // Somebody decided meanwhile: show the case as it stands now, and say so above it.
      if (problem.code === "StaleCase") { overtaken = { id: line.id, words }; await changed(); return; }
      complain(words);
      button.disabled = false;
    }
  }

  const main = mainOf(story);
  const plain = story.choices.filter((choice) => choice.needs !== "correction");
  const buttons = [main, ...plain.filter((choice) => choice !== main)].filter(Boolean).map((choice) => {
    const asked = need(choice);
    const button = el("button", { class: choice === main ? "main" : "", "data-action": choice.action, onclick: () => decide(choice, asked, button) }, say(choice.words));
    return el("span", { class: "choice" }, asked.field, button);
  });
  return el("div", { class: "choices" }, buttons, note, said);
}
