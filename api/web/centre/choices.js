// What the reader may do now with a case: each choice asks for what goes with it, at the place where it is.
import { decide as send, get, newId, now, post } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { shrink } from "/web/shared/photos.js";
import { morningOf, say, t } from "/web/shared/words.js";

const PICKED = ["department", "result", "code", "severity"];
let overtaken = null;
// What was begun at a case is there again when somebody comes back to it.
const notes = new Map();
const AGAIN = ["send_back", "file"];
const FIRST = { repaired: ["approve"], still_there: AGAIN, recurred: AGAIN };

function picture(choice, key) { return el("input", { type: "file", accept: "image/*", "data-for": choice.action, "data-photo": key, "aria-label": t(key) }); }

// People name a case by its number; only one that is certain is taken.
async function named(number) {
  const { cases } = number ? await get(`/cases?number=${encodeURIComponent(number)}&limit=2`) : { cases: [] };
  return cases.length === 1 ? { into: cases[0].id } : null;
}

// What a choice needs besides a note; `said` gives it for the decision, or null while it is missing.
export function need(choice, { lacksBefore = false } = {}) {
  if (PICKED.includes(choice.needs)) {
    const pick = el("select", { "data-for": choice.action, "aria-label": t(`choice.${choice.needs}`) }, el("option", { value: "" }, t(`choice.${choice.needs}`)),
      choice.options.map((option) => el("option", { value: option.id, selected: option.id === choice.chosen }, say(option.words))));
    return { field: pick, said: () => (pick.value ? { [choice.needs]: pick.value } : null) };
  }
  if (choice.needs === "until") {
    const day = el("input", { type: "date", "data-for": choice.action, "aria-label": t("choice.until") });
    return { field: day, said: () => (day.value ? { until: morningOf(day.value) } : null) };
  }
  if (choice.needs === "into") {
    const number = el("input", { "data-for": choice.action, placeholder: t("choice.into"), "aria-label": t("choice.into"), size: 18 });
    return { field: number, missing: "choice.into.none", said: () => named(number.value.trim()) };
  }
  if (choice.needs === "photo_of_now" || choice.needs === "any_photo_of_now") {
    const optional = choice.needs === "any_photo_of_now";
    const now = picture(choice, optional ? "choice.any.now" : "choice.now");
    const photos = () => (now.files[0] ? [["report", now.files[0]]] : []);
    return { field: el("label", {}, `${t(optional ? "choice.any.now" : "choice.now")} `, now), missing: "choice.now.none", photos, said: () => (optional || now.files[0] ? {} : null) };
  }
  if (choice.needs === "photo") {
    const after = picture(choice, "choice.photo");
    const before = lacksBefore && picture(choice, "choice.before");
    const photos = () => [["before", before], ["after", after]].filter(([, file]) => file).map(([purpose, file]) => [purpose, file.files[0]]);
    const labelled = (file, key) => el("label", {}, `${t(key)} `, file);
    return { field: before ? el("span", {}, labelled(before, "choice.before"), labelled(after, "choice.photo")) : after, photos, said: () => (photos().every(([, photo]) => photo) ? {} : null) };
  }
  return { field: null, said: () => ({}) };
}

// A photo that was chosen once is one photo, however often it goes.
const chosen = new WeakMap();
async function handIn(caseId, purpose, file) {
  if (!chosen.has(file)) chosen.set(file, { id: newId(), taken_at: new Date(now()).toISOString() });
  const { id, taken_at } = chosen.get(file);
  const form = new FormData();
  form.append("file", await shrink(file), "photo.jpg");
  form.append("purpose", purpose);
  form.append("taken_at", taken_at);
  form.append("id", id);
  await post(`/cases/${caseId}/photos`, form);
}

// The main button is what the verdict suggests (work is sent back, or filed where a collector did it
// unasked), else the first step forward. Where work waits for its
// check and nothing is suggested, no answer is favoured.
function mainOf(story) {
  const suggested = FIRST[story.tasks.find((task) => task.status === "open" && task.suggestion)?.suggestion];
  if (suggested || story.line.status === "handled") return story.choices.find((choice) => suggested?.includes(choice.action));
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
  note.value = notes.get(line.id) ?? "";
  note.addEventListener("input", () => notes.set(line.id, note.value));
  const complain = (words) => fill(said, el("div", { class: "notice bad" }, words));

  async function decide(choice, asked, button) {
    button.disabled = true;
    try {
      const more = await asked.said();
      const wrong = more === null ? [asked.missing ?? "choice.need.more", asked.field] : choice.reason && choice.needs !== "code" && !note.value.trim() ? ["choice.need.note", note] : null;
      if (wrong) { complain(t(wrong[0])); wrong[1].focus(); button.disabled = false; return; }
      for (const [purpose, photo] of asked.photos?.() ?? []) await handIn(line.id, purpose, photo);
      await send(`/cases/${line.id}/${choice.action.replaceAll("_", "-")}`, { version: line.version, note: note.value.trim(), ...more });
      notes.delete(line.id);
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
    const asked = need(choice, { lacksBefore: line.lacks_before });
    const button = el("button", { class: choice === main ? "main" : "", "data-action": choice.action, onclick: () => decide(choice, asked, button) }, say(choice.words));
    return el("span", { class: "choice" }, asked.field, button);
  });
  return el("div", { class: "choices" }, buttons, note, said);
}
