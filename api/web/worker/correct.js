// Who stands there says what it is instead, or that it lies elsewhere; the task to confirm stays.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";
import { rest } from "/web/worker/here.js";
import { choices } from "/web/worker/report.js";
import { act, header } from "/web/worker/worker.js";

const MOST_M = 5_000;

// Asked for anew, and by nobody else meanwhile: some receivers answer a second question only once they have moved.
function here() {
  rest();
  return new Promise((found, lost) => navigator.geolocation.getCurrentPosition(
    ({ coords }) => found({ by: "phone", latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.min(MOST_M, Math.max(1, coords.accuracy)) }),
    lost, { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 }));
}

export async function showCorrect(entry, page) {
  const { task, line } = entry;
  header(t("correct.wrong"), `#/task/${task.id}`);
  const story = await get(`/cases/${line.id}`).catch(() => null);
  if (location.hash !== `#/correct/${task.id}`) return;
  const near = (story?.lookalikes ?? []).filter((each) => each.label);
  const others = choices().classes.filter((each) => each.label !== line.category.label && !near.some((other) => other.label === each.label));
  let label = null;
  let place = null;
  const words = el("textarea", { id: "reason", rows: 2, maxlength: 2000, "aria-label": t("correct.why") });
  const send = el("button", { id: "send", class: "main", onclick: () => {
    send.disabled = true;
    act(entry, "correct", { note: words.value.trim(), said: { ...(label && { label }), ...(place && { place }) } });
  } }, t("task.send"));
  const weigh = () => { send.disabled = !(label || place) || !words.value.trim(); };
  const take = (chosen, name) => {
    label = chosen;
    words.value = chosen ? t("correct.is", { name }) : "";
    for (const button of looks) button.setAttribute("aria-pressed", String(button.dataset.label === chosen));
    weigh();
  };
  const looks = near.map((each) => el("button", { class: "choice", "data-label": each.label, "aria-pressed": "false", onclick: () => { pick.value = ""; take(each.label, each.name); } },
    el("span", {}, each.name), el("small", { class: "soft" }, say(each.note))));
  const pick = el("select", { id: "correct-class", "aria-label": t("correct.class") }, el("option", { value: "" }, t("correct.class")), others.map((each) => el("option", { value: each.label }, say(each.name))));
  pick.addEventListener("change", () => take(pick.value || null, pick.selectedOptions[0].textContent));
  const mine = el("button", { id: "correct-here", class: "choice", "aria-pressed": "false", onclick: async () => {
    mine.disabled = true;
    place = place ? null : await here().catch(() => null);
    mine.disabled = false;
    mine.setAttribute("aria-pressed", String(Boolean(place)));
    if (place && !words.value.trim()) words.value = t("correct.here");
    weigh();
  } }, t("correct.where"));
  words.addEventListener("input", weigh);
  weigh();
  fill(page, looks, pick, navigator.geolocation && mine, words, el("div", { class: "grow" }), el("div", { class: "bottom" }, send));
}
