// The worker's phone: my tasks, go there, done with a photo. One screen, one decision.
import { Problem, get, newId } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { signIn } from "/web/shared/sign_in.js";
import { keepTimeOf, moment, say, switchLanguage, t } from "/web/shared/words.js";
import { fetchAhead } from "/web/worker/ahead.js";
import { callButtons } from "/web/worker/call.js";
import { card, headline, heard, overdueToSend, refusal } from "/web/worker/cards.js";
import { endSession, leftBehind, showLeave, signOut, signedIn } from "/web/worker/leave.js";
import { drop, flush, put, waiting } from "/web/worker/outbox.js";
import { photoDraft, showQueue } from "/web/worker/queue.js";
import { send } from "/web/worker/sending.js";
import { showCorrect } from "/web/worker/correct.js";
import { reported, showMine } from "/web/worker/mine.js";
import { mayReport, rememberChoices, reportWords, showReport } from "/web/worker/report.js";
import { showBefore, showPhoto } from "/web/worker/photo.js";
import { showReason, showTask } from "/web/worker/steps.js";

const bar = document.getElementById("bar");
const page = document.getElementById("page");
const kept = JSON.parse(localStorage.getItem("xunhuan.mine") ?? "null");
let mine = kept?.mine ?? null;
let me = kept?.me ?? null;
let offline = null;
let told = null;
let held = null;
let opensAlone = true;
const UNDO_MS = 4_000;

function setElder(on) {
  localStorage.setItem("xunhuan.elder", on ? "1" : "");
  document.documentElement.classList.toggle("elder", on);
}
setElder(localStorage.getItem("xunhuan.elder") === "1");

function elderSwitch(then) {
  const elder = document.documentElement.classList.contains("elder");
  return el("button", { id: "elder", onclick: () => { setElder(!elder); then(); } }, t(elder ? "elder.off" : "elder.on"));
}

export function header(title, back) {
  fill(bar,
    back && el("button", { class: "back", onclick: () => { location.hash = back; }, "aria-label": t("task.back") }, "‹"),
    el("h1", {}, title),
    !back && elderSwitch(route));
}

// What became of a report may come long after it was made: it stays until it was seen.
let news = JSON.parse(localStorage.getItem("xunhuan.news") ?? "[]");
function tell(item, answer) {
  if (item.kind === "report") setNews([...news, { by: item.by, words: reportWords(item, answer) }]);
  else if (item.action === "accept") taken(item.task, { version: answer.version, taken: false });
}
function setNews(all) { news = all; localStorage.setItem("xunhuan.news", JSON.stringify(all)); }

function footer(count) {
  return el("footer", {},
    count ? el("button", { class: "mark wait", id: "waiting", onclick: () => { location.hash = "#/waiting"; } }, `↑ ${t("task.waiting", { n: count })}`)
      : el("span", { class: "soft", id: "waiting" }, t("as_of", { at: moment(mine.as_of) })),
    el("span", { class: "grow" }),
    mayReport(me) && el("button", { id: "mine", onclick: () => { location.hash = "#/mine"; } }, t("mine.title")),
    el("button", { onclick: switchLanguage }, t("lang.other")),
    el("button", { id: "sign-out", onclick: () => signOut(me, flushNow) }, t("sign.out")));
}

async function list() {
  if (!mine) { header(t("app.worker")); fill(page, [1, 2, 3].map(() => el("div", { class: "skeleton" }))); return; }
  const items = await waiting(me?.id);
  header(headline(mine));
  fill(page,
    offline && el("div", { class: "notice", role: "status" }, t("task.offline", { at: moment(mine.as_of) })),
    told && el("div", { class: "notice good sent", role: "status" }, told.photo && el("img", { src: told.photo, alt: "" }), el("b", {}, `✓ ${told.words}`), told.undo && el("button", { id: "undo", onclick: told.undo }, t("task.undo"))),
    overdueToSend(items),
    news.filter((each) => each.by === me?.id).map((each) => heard(each, (read) => { setNews(news.filter((other) => other !== read)); list(); })),
    items.filter((item) => item.refused).map((each) => refusal(each, async (read) => { await drop(read.id); route(); })),
    mine.tasks.length ? mine.tasks.map(card) : el("div", { class: "empty" }, el("b", {}, t("tasks.none")), el("p", { class: "soft" }, t("tasks.none.more"))),
    mine.more && el("p", { class: "soft", id: "rest" }, t("tasks.rest")),
    !opensAlone && el("p", { class: "soft", id: "no-shell" }, t("task.no.shell")),
    el("div", { class: "grow" }),
    mayReport(me) && el("div", { class: "bottom" }, el("button", { id: "report", class: "main", onclick: () => { location.hash = "#/report/photos"; } }, t("report.new"))),
    callButtons(telephones()),
    footer(items.filter((item) => !item.refused).length));
}

async function flushNow() {
  settleHeld();
  await flushAll();
}

// Everything that waits is sent, save what may still be undone.
async function flushAll() { await flush(me.id, send, tell, () => held?.id).catch(() => {}); }

async function keepAct({ task, line }, action, extra) {
  const id = newId();
  const mineStill = mine.tasks.some((each) => each.task.id === task.id);
  await put({ id, by: me.id, task: task.id, case: line.id, version: line.version, status: line.status, title: say(line.category.name), action, entry: mineStill ? { task, line } : null, ...extra });
  return id;
}

function leave(task) {
  mine.tasks = mine.tasks.filter((each) => each.task.id !== task);
  remember();
}

// As the centre puts them: what is due first on top, what has no limit last.
function inOrder(tasks) {
  const at = ({ task }) => (task.due_at ? new Date(task.due_at).getTime() : Infinity);
  return tasks.toSorted((one, other) => at(one) - at(other) || (one.task.id < other.task.id ? -1 : 1));
}

function comeBack({ entry }) {
  mine.tasks = inOrder([entry, ...mine.tasks.filter((each) => each.task.id !== entry.task.id)]);
  remember();
}

function goHome() { history.replaceState(null, "", "#/"); }

// One tap may be a slip of a glove: it goes out after a few seconds in which it can be taken back.
async function hold(entry, action, { words, ...extra }) {
  const id = await keepAct(entry, action, { ...extra, words });
  leave(entry.task.id);
  const title = say(entry.line.category.name);
  const settle = async () => {
    held = null;
    await flushAll();
    told = await outcome(entry.task.id, title);
    if (!location.hash || location.hash === "#/") await refresh();
  };
  held = { id, timer: setTimeout(settle, UNDO_MS) };
  told = { words: t("task.held", { act: words, what: title }), undo: async () => {
    if (held?.id !== id) return;
    clearTimeout(held.timer);
    held = told = null;
    await drop(id);
    comeBack({ entry });
    location.hash = `#/task/${entry.task.id}`;
  } };
  goHome();
  await route();
}

function settleHeld() {
  clearTimeout(held?.timer);
  held = null;
}

async function outcome(task, title, photo) {
  const left = (await waiting(me.id)).filter((item) => item.task === task && item.action !== "accept");
  return left.some((item) => item.refused) ? null : { words: t(left.length ? "task.kept" : "task.sent", { what: title }), photo: photo && URL.createObjectURL(photo) };
}

export async function act(entry, action, { undo = false, ...extra } = {}) {
  settleHeld();
  if (undo) return hold(entry, action, extra);
  await keepAct(entry, action, extra);
  leave(entry.task.id);
  if (extra.purpose === "after") await drop(photoDraft(entry.task.id));
  await flushAll();
  told = await outcome(entry.task.id, say(entry.line.category.name), extra.photo);
  goHome();
  return refresh();
}

// Send a report that was just kept; what the centre says of it is news, else it waits.
export async function deliver({ id, title, photo }) {
  settleHeld();
  await flushAll();
  const left = (await waiting(me.id)).find((item) => item.id === id);
  told = left && !left.refused ? { words: t("task.kept", { what: title }), photo: URL.createObjectURL(photo) } : null;
  goHome();
  await refresh();
}

// A photo from before the work goes ahead of it; the task stays.
export async function keepPhoto({ task, line }, photo) {
  await put({ by: me.id, task: task.id, case: line.id, title: say(line.category.name), action: null, photo, purpose: "before", words: t("task.photo.before") });
  line.lacks_before = false;
  remember();
  await flushAll();
  location.hash = `#/task/${task.id}`;
}

// Taking a task on needs no network: the work begins, and the centre hears of it before it hears that it is done.
export async function accept(entry) {
  await keepAct(entry, "accept", { words: t("task.accept"), entry: null });
  taken(entry.task.id, { status: "handling", taken: true });
  await flushAll();
  const refused = (await waiting(me.id)).some((item) => item.task === entry.task.id && item.action === "accept" && item.refused);
  if (refused) { goHome(); await refresh(); } else await route();
}

// Until the centre has heard, what it says of the case is older than what the phone knows.
function taken(task, known) {
  const entry = mine.tasks.find((each) => each.task.id === task);
  if (entry) Object.assign(entry.line, known);
  remember();
}

function shout(problem) {
  page.prepend(el("div", { class: "notice bad", role: "alert", id: "shout" }, problem.message, " ", el("span", { class: "soft" }, t("problem.code", { code: problem.code }))));
}

// Where somebody takes a photo, writes or chooses, nothing is drawn anew under their hands.
const AT_WORK = ["photo", "before", "correct", "rework", "trouble", "refute", "turn-down", "reply", "report", "mine"];
let drawn = null;
function isAtWork() {
  const [, view, id] = location.hash.split("/");
  return drawn === location.hash && AT_WORK.includes(view) && Boolean(id);
}

async function route() {
  const [, view, id] = location.hash.split("/");
  drawn = location.hash;
  if (view === "waiting" && me) {
    told = null;
    header(t("queue.title"), "#/");
    await showQueue(me.id, page, { back: comeBack, sendNow: async () => { settleHeld(); await start(); } });
    return;
  }
  if (view === "leave" && me) {
    told = null;
    header(t("sign.out"), "#/");
    await showLeave(me, page, flushNow);
    return;
  }
  if (view === "mine" && mayReport(me)) { told = null; await showMine(id, page); window.scrollTo(0, 0); return; }
  if (view === "report" && mayReport(me)) { told = null; await showReport(me, id, page); window.scrollTo(0, 0); return; }
  const entry = mine?.tasks.find(({ task }) => task.id === id);
  if (!view || !entry) { drawn = null; return list(); }
  told = null;
  const views = { task: showTask, correct: showCorrect, photo: showPhoto, before: showBefore, rework: (e) => showReason(e, "send-back") };
  for (const action of ["trouble", "refute", "turn-down", "reply"]) views[action] = (e) => showReason(e, action);
  await views[view]?.(entry, page);
  window.scrollTo(0, 0);
}

// The reasons that the city lets people give for an action; kept with the tasks, so that they are there offline.
export function reasons(action) { return mine?.reasons?.[action] ?? []; }

export function telephones() { return me?.telephones ?? {}; }

export function person() { return me.id; }

function remember() { localStorage.setItem("xunhuan.mine", JSON.stringify({ me, mine })); }

async function refresh() {
  try {
    await endSession();
    [me, mine] = await Promise.all([get("/session"), get("/tasks/mine")]);
    keepTimeOf(me.zone);
    fetchAhead(mine.tasks, reported());
    const unsent = (await waiting(me.id)).filter((item) => !item.refused && item.action);
    for (const item of unsent.filter(({ action }) => action === "accept")) taken(item.task, { status: "handling", taken: true });
    const queued = new Set(unsent.filter(({ action }) => action !== "accept").map((item) => item.task));
    mine.tasks = mine.tasks.filter(({ task }) => !queued.has(task.id));
    offline = null;
    remember();
    if (mayReport(me)) rememberChoices();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return askWho();
    offline = problem;
    if (!mine) { await askWho(); return shout(problem); }
  }
  return isAtWork() ? undefined : route();
}

// Whoever signs in for the first time may ask for large letters before anything has to be read.
async function askWho() {
  const others = await leftBehind().catch(() => null);
  // Whoever is signing in keeps what they have typed.
  if (page.querySelector("form.sign")) { document.getElementById("shout")?.remove(); return; }
  drawn = null;
  signIn({ bar, page, title: t("app.worker"), then: async () => { signedIn(); me = await get("/session").catch(() => null); return start(); } });
  if (others) page.prepend(others);
  const offer = () => { document.getElementById("elder")?.remove(); bar.append(elderSwitch(offer)); };
  offer();
}

async function start() {
  if (me) await flushAll();
  await refresh();
}

window.addEventListener("hashchange", route);
window.addEventListener("online", start);
document.addEventListener("visibilitychange", () => { if (!document.hidden) start(); });
setInterval(() => { if (!document.hidden && !document.querySelector("form.sign") && (!location.hash || location.hash === "#/")) start(); }, 20_000);
async function keepShell() { opensAlone = Boolean(await navigator.serviceWorker?.register("/shell.js").catch(() => null)); }
keepShell();
if (!mine) list();
start();
