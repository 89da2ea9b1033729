// The report is of another class or lies elsewhere: say so before it is filed.
import { decide } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";
import { pinPlace } from "/web/centre/map.js";

// What people take the class for comes first, with what tells the two apart.
function classes(choice, story) {
  const near = story.lookalikes.map((each) => each.label);
  const others = choice.options.filter((each) => each.id !== story.line.category.label);
  const sorted = [...others.filter((each) => near.includes(each.id)), ...others.filter((each) => !near.includes(each.id))];
  return sorted.map((each) => el("option", { value: each.id }, say(each.words)));
}

export function correction(story, changed) {
  const choice = story.choices.find((each) => each.needs === "correction");
  if (!choice) return null;
  const { line } = story;
  let place = null;
  const said = el("div", { role: "alert" });
  const told = el("p", { class: "soft", role: "status" });
  const moved = el("p", { class: "soft" }, t("correct.place"));
  const pick = el("select", { id: "correct-class", "aria-label": t("correct.class") }, el("option", { value: "" }, t("correct.class.stays")), classes(choice, story));
  const why = el("input", { id: "correct-why", placeholder: t("correct.why"), "aria-label": t("correct.why"), maxlength: 2000 });
  pick.addEventListener("change", () => { const note = story.lookalikes.find((each) => each.label === pick.value); fill(told, note ? say(note.note) : ""); });
  const complain = (words, field) => { fill(said, el("div", { class: "notice bad" }, words)); field?.focus(); };
  async function correct(button) {
    if (!pick.value && !place) { complain(t("correct.need"), pick); return; }
    if (!why.value.trim()) { complain(t("choice.need.note"), why); return; }
    button.disabled = true;
    try {
      await decide(`/cases/${line.id}/correct`, { version: line.version, note: why.value.trim(), ...(pick.value && { label: pick.value }), ...(place && { place }) });
      await changed();
    } catch (problem) {
      complain(`${problem.message} ${t("problem.code", { code: problem.code })}`);
      button.disabled = false;
    }
  }
  const map = el("div", { class: "map-small" });
  const button = el("button", { id: "correct-do", "data-action": "correct", onclick: () => correct(button) }, t("correct.do"));
  const box = el("details", { class: "correction", id: "correct" }, el("summary", {}, t("correct.title")),
    el("p", {}, el("label", {}, `${t("correct.class")} `, pick)), told, moved, map, el("p", { class: "choice" }, why, " ", button), said);
  // The map is drawn when it is looked at: Leaflet cannot measure what is folded away.
  box.addEventListener("toggle", () => pinPlace(map, line, ({ lat, lng }, m) => {
    place = { by: "pin", latitude: lat, longitude: lng };
    moved.textContent = t("correct.moved", { m: Math.round(m) });
  }), { once: true });
  return box;
}
