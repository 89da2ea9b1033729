// The worker's phone: my tasks, go there, done with a photo. One screen, one decision.
import { Problem, get, post, remove } from "/web/shared/api.js";
import { el, fill, photo } from "/web/shared/dom.js";
import { signIn } from "/web/shared/sign_in.js";
import { dueWords, moment, say, size, switchLanguage, t } from "/web/shared/words.js";
import { drop, flush, put, waiting } from "/web/worker/outbox.js";

const bar = document.getElementById("bar");
const page = document.getElementById("page");
let mine = { tasks: [], as_of: null };
let offline = null;

const ICON = { green: "●", yellow: "▲", red: "■" };
const TONE = { green: "ok", yellow: "warn", red: "late" };

function setElder(on) {
  localStorage.setItem("xunhuan.elder", on ? "1" : "");
  document.documentElement.classList.toggle("elder", on);
}
setElder(localStorage.getItem("xunhuan.elder") === "1");

function header(title, { back } = {}) {
  const elder = document.documentElement.classList.contains("elder");
  fill(bar,
    back && el("button", { onclick: () => { location.hash = back; }, "aria-label": t("task.back") }, "‹"),
    el("h1", {}, title),
    !back && el("button", { onclick: () => { setElder(!elder); route(); } }, t(elder ? "elder.off" : "elder.on")),
    !back && el("button", { onclick: switchLanguage }, t("lang.other")),
    !back && el("button", { onclick: async () => { await remove("/session"); location.reload(); } }, t("sign.out")));
}

function due(task) {
  if (!task.due_at) return null;
  const left = new Date(task.due_at) - Date.now();
  const alarm = left < 0 ? "red" : left < 0.2 * (new Date(task.due_at) - new Date(task.made_at)) ? "yellow" : "green";
  return el("span", { class: `mark ${TONE[alarm]}` }, `${ICON[alarm]} ${dueWords(task.due_at)}`);
}

function card({ task, line }) {
  return el("button", { class: "card", "data-task": task.id, onclick: () => { location.hash = `#/task/${task.id}`; } },
    line.picture ? el("img", { src: `/api/v1/evidence/${line.picture.sha256}`, alt: "", loading: "lazy" }) : null,
    el("span", { class: "facts" },
      el("b", {}, say(line.category.name)),
      el("span", { class: "soft" }, say(task.kind_words)),
      el("span", {}, line.place.address || `${line.place.latitude.toFixed(5)}, ${line.place.longitude.toFixed(5)}`),
      el("span", {}, due(task), " ", line.rendered ? el("span", { class: "rendered" }, t("rendered")) : null)));
}

async function waitingNotice() {
  const items = await waiting();
  if (!items.length) return null;
  return el("div", { class: "notice" }, t("task.waiting", { n: items.length }),
    items.filter((item) => item.refused).map((item) => el("p", {}, `${item.title}：${item.refused} `,
      el("button", { onclick: async () => { await drop(item.id); route(); } }, "✓"))));
}

async function list() {
  const soon = mine.tasks.filter(({ task }) => task.due_at && new Date(task.due_at) - Date.now() < 3_600_000).length;
  header(t("tasks.today", { n: mine.tasks.length }) + (soon ? ` · ${t("tasks.soon", { n: soon })}` : ""));
  fill(page,
    offline && el("div", { class: "notice bad", role: "status" }, t("stale", { at: moment(mine.as_of) })),
    await waitingNotice(),
    mine.tasks.length ? mine.tasks.map(card) : el("p", { class: "soft" }, t("tasks.none")));
}

function facts(line) {
  return el("div", { class: "facts" },
    line.measure && el("span", {}, `${size(line.measure)}${line.threshold ? ` · ${say(line.threshold)}` : ""}`),
    el("span", {}, `${line.place.address} · ${t("place.error", { m: line.place.ce90_m.toFixed(1) })}`),
    line.rendered && el("span", { class: "rendered" }, t("rendered")));
}

function mapLink({ place }) { return `geo:${place.latitude},${place.longitude}?q=${place.latitude},${place.longitude}`; }

async function queue(item) {
  await put(item);
  mine.tasks = mine.tasks.filter(({ task }) => task.id !== item.task);
  location.hash = "#/";
  await flush(send).catch(() => {});
  await refresh();
}

async function send(item) {
  if (item.photo) {
    const form = new FormData();
    form.append("file", item.photo, "photo.jpg");
    form.append("purpose", item.purpose);
    form.append("taken_at", item.kept_at);
    form.append("id", item.id);
    await post(`/cases/${item.case}/photos`, form);
  }
  await post(`/cases/${item.case}/${item.action}`, { version: item.version, note: item.note ?? "" });
}

function act(entry, action, extra = {}) {
  return queue({ task: entry.task.id, case: entry.line.id, version: entry.line.version, title: say(entry.line.category.name), action, ...extra });
}

function buttons(entry) {
  const { task, line } = entry;
  const go = el("a", { class: "button", href: mapLink(line) }, t("task.go"));
  const trouble = el("button", { onclick: () => { location.hash = `#/trouble/${task.id}`; } }, t("task.trouble"));
  if (task.kind === "confirm") {
    return [go, el("div", { class: "two" },
      el("button", { id: "confirm", class: "main", onclick: () => act(entry, "confirm") }, t("task.true")),
      el("button", { id: "refute", onclick: () => { location.hash = `#/refute/${task.id}`; } }, t("task.false")))];
  }
  if (task.kind === "check") {
    return [go, el("div", { class: "two" },
      el("button", { id: "approve", class: "main", onclick: () => act(entry, "approve") }, t("task.repaired")),
      el("button", { id: "send-back", onclick: () => { location.hash = `#/send-back/${task.id}`; } }, t("task.still")))];
  }
  if (line.status === "dispatched") {
    return [go, trouble, el("button", { id: "accept", class: "main", onclick: () => accept(entry) }, t("task.accept"))];
  }
  return [go, trouble, el("button", { id: "done", class: "main", onclick: () => { location.hash = `#/photo/${task.id}`; } }, t("task.done"))];
}

async function accept(entry) {
  try {
    const after = await post(`/cases/${entry.line.id}/accept`, { version: entry.line.version, note: "" });
    Object.assign(entry.line, { version: after.version, status: after.status });
    route();
  } catch (problem) { shout(problem); }
}

function shout(problem) {
  page.prepend(el("div", { class: "notice bad", role: "alert" }, problem.message, " ", el("span", { class: "soft" }, t("problem.code", { code: problem.code }))));
}

async function task(entry) {
  header(say(entry.line.category.name), { back: "#/" });
  const story = await get(`/cases/${entry.line.id}`).catch(() => null);
  const before = story?.sights.flatMap((sight) => sight.evidence) ?? (entry.line.picture ? [entry.line.picture] : []);
  const after = story?.photos.flatMap((each) => each.evidence) ?? [];
  const suggestion = entry.task.suggestion && entry.line.verdict;
  fill(page,
    el("div", {}, due(entry.task), " ", el("span", { class: "soft" }, say(entry.task.kind_words))),
    suggestion && el("div", { class: "notice" }, `${t("task.suggestion")}：${say(entry.line.verdict.sentence)}`),
    entry.task.kind === "check" && after.length
      ? el("div", { class: "pair" },
        before.slice(0, 1).map((each) => el("div", {}, t("case.before"), photo(each, t("case.before")))),
        after.slice(0, 1).map((each) => el("div", {}, t("case.after"), photo(each, t("case.after")))))
      : before.slice(0, 2).map((each) => photo(each, say(entry.line.category.name))),
    facts(entry.line),
    el("div", { class: "grow" }),
    el("div", { class: "bottom" }, buttons(entry)));
}

async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
}

function takePhoto(entry) {
  header(t("task.photo"), { back: `#/task/${entry.task.id}` });
  const shown = el("div");
  const sendButton = el("button", { id: "send", class: "main", disabled: true }, t("task.send"));
  let taken = null;
  const input = el("input", { id: "camera", class: "visually-hidden", type: "file", accept: "image/*", capture: "environment", onchange: async () => {
    if (!input.files[0]) return;
    taken = await shrink(input.files[0]);
    fill(shown, el("img", { class: "preview", src: URL.createObjectURL(taken), alt: t("case.after") }));
    sendButton.disabled = false;
  } });
  sendButton.addEventListener("click", () => { sendButton.disabled = true; act(entry, "finish", { photo: taken, purpose: "after" }); });
  fill(page, el("p", { class: "soft" }, t("task.photo.hint")),
    entry.line.picture && photo(entry.line.picture, t("case.before")), shown, el("div", { class: "grow" }),
    el("div", { class: "bottom" }, el("label", { class: "button", for: "camera" }, t("task.photo")), input, sendButton));
}

function reason(entry, action) {
  header(t("task.reason"), { back: `#/task/${entry.task.id}` });
  const words = el("textarea", { id: "reason", required: true, "aria-label": t("task.reason") });
  fill(page, words, el("div", { class: "grow" }), el("div", { class: "bottom" },
    el("button", { id: "send", class: "main", onclick: () => { if (words.value.trim()) act(entry, action, { note: words.value.trim() }); else words.focus(); } }, t("task.send"))));
}

async function route() {
  const [, view, id] = location.hash.split("/");
  const entry = mine.tasks.find(({ task: each }) => each.id === id);
  if (!view || !entry) return list();
  const views = { task, photo: takePhoto, trouble: (e) => reason(e, "decline"), refute: (e) => reason(e, "refute"), "send-back": (e) => reason(e, "send-back") };
  await views[view](entry);
  page.focus();
}

async function refresh() {
  try {
    mine = await get("/tasks/mine");
    offline = null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return signIn({ bar, page, title: t("app.worker"), then: start });
    offline = problem;
  }
  return route();
}

async function start() {
  await flush(send).catch(() => {});
  await refresh();
}

window.addEventListener("hashchange", route);
window.addEventListener("online", start);
document.addEventListener("visibilitychange", () => { if (!document.hidden) start(); });
setInterval(() => { if (!document.hidden && (!location.hash || location.hash === "#/")) start(); }, 20_000);
start();
