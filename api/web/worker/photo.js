// The photo of the work: taken from where the picture of before was, by the live view or the phone's own camera.
import { now } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { address, photo, shrink, slider } from "/web/shared/photos.js";
import { t } from "/web/shared/words.js";
import { keptStory } from "/web/worker/ahead.js";
import { draftOf, put } from "/web/worker/outbox.js";
import { photoDraft } from "/web/worker/queue.js";
import { isAllowed, look, mayLook } from "/web/worker/viewfinder.js";
import { act, header, keepPhoto, person } from "/web/worker/worker.js";

// What the live view may be matched with: the thing from near, and where it lies from afar.
function takenBefore(line) {
  const seen = (keptStory(line.id)?.sights ?? []).flatMap((each) => each.evidence);
  const near = seen.find((each) => each.kind === "near") ?? line.picture;
  const context = seen.find((each) => each.kind === "context");
  const kinds = [["finder.near", near], ["finder.context", context]].filter(([, each]) => each);
  return kinds.map(([key, each]) => ({ key, source: address(each, line.id) }));
}

export function showBefore(entry, page) { return showPhoto(entry, page, { before: true }); }

// A photo is on the phone as soon as it is taken, so that a page which the phone ends loses none.
export async function showPhoto(entry, page, { before: early = false } = {}) {
  const { line, task } = entry;
  header(t(early ? "task.photo.before" : "task.photo"), `#/task/${task.id}`);
  const shown = el("div", { class: "shown" });
  const bottom = el("div", { class: "bottom" });
  const input = el("input", { id: "camera", class: "visually-hidden", type: "file", accept: "image/*", capture: "environment" });
  const safe = () => el("p", { class: "soft" }, t("task.photo.safe"));
  const own = (key, main) => el("label", { class: main ? "button main" : "button", for: "camera" }, t(key));
  const live = await mayLook();
  const kept = early ? null : await draftOf(photoDraft(task.id));
  if (!location.hash.endsWith(`/${task.id}`)) return;

  const take = (key, main) => (live ? el("button", { id: "look", class: main ? "main" : "", onclick: view }, t(key)) : own(key, main));
  const offer = ({ photo: taken, taken_at }) => {
    const picture = URL.createObjectURL(taken);
    fill(shown, line.picture ? slider(address(line.picture, line.id), picture) : el("img", { class: "preview", src: picture, alt: t("case.after") }));
    const send = el("button", { id: "send", class: "main", onclick: () => {
      send.disabled = true;
      early ? keepPhoto(entry, taken) : act(entry, "finish", { photo: taken, taken_at, purpose: "after", words: t("task.photo") });
    } }, t("task.send"));
    fill(bottom, safe(), take("task.again", false), send, input);
  };
  const keep = async (taken) => {
    // What is shown is on the phone, so that a page which ends now loses nothing.
    const isFull = !early && await put({ ...taken, id: photoDraft(task.id), by: person(), draft: true }).then(() => false, () => true);
    offer(taken);
    if (isFull) bottom.prepend(el("div", { class: "notice bad", role: "alert" }, t("report.full")));
  };
  const begin = (complaint) => {
    const before = line.picture && photo(line.picture, t("case.before"), line.id);
    fill(shown, complaint && el("div", { class: "notice bad", role: "alert" }, complaint),
      el("p", {}, t(early ? "task.photo.before.hint" : "task.photo.hint"), " ", line.rendered && el("span", { class: "rendered" }, t("rendered"))), before);
    fill(bottom, safe(), live && !complaint ? [own("finder.otherwise", false), take("task.shoot", true)] : own("task.shoot", true), input);
  };
  const view = () => look({ shown, bottom, befores: takenBefore(line), otherwise: [own("finder.otherwise", false), input], taken: keep, failed: begin });

  input.addEventListener("change", async () => {
    if (input.files[0]) await keep({ photo: await shrink(input.files[0]), taken_at: new Date(now()).toISOString() });
  });
  fill(page, shown, el("div", { class: "grow" }), bottom);
  if (kept) offer(kept);
  else if (live && await isAllowed()) await view();
  else begin();
}
