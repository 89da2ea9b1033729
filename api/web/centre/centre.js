// The operations centre: what waits, the chosen queue, and the case, the map or the figures beside it.
import "/web/centre/desk_words.js";
import { Problem, get, now, remove } from "/web/shared/api.js";
import { alarmMark, el, fill } from "/web/shared/dom.js";
import { thumbnail } from "/web/shared/photos.js";
import { signIn } from "/web/shared/sign_in.js";
import { ago, dueWords, keepTimeOf, moment, say, switchLanguage, t } from "/web/shared/words.js";
import { showCase } from "/web/centre/case.js";
import { clearTicks, showBatch, tick, tickBox } from "/web/centre/batch.js";
import { alarming, fetchDevices, showDevices } from "/web/centre/devices.js";
import { showFigures } from "/web/centre/figures.js";
import { showMap } from "/web/centre/map.js";
import { maySeeRetention, showRetention } from "/web/centre/retention.js";
import { drawSearch, narrowed } from "/web/centre/search.js";
import { maySeeSuppressed, showSuppressed } from "/web/centre/suppressed.js";

const bar = document.getElementById("bar");
const page = document.getElementById("page");
const help = document.getElementById("help");
const notices = document.getElementById("notices");
const asked = new URLSearchParams(location.search);
const state = { me: null, queue: asked.get("queue") ?? "", overdue: asked.get("overdue") === "yes", number: asked.get("number") ?? "", queues: [], open: null, lines: [], next: null, as_of: null, stale: false, devices: null };
const PAGE = 50;
const AT_ONCE = 200;
let places = null;
let turn = 0;

// What is drawn anew keeps the focus where it was, for those who work by keyboard.
function redraw(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const name = focused && ["id", "data-tick", "data-case", "data-queue"].find((each) => focused.hasAttribute(each));
  const mark = name && `[${name}="${CSS.escape(focused.getAttribute(name))}"]`;
  fill(place, ...children);
  if (mark) place.querySelector(mark)?.focus({ preventScroll: true });
}

function tab(name, words) {
  const here = location.hash.split("/")[1] ?? "map";
  return el("button", { id: `to-${name}`, "aria-current": here === name && "page", onclick: () => { location.hash = `#/${name}`; } }, words);
}

function deviceWords() {
  const n = alarming(state.devices).length;
  return n ? el("span", { class: "mark late", id: "device-alarm" }, `■ ${t("devices.alarm", { n })}`) : t("devices.title");
}

function header() {
  redraw(bar, el("h1", {}, `${t("app.name")} · ${t("app.centre")}`),
    el("span", { class: state.stale ? "mark late" : "soft", role: "status", id: "as-of" }, state.as_of ? t(state.stale ? "stale" : "as_of", { at: moment(state.as_of) }) : ""),
    tab("map", t("map.title")), tab("figures", t("figures.title")), state.me && maySeeSuppressed(state.me) && tab("suppressed", t("suppressed.title")), state.devices && tab("devices", deviceWords()), state.me && maySeeRetention(state.me) && tab("retention", t("keep.title")),
    el("button", { id: "language", onclick: switchLanguage }, t("lang.other")),
    el("span", { class: "soft" }, state.me?.name ?? ""),
    el("button", { id: "sign-out", onclick: async () => { await remove("/session").catch(() => {}); location.reload(); } }, t("sign.out")));
}

function frame() {
  places = { queues: el("nav", { "aria-label": t("queue.title") }), list: el("section", { id: "list" }), search: el("div", {}), batch: el("div", {}), lines: el("div", {}), side: el("section", { id: "side" }) };
  fill(places.list, places.search, places.batch, places.lines);
  drawSearch(places.search, state, narrow);
  fill(page, el("div", { class: "desk" }, places.queues, places.list, places.side));
}

async function narrow(asked) {
  clearTicks();
  Object.assign(state, { lines: [], next: null });
  Object.assign(state, asked);
  const url = new URL(location.href);
  for (const [name, value] of Object.entries({ queue: state.queue, overdue: state.overdue ? "yes" : "", number: state.number })) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
  await refresh();
  if ((location.hash.split("/")[1] ?? "map") === "map") await route();
}

function queueButton(queue) {
  return el("button", { class: queue.count ? "" : "none", "aria-current": state.queue === queue.status && "true", onclick: () => narrow({ queue: queue.status }), "data-queue": queue.status },
    el("span", {}, say(queue.words)), el("b", {}, queue.more ? t("queue.more", { n: queue.count }) : String(queue.count)),
    (queue.oldest || queue.overdue > 0) && el("small", {}, queue.oldest ? t("queue.oldest", { at: ago(queue.oldest, now()) }) : "",
      queue.overdue > 0 && el("span", { class: "mark late" }, `■ ${t("queue.late", { n: queue.overdue })}`)));
}

// Cases of one queue can be decided on together; of all queues together nothing can.
function row(each) {
  return state.queue ? el("div", { class: "ticked-line" }, tickBox(each, toggled), line(each)) : line(each);
}

function toggled(id, how) {
  tick(state.lines, id, how);
  drawList();
  drawBatch();
}

function drawBatch() {
  showBatch(places.batch, state.queue, async () => { await refresh(); await route(); });
}

function line(each) {
  return el("button", { class: "line", "data-case": each.id, "aria-current": state.open === each.id && "true", onclick: () => { location.hash = `#/case/${each.id}`; } },
    each.picture ? thumbnail(each.picture, each.id) : el("span", { class: "no-picture" }),
    el("span", {},
      el("b", {}, say(each.category.name)), " ", el("span", { class: "mark wait" }, say(each.status_words)),
      el("small", {}, [each.number, each.place.address || moment(each.reported_at)].join(" · ")),
      el("small", { class: "marks" }, each.due_at && alarmMark(each.alarm, dueWords(each.due_at, now())),
        each.department_words && el("span", {}, say(each.department_words)), each.source !== "patrol" && el("span", {}, t(`report.by.${each.source}`)), each.rendered && el("span", { class: "rendered" }, t("rendered"))),
      each.verdict && each.status === "handled" && el("small", {}, say(each.verdict.sentence ?? each.verdict.words))));
}

function drawList() {
  const chosen = state.queues.find((queue) => queue.status === state.queue);
  redraw(places.lines, state.lines.map(row),
    !state.lines.length && el("p", { class: "soft empty" }, narrowed(state) ? t("list.none") : t("queue.empty", { name: chosen ? say(chosen.words) : t("queue.all") })),
    state.next && el("button", { class: "more", onclick: more }, t("list.more")));
}

function listPath(after, limit = PAGE) {
  const query = new URLSearchParams({ limit });
  if (state.queue) query.set("status", state.queue);
  if (state.overdue) query.set("overdue", "yes");
  if (state.number) query.set("number", state.number);
  if (after) query.set("after", after);
  return `/cases?${query}`;
}

async function more() {
  const next = await get(listPath(state.next));
  state.lines.push(...next.cases);
  state.next = next.next;
  drawList();
}

// As much as somebody has gone through is read anew; what is beyond one answer stays as it was.
async function listAnew() {
  const page = await get(listPath(null, Math.min(AT_ONCE, Math.max(PAGE, state.lines.length))));
  const known = new Set(page.cases.map((each) => each.id));
  const beyond = state.lines.slice(AT_ONCE).filter((each) => !known.has(each.id));
  return { lines: [...page.cases, ...beyond], next: beyond.length ? state.next : page.next, as_of: page.as_of };
}

async function refresh() {
  try {
    const [me, queues, cases, noted] = await Promise.all([get("/session"), get("/queues"), listAnew(), get("/notices")]);
    keepTimeOf(me.zone);
    Object.assign(state, { me, queues, ...cases, devices: await fetchDevices(me), stale: false });
    if (!places) frame();
    const all = { status: "", words: { zh: t("queue.all"), en: t("queue.all") }, count: queues.reduce((sum, queue) => sum + queue.count, 0), more: queues.some((queue) => queue.more), oldest: null, overdue: 0 };
    redraw(places.queues, [...queues, all].map(queueButton));
    fill(notices, noted.map((each) => el("div", { class: "notice warn" }, `▲ ${say(each.words)}`)));
    drawList();
    if (!places.batch.contains(document.activeElement)) drawBatch();
    header();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) { places = null; signIn({ bar, page, title: t("app.centre"), then: start }); return; }
    if (problem.status === 422 && places) { fill(places.lines, complaint(problem)); return; }
    state.stale = true;
    header();
    if (!places) fill(page, complaint(problem));
  }
}

function complaint(problem) {
  return el("div", { class: "notice bad", role: "alert" }, problem.message, " ", el("span", { class: "soft" }, t("problem.code", { code: problem.code })));
}

async function route() {
  if (!places) return;
  const [, view, id, part] = location.hash.split("/");
  state.open = view === "case" ? id : null;
  for (const button of places.list.querySelectorAll("[data-case]")) {
    if (button.dataset.case === state.open) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); }
    else button.removeAttribute("aria-current");
  }
  header();
  const mine = turn += 1;
  // What was asked for earlier and comes later is drawn over nothing: somebody may be writing there.
  const late = () => mine !== turn;
  places.side.setAttribute("aria-busy", "true");
  try {
    if (view === "case") await showCase(places.side, id, { me: state.me, changed: async () => { await refresh(); await route(); } });
    else if (view === "suppressed") await showSuppressed(places.side, late);
    else if (view === "devices") await showDevices(places.side, state.me, late);
    else if (view === "retention") await showRetention(places.side, state.me, id, late);
    else if (view === "figures") await showFigures(places.side, id, part === undefined ? null : decodeURIComponent(part), state.me, late);
    else await showMap(places.side, { component: view === "map" ? id : null, me: state.me, lines: state.lines, queue: state.queue, open: (each) => { location.hash = `#/case/${each}`; } });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (!late()) fill(places.side, complaint(problem));
  }
  if (!late()) places?.side.removeAttribute("aria-busy");
}

async function step(by) {
  const at = state.lines.findIndex((each) => each.id === state.open);
  if (at + by === state.lines.length && state.next) await more();
  const to = state.lines[Math.min(state.lines.length - 1, Math.max(0, at + by))];
  if (to) location.hash = `#/case/${to.id}`;
}

function showHelp() {
  fill(help, el("p", {}, t("help.keys")), el("form", { method: "dialog" }, el("button", { class: "main" }, t("task.seen"))));
  help.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = {
    "/": () => { event.preventDefault(); places?.search.querySelector("#find-number")?.focus(); },
    x: () => state.queue && state.open && toggled(state.open, { through: event.shiftKey }),
    j: () => step(1), k: () => step(-1), m: () => { location.hash = "#/map"; }, "?": showHelp,
    a: () => places?.side.querySelector(".choices .main")?.focus(), r: () => { event.preventDefault(); places?.side.querySelector("#note")?.focus(); },
  };
  (keys[event.key] ?? keys[event.key.toLowerCase()])?.();
});

async function start() {
  await refresh();
  await route();
}

window.addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => { if (!document.hidden && places) refresh(); });
setInterval(() => { if (!document.hidden && places) refresh(); }, 15_000);
start();
