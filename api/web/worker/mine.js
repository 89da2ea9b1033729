// What a collector reported: how each stands, and the way to say that it was not repaired.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { shrink, thumbnail } from "/web/shared/photos.js";
import { moment, say, stands, t, where } from "/web/shared/words.js";
import { act, header } from "/web/worker/worker.js";

const KEPT = "xunhuan.reports";
const WHY = ["mine.why", "mine.back"];
let mine = [];

// The cases of which it is known here that this person reported them.
export function reported() { return JSON.parse(localStorage.getItem(KEPT) ?? "[]").map(({ line }) => line.id); }

function card({ line, may_reopen }) {
  return el("div", { class: "card", "data-report": line.id },
    line.picture ? thumbnail(line.picture, line.id) : el("span", { class: "no-picture" }),
    el("span", { class: "facts" }, el("b", {}, say(line.category.name)),
      el("span", {}, el("span", { class: `mark ${line.merged_into ? "held" : "wait"}` }, stands(line)), ` ${line.number}`),
      line.merged_into && el("span", { class: "goes-on" }, t("mine.goes.on", { state: say(line.merged_into.status_words) })),
      el("span", { class: "soft" }, `${moment(line.reported_at)} · ${where(line)}`),
      may_reopen && el("button", { class: "reopen", onclick: () => { location.hash = `#/mine/${line.id}`; } }, t("mine.reopen"))));
}

async function list(page) {
  header(t("mine.title"), "#/");
  try {
    mine = await get("/reports/mine");
    localStorage.setItem(KEPT, JSON.stringify(mine));
  } catch { mine = JSON.parse(localStorage.getItem(KEPT) ?? "[]"); }
  if (location.hash !== "#/mine") return;
  fill(page, mine.length ? mine.map(card) : el("p", { class: "empty soft" }, t("mine.none")));
}

// A reason and a photo of today; kept on the phone like all else, and sent when there is a network.
function showReopen(line, page) {
  header(t("mine.reopen"), "#/mine");
  let photo = null;
  const words = el("textarea", { id: "reason", rows: 3, "aria-label": t("task.reason") });
  const shown = el("div", { class: "shown" });
  const input = el("input", { id: "shoot-reopen", class: "visually-hidden", type: "file", accept: "image/*", capture: "environment" });
  const send = el("button", { id: "send", class: "main", disabled: true, onclick: () => {
    send.disabled = true;
    act({ task: { id: `reopen-${line.id}` }, line }, "reopen", { note: words.value.trim(), photo, purpose: "report" });
  } }, t("task.send"));
  const weigh = () => { send.disabled = !photo || !words.value.trim(); };
  words.addEventListener("input", weigh);
  input.addEventListener("change", async () => {
    if (!input.files[0]) return;
    photo = await shrink(input.files[0]);
    fill(shown, el("img", { class: "preview", src: URL.createObjectURL(photo), alt: t("mine.photo") }));
    weigh();
  });
  const choices = WHY.map((key) => el("button", { class: "choice", onclick: () => { words.value = t(key); weigh(); } }, t(key)));
  fill(page, el("p", { class: "soft" }, t("task.reason.hint")), choices, words, shown, el("div", { class: "grow" }),
    el("div", { class: "bottom" }, el("label", { class: "button", for: "shoot-reopen" }, t("mine.photo")), input, send));
}

export async function showMine(id, page) {
  if (!id) return list(page);
  const found = mine.find(({ line }) => line.id === id);
  if (found) showReopen(found.line, page);
  else location.replace("#/mine");
}
