// The operations centre: what waits, the chosen queue, and the case, the map or the figures beside it.
import "/web/centre/desk_words.js";
import { Problem, get, now, remove } from "/web/shared/api.js";
import { alarmMark, el, fill } from "/web/shared/dom.js";
import { thumbnail } from "/web/shared/photos.js";
import { onRoom, room } from "/web/shared/room.js";
import { signIn } from "/web/shared/sign_in.js";
import { ago, dueWords, keepTimeOf, moment, say, stands, switchLanguage, t, where } from "/web/shared/words.js";
import { showCase } from "/web/centre/case.js";
import { clearTicks, showBatch, tick, tickBox } from "/web/centre/batch.js";
import { alarming, fetchDevices, showDevices } from "/web/centre/devices.js";
import { showFigures } from "/web/centre/figures.js";
import { focusChoice, onKeys, showHelp } from "/web/centre/keys.js";
import { showMap } from "/web/centre/map.js";
import { MINE, linesOfMine, queueOfMine } from "/web/centre/mine.js";
import { maySeeRetention, showRetention } from "/web/centre/retention.js";
import { drawSearch, narrowed } from "/web/centre/search.js";
import { maySeeSuppressed, showSuppressed } from "/web/centre/suppressed.js";

const bar = document.getElementById("bar");
const page = document.getElementById("page");
const help = document.getElementById("help");
const notices = document.getElementById("notices");
const asked = new URLSearchParams(location.search);
const state = { me: null, queue: asked.get("queue") ?? "", overdue: asked.get("overdue") === "yes", number: asked.get("number") ?? "", order: asked.get("order") === "newest" ? "newest" : "", by: "newest", queues: [], mine: null, open: null, at: -1, lines: [], next: null, as_of: null, stale: false, devices: null };
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
  const here = location.hash.split("/")[1] || (room() === "narrow" ? "list" : "map");
  return el("button", { id: `to-${name}`, "aria-current": here === name && "page", onclick: () => { location.hash = `#/${name}`; } }, words);
}

function deviceWords() {
  const n = alarming(state.devices).length;
  return n ? el("span", { class: "mark late", id: "device-alarm" }, `■ ${t("devices.alarm", { n })}`) : t("devices.title");
}

function header() {
  redraw(bar, places?.desk.dataset.showing === "side" && el("a", { id: "to-list", class: "button", href: "#/" }, `‹ ${t("list.back")}`), el("h1", {}, `${t("app.name")} · ${t("app.centre")}`),
    el("span", { class: state.stale ? "mark late" : "soft", role: "status", id: "as-of" }, state.as_of ? t(state.stale ? "stale" : "as_of", { at: moment(state.as_of) }) : ""),
    tab("map", t("map.title")), tab("figures", t("figures.title")), state.me && maySeeSuppressed(state.me) && tab("suppressed", t("suppressed.title")), state.devices && tab("devices", deviceWords()), state.me && maySeeRetention(state.me) && tab("retention", t("keep.title")),
    el("button", { id: "language", onclick: switchLanguage }, t("lang.other")),
    el("span", { class: "soft" }, state.me?.name ?? ""),
    el("button", { id: "sign-out", onclick: async () => { await remove("/session").catch(() => {}); location.reload(); } }, t("sign.out")));
}

function frame() {
  places = { desk: el("div", { class: "desk", "data-showing": "list" }), queues: el("nav", { "aria-label": t("queue.title") }), list: el("section", { id: "list" }), search: el("div", {}), batch: el("div", {}), lines: el("div", {}), side: el("section", { id: "side" }) };
  fill(places.list, places.search, places.batch, places.lines);
  drawSearch(places.search, state, narrow);
  fill(places.desk, places.queues, places.list, places.side);
  fill(page, places.desk);
}

async function narrow(asked) {
  clearTicks();
  Object.assign(state, { lines: [], next: null });
  Object.assign(state, asked);
  const url = new URL(location.href);
  for (const [name, value] of Object.entries({ queue: state.queue, overdue: state.overdue ? "yes" : "", number: state.number, order: state.order })) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(null, "", url);
  await refresh();
  if ((location.hash.split("/")[1] || "map") === "map") await route();
}

function queueButton(queue) {
  return el("button", { class: queue.count ? "" : "none", "aria-current": state.queue === queue.status && "true", onclick: () => narrow({ queue: queue.status }), "data-queue": queue.status },
    el("span", {}, say(queue.words)), el("b", {}, queue.more ? t("queue.more", { n: queue.count }) : String(queue.count)),
    (queue.oldest || queue.overdue > 0) && el("small", {}, queue.oldest ? el("span", { class: "age" }, t("queue.oldest", { at: ago(queue.oldest, now()) })) : "",
      queue.overdue > 0 && el("span", { class: "mark late" }, `■ ${t("queue.late", { n: queue.overdue })}`)));
}

// Cases of one queue can be decided on together; over several queues nothing can.
function isBatched() { return Boolean(state.queue) && state.queue !== MINE; }

function row(each) {
  const shown = each.merged_into ? el("div", {}, line(each), goesOn(each.merged_into)) : line(each);
  return isBatched() ? el("div", { class: "ticked-line" }, tickBox(each, toggled), shown) : shown;
}

// It came because a case with the number that was asked for was merged into it.
function isUnderAnother(each) { return Boolean(state.number) && !each.number.includes(state.number.toUpperCase()); }

// Whoever has the old number goes on with the case that goes on.
function goesOn(into) {
  return el("a", { class: "goes-on", "data-into": into.id, href: `#/case/${into.id}` }, `→ ${t("case.into.open", { number: into.number, state: say(into.status_words) })}`);
}

function toggled(id, how) {
  tick(state.lines, id, how);
  drawList();
  drawBatch();
}

function drawBatch() {
  showBatch(places.batch, isBatched() ? state.queue : "", async () => { await refresh({ isWhole: true }); await route(); });
}

function line(each) {
  return el("button", { class: "line", "data-case": each.id, "aria-current": state.open === each.id && "true", onclick: () => { location.hash = `#/case/${each.id}`; } },
    each.picture ? thumbnail(each.picture, each.id) : el("span", { class: "no-picture" }),
    el("span", {},
      el("b", {}, say(each.category.name)), " ", el("span", { class: `mark ${each.merged_into ? "held" : "wait"}` }, stands(each)),
      each.task && el("small", { class: "todo" }, say(each.task.kind_words)),
      el("small", {}, [each.number, where(each)].join(" · ")),
      isUnderAnother(each) && el("small", { class: "under" }, t("list.under", { number: state.number })),
      el("small", { class: "marks" }, !each.due_at && el("span", {}, moment(each.reported_at)), each.due_at && alarmMark(each.alarm, dueWords(each.due_at, now())),
        each.department_words && el("span", {}, say(each.department_words)), each.source !== "patrol" && el("span", {}, t(`report.by.${each.source}`)), each.rendered && el("span", { class: "rendered" }, t("rendered"))),
      each.verdict && each.status === "handled" && el("small", {}, say(each.verdict.sentence ?? each.verdict.words))));
}

// What waits goes by deadline unless somebody would rather see the newest first.
function order() {
  const timed = state.queue !== MINE && (state.overdue || (state.queue && !["closed", "void"].includes(state.queue)));
  return timed && state.lines.length > 1 && el("p", { class: "order soft" }, t(`list.by.${state.by}`), " ",
    el("button", { id: "order", onclick: () => narrow({ order: state.order ? "" : "newest" }) }, t(state.by === "newest" ? "list.to.deadline" : "list.to.newest")));
}

function drawList() {
  const chosen = [queueOfMine(state.mine), ...state.queues].find((queue) => queue.status === state.queue);
  redraw(places.lines, order(), state.lines.map(row),
    !state.lines.length && el("p", { class: "soft empty" }, narrowed(state) ? t("list.none") : t("queue.empty", { name: chosen ? say(chosen.words) : t("queue.all") })),
    state.next && el("button", { class: "more", onclick: more }, t("list.more")));
}

function listPath(after, limit = PAGE) {
  const query = new URLSearchParams({ limit });
  if (state.queue) query.set("status", state.queue);
  if (state.overdue) query.set("overdue", "yes");
  if (state.number) query.set("number", state.number);
  if (state.order) query.set("order", state.order);
  if (after) query.set("after", after);
  return `/cases?${query}`;
}

async function more() {
  const about = listPath(null);
  const next = await get(listPath(state.next));
  if (about !== listPath(null)) return;
  // What somebody gave more time meanwhile comes again, at its new place.
  const again = new Set(next.cases.map((each) => each.id));
  state.lines = [...state.lines.filter((each) => !again.has(each.id)), ...next.cases];
  state.next = next.next;
  drawList();
}

// As much as somebody has gone through is read anew, after their own decision all of it; what is beyond one answer
// otherwise, or was leafed to while it was asked for, stays: that is reckoned when it is shown.
async function listAnew(isWhole) {
  if (state.queue === MINE) return () => ({ lines: linesOfMine(state.mine, state), next: null, as_of: state.mine.as_of });
  const had = isWhole ? state.lines.length : Math.min(AT_ONCE, state.lines.length);
  const limit = Math.max(PAGE, Math.min(AT_ONCE, had));
  let page = await get(listPath(null, limit));
  const known = new Map(page.cases.map((each) => [each.id, each]));
  while (page.next && known.size < had) {
    page = await get(listPath(page.next, limit));
    for (const each of page.cases) known.set(each.id, each);
  }
  return () => {
    const beyond = state.lines.slice(had).filter((each) => !known.has(each.id));
    return { lines: [...known.values(), ...beyond], next: beyond.length ? state.next : page.next, by: page.order, as_of: page.as_of };
  };
}

// What was asked earlier, or of another queue, and comes later is not shown over what was asked since.
let begun = 0;
let shown = 0;
async function refresh({ isWhole = false } = {}) {
  const mine = begun += 1;
  const about = listPath(null);
  const late = () => mine < shown || about !== listPath(null);
  try {
    state.mine = await get("/tasks/mine");
    const [me, queues, cases, noted] = await Promise.all([get("/session"), get("/queues"), listAnew(isWhole), get("/notices")]);
    const devices = await fetchDevices(me);
    if (late()) return;
    shown = mine;
    keepTimeOf(me.zone);
    Object.assign(state, { me, queues, ...cases(), devices, stale: false });
    if (!places) frame();
    const all = { status: "", words: { zh: t("queue.all"), en: t("queue.all") }, count: queues.reduce((sum, queue) => sum + queue.count, 0), more: queues.some((queue) => queue.more), oldest: null, overdue: 0 };
    redraw(places.queues, [queueOfMine(state.mine), ...queues, all].map(queueButton));
    fill(notices, noted.map((each) => el("div", { class: "notice warn" }, `▲ ${say(each.words)}`)));
    drawList();
    if (!places.batch.contains(document.activeElement)) drawBatch();
    header();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) { places = null; signIn({ bar, page, title: t("app.centre"), then: start }); return; }
    if (late()) return;
    if (problem.status === 422 && places) { fill(places.lines, complaint(problem)); return; }
    state.stale = true;
    header();
    if (!places) fill(page, complaint(problem));
  }
}

function complaint(problem) {
  return el("div", { class: "notice bad", role: "alert" }, problem.message, " ", el("span", { class: "soft" }, t("problem.code", { code: problem.code })));
}

// Where there is room for one of them, the list gives way to what is opened, and is found again as it was left.
let listTop = 0;
function turnTo(showing) {
  if (places.desk.dataset.showing === showing) return;
  if (showing === "side") listTop = window.scrollY;
  places.desk.dataset.showing = showing;
  if (room() === "narrow") window.scrollTo(0, showing === "list" ? listTop : 0);
}

async function route({ decided: isDecided = false } = {}) {
  if (!places) return;
  const [, view, id, part] = location.hash.split("/");
  state.open = view === "case" ? id : null;
  state.at = state.lines.some((each) => each.id === state.open) ? state.lines.findIndex((each) => each.id === state.open) : state.at;
  turnTo(view ? "side" : "list");
  for (const button of places.list.querySelectorAll("[data-case]")) {
    if (button.dataset.case === state.open) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); }
    else button.removeAttribute("aria-current");
  }
  header();
  if (!view && room() === "narrow") { turn += 1; fill(places.side); return; }
  await drawSide(async (late) => {
    if (view === "case") await showCase(places.side, id, { me: state.me, changed: decided, isDecided, late });
    else if (view === "suppressed") await showSuppressed(places.side, late);
    else if (view === "devices") await showDevices(places.side, state.me, late, drawSide);
    else if (view === "retention") await showRetention(places.side, state.me, id, late);
    else if (view === "figures") await showFigures(places.side, id, part === undefined ? null : decodeURIComponent(part), state.me, late, drawSide);
    else await showMap(places.side, { component: view === "map" ? id : null, me: state.me, lines: state.lines, queue: isBatched() ? state.queue : "", open: (each) => { location.hash = `#/case/${each}`; } });
  });
}

// What was asked for earlier and comes later is drawn over nothing: somebody may be writing there.
async function drawSide(draw) {
  const mine = turn += 1;
  const late = () => mine !== turn;
  places.side.setAttribute("aria-busy", "true");
  try {
    await draw(late);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (!late()) fill(places.side, complaint(problem));
  }
  if (late() || !places) return;
  places.side.removeAttribute("aria-busy");
  const number = places.side.querySelector("article")?.dataset.number;
  document.title = [number, places.side.querySelector("h2")?.textContent ?? t("map.title"), t("app.name")].filter(Boolean).join(" · ");
}

async function decided() {
  await refresh({ isWhole: true });
  await route({ decided: true });
}

async function step(by) {
  // What was decided on has left the list: the one that followed it stands in its place.
  const found = state.lines.findIndex((each) => each.id === state.open);
  const at = found >= 0 || !state.open ? found : state.at - (by > 0 ? 1 : 0);
  if (at + by === state.lines.length && state.next) await more();
  const to = state.lines[Math.min(state.lines.length - 1, Math.max(0, at + by))];
  if (!to) return;
  location.hash = `#/case/${to.id}`;
  state.open = to.id;
  focusOpen();
}

function focusOpen() { places?.lines.querySelector(`[data-case="${CSS.escape(state.open ?? "")}"]`)?.focus({ preventScroll: true }); }

onKeys({
  j: () => step(1), k: () => step(-1), m: () => { location.hash = "#/map"; }, "?": () => showHelp(help),
  "/": (event) => { event.preventDefault(); places?.search.querySelector("#find-number")?.focus(); },
  x: (event) => isBatched() && state.open && toggled(state.open, { through: event.shiftKey }),
  q: () => places?.queues.querySelector("[aria-current]")?.focus(),
  a: (event) => { event.preventDefault(); focusChoice(places?.side); },
  r: (event) => { event.preventDefault(); places?.side.querySelector("#note")?.focus(); },
});

async function start() {
  await refresh();
  await route();
}

window.addEventListener("hashchange", route);
onRoom(route);
document.addEventListener("visibilitychange", () => { if (!document.hidden && places) refresh(); });
setInterval(() => { if (!document.hidden && places) refresh(); }, 15_000);
start();
