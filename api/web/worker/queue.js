// What waits on the phone: each thing with its picture, since when, and the way to take it back before it goes.
import { el, fill } from "/web/shared/dom.js";
import { moment, t } from "/web/shared/words.js";
import { drop, put, waiting } from "/web/worker/outbox.js";

export const photoDraft = (task) => `photo-${task}`;

function picture(item) {
  const shot = item.photo ?? item.photos?.near;
  return shot ? el("img", { src: URL.createObjectURL(shot), alt: "" }) : el("span", {});
}

// A photo that was taken stays with its task, so that taking back costs no second way to the spot.
export async function takeBack(item) {
  if (item.photo && item.purpose === "after") {
    await put({ id: photoDraft(item.task), by: item.by, draft: true, photo: item.photo, taken_at: item.taken_at });
  }
  await drop(item.id);
}

function card(item, all, { back, again }) {
  const later = all.some((other) => other.task === item.task && other.kept_at > item.kept_at);
  const may = item.task && item.entry && !later;
  return el("div", { class: "item", "data-item": item.id }, picture(item),
    el("div", {}, el("b", {}, item.title), el("p", {}, item.kind === "report" ? t("report.title") : item.words ?? item.note),
      el("p", { class: "soft" }, t("queue.since", { at: moment(item.taken_at ?? item.kept_at) }))),
    may && el("button", { class: "back-out", onclick: async () => { await takeBack(item); back(item); again(); } }, t("queue.back")));
}

export async function showQueue(person, page, acts) {
  const all = (await waiting(person)).filter((item) => !item.refused);
  const again = () => showQueue(person, page, acts);
  if (location.hash !== "#/waiting") return;
  fill(page, el("p", {}, t(all.length ? "queue.hint" : "queue.none")), all.map((item) => card(item, all, { ...acts, again })),
    el("div", { class: "grow" }),
    all.length && el("div", { class: "bottom" }, el("button", { id: "send-now", class: "main", onclick: async (event) => {
      event.currentTarget.disabled = true;
      await acts.sendNow();
      again();
    } }, t("queue.now"))));
}
