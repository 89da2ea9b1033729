// A report from the street: photo, what it is, where it is; kept on the phone at every step.
import { get, newId, now, post } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { shrink } from "/web/shared/photos.js";
import { lang, say, t } from "/web/shared/words.js";
import { draftOf, drop, put } from "/web/worker/outbox.js";
import { findPlace, placeField } from "/web/worker/report_place.js";
import { deliver, header } from "/web/worker/worker.js";

const KEPT = "xunhuan.report";
const OFTEN = 6;
let draft = null;

export function mayReport(me) { return me?.roles?.includes("collector"); }

// What a report chooses from is kept with the tasks, so that it is there without a network.
let asking = null;
export async function rememberChoices() {
  asking ??= get("/reports/choices").then((told) => localStorage.setItem(KEPT, JSON.stringify(told))).catch(() => { /* the last ones stay */ }).finally(() => { asking = null; });
  await asking;
}
export function choices() { return JSON.parse(localStorage.getItem(KEPT) ?? '{"classes":[],"areas":[]}'); }

const draftId = (me) => `draft-${me.id}`;
async function keep(me) { await put({ ...draft, id: draftId(me), by: me.id, draft: true }); }

async function begun(me) {
  draft ??= await draftOf(draftId(me)) ?? { report: newId(), photos: {}, label: null, place: null, note: "" };
  return draft;
}

function to(step) { return () => { location.hash = `#/report/${step}`; }; }
function button(id, key, onclick, main = false) { return el("button", { id, class: main ? "main" : "", onclick }, t(key)); }

function camera(me, name, key, again, main) {
  const id = `shoot-${name}`;
  const input = el("input", { id, class: "visually-hidden", type: "file", accept: "image/*", capture: "environment" });
  input.addEventListener("change", async () => {
    if (!input.files[0]) return;
    draft.photos[name] = await shrink(input.files[0]);
    draft.taken_at ??= new Date(now()).toISOString();
    await keep(me);
    again();
  });
  return [el("label", { class: main ? "button main" : "button", for: id }, t(key)), input];
}

function preview(name) {
  const photo = draft.photos[name];
  return photo && el("figure", { class: "photo" }, el("img", { class: "preview", "data-photo": name, src: URL.createObjectURL(photo), alt: t(`report.${name}`) }));
}

function showPhotos(me, page) {
  header(t("report.title"), "#/");
  const again = () => showPhotos(me, page);
  const { near, far } = draft.photos;
  findPlace(draft, () => keep(me));
  fill(page, el("p", {}, t(near ? "report.far.hint" : "report.near.hint")), preview("near"), preview("far"), el("div", { class: "grow" }),
    el("div", { class: "bottom" }, el("p", { class: "soft" }, t("report.safe")),
      near && el("div", { class: "two" }, el("div", {}, camera(me, "near", "task.again", again)), el("div", {}, camera(me, "far", far ? "report.far.again" : "report.far", again))),
      near ? button("next", "report.next", to("class"), true) : camera(me, "near", "report.near", again, true)));
}

function fits(each, words) {
  return [each.name.zh, each.name.en.toLowerCase(), each.major, each.code, each.label].some((said) => said.includes(words));
}

function showClasses(me, page) {
  header(t("report.what"), "#/report/photos");
  const { classes } = choices();
  const list = el("div", { class: "shown", id: "classes" });
  const choose = async (each) => { draft.label = each.label; draft.title = each.name; await keep(me); to("place")(); };
  const offer = (found) => fill(list, found.map((each) => el("button", { class: "choice", "data-label": each.label, "aria-pressed": String(draft.label === each.label), onclick: () => choose(each) },
    el("span", {}, say(each.name)), lang() === "zh" && el("small", { class: "soft" }, each.major))),
    !found.length && el("p", { class: "soft empty" }, t("report.no.class")));
  const search = el("input", { id: "search", type: "search", placeholder: t("report.search"), "aria-label": t("report.search") });
  const narrow = () => { const words = search.value.trim().toLowerCase(); offer(words ? classes.filter((each) => fits(each, words)) : classes.slice(0, OFTEN)); };
  search.addEventListener("input", narrow);
  narrow();
  fill(page, el("p", { class: "soft" }, t("report.what.hint")), list, el("div", { class: "grow" }), el("div", { class: "bottom" }, search));
}

function showPlace(me, page) {
  header(t("report.where"), "#/report/class");
  const note = el("textarea", { id: "note", rows: 2, maxlength: 500, placeholder: t("report.note"), "aria-label": t("report.note") });
  note.value = draft.note;
  note.addEventListener("change", () => { draft.note = note.value.trim(); keep(me); });
  const sendIt = button("send", "task.send", () => finish(me, note.value.trim(), sendIt), true);
  const weigh = () => { sendIt.disabled = !draft.place; };
  const place = placeField(draft, choices().areas, async () => { await keep(me); weigh(); });
  weigh();
  fill(page, el("p", {}, el("b", {}, say(draft.title))), place, note, el("div", { class: "grow" }),
    el("div", { class: "bottom" }, button("handled", "report.handled", () => { draft.note = note.value.trim(); to("handled")(); }), sendIt));
}

function showHandled(me, page) {
  header(t("report.handled"), "#/report/place");
  const again = () => showHandled(me, page);
  const { after } = draft.photos;
  const sendIt = after && button("send", "report.handled.send", () => finish(me, draft.note, sendIt), true);
  const weigh = () => { sendIt.disabled = !draft.place; };
  // Where the phone has not yet found itself, that is waited for here, or the grid is chosen.
  const place = after && !draft.place && placeField(draft, choices().areas, async () => { await keep(me); weigh(); });
  if (after) weigh();
  fill(page, el("p", {}, t("report.handled.hint")), preview("after"), place, el("div", { class: "grow" }),
    el("div", { class: "bottom" }, camera(me, "after", after ? "task.again" : "report.after", again, !after), sendIt));
}

async function finish(me, note, pressed) {
  pressed.disabled = true;
  const { report, photos, label, title, place, taken_at } = draft;
  try {
    await put({ id: report, by: me.id, kind: "report", title: say(title), label, place, note, photos, taken_at });
  } catch {
    pressed.disabled = false;
    pressed.before(el("div", { class: "notice bad", role: "alert" }, t("report.full")));
    return;
  }
  await drop(draftId(me));
  draft = null;
  await deliver({ id: report, title: say(title), photo: photos.near });
}

// One request brings the whole report; the centre knows it by its id, however often it comes.
export async function sendReport(item) {
  const form = new FormData();
  form.append("said", JSON.stringify({ id: item.id, label: item.label, taken_at: item.taken_at, note: item.note, place: item.place }));
  for (const [name, photo] of Object.entries(item.photos)) form.append(name, photo, `${name}.jpg`);
  return post("/reports", form);
}

export function reportWords(item, told) {
  const key = told.handled ? "report.told.handled" : told.joined ? "report.told.joined" : "report.told";
  return t(key, { what: item.title, number: told.number, state: say(told.status_words) });
}

export async function showReport(me, step, page) {
  await begun(me);
  if (step !== "photos" && !draft.photos.near) { location.replace("#/report/photos"); return; }
  if (["place", "handled"].includes(step) && !draft.label) { location.replace("#/report/class"); return; }
  // Whoever is quicker than the first answer waits for it, rather than be offered nothing.
  if (step !== "photos" && !choices().classes.length) await rememberChoices();
  if (location.hash !== `#/report/${step}`) return;
  ({ photos: showPhotos, class: showClasses, place: showPlace, handled: showHandled })[step]?.(me, page);
}
