// The operations centre: what waits, the chosen queue, and the case or the map beside it.
import { Problem, get, remove } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { signIn } from "/web/shared/sign_in.js";
import { dueWords, moment, say, switchLanguage, t } from "/web/shared/words.js";
import { showCase } from "/web/centre/case.js";
import { showFigures } from "/web/centre/figures.js";
import { showMap } from "/web/centre/map.js";

const bar = document.getElementById("bar");
const page = document.getElementById("page");
const TONE = { green: "ok", yellow: "warn", red: "late" };
const ICON = { green: "●", yellow: "▲", red: "■" };
const state = { queue: new URLSearchParams(location.search).get("queue") ?? "", open: null, lines: [], next: null, as_of: null };
let places = null;

function header(stale) {
  fill(bar, el("h1", {}, `${t("app.name")} · ${t("app.centre")}`),
    el("span", { class: stale ? "mark late" : "soft", role: "status" }, state.as_of ? t(stale ? "stale" : "as_of", { at: moment(state.as_of) }) : ""),
    el("button", { id: "figures", onclick: () => { location.hash = "#/figures"; } }, t("figures.title")),
    el("button", { id: "to-map", onclick: () => { location.hash = "#/map"; } }, t("map.title")),
    el("button", { onclick: switchLanguage }, t("lang.other")),
    el("button", { onclick: async () => { await remove("/session"); location.reload(); } }, t("sign.out")));
}

function frame() {
  places = { queues: el("nav"), list: el("section", { id: "list" }), side: el("section", { id: "side" }) };
  fill(page, el("div", { class: "desk" }, places.queues, places.list, places.side));
}

function choose(queue) {
  state.queue = queue;
  const url = new URL(location.href);
  url.searchParams.set("queue", queue);
  history.replaceState(null, "", url);
  refresh();
}

function queueButton(queue) {
  return el("button", { "aria-current": state.queue === queue.status, onclick: () => choose(queue.status), "data-queue": queue.status },
    el("span", {}, say(queue.words)), el("b", {}, String(queue.count)),
    el("small", {}, queue.oldest ? t("queue.oldest", { at: moment(queue.oldest) }) : " ",
      queue.overdue ? el("span", { class: "mark late" }, ` ■ ${queue.overdue}`) : null));
}

function line(each) {
  return el("button", { class: "line", "data-case": each.id, "aria-current": state.open === each.id, onclick: () => { location.hash = `#/case/${each.id}`; } },
    each.picture ? el("img", { src: `/api/v1/evidence/${each.picture.sha256}`, alt: "", loading: "lazy" }) : el("span"),
    el("span", {},
      el("b", {}, say(each.category.name)), " ", el("span", { class: "mark wait" }, say(each.status_words)),
      el("small", {}, `${each.number} · ${each.place.address || ""}`),
      el("small", {}, each.due_at ? el("span", { class: `mark ${TONE[each.alarm]}` }, `${ICON[each.alarm]} ${dueWords(each.due_at)}`) : null,
        " ", each.department_words ? say(each.department_words) : "", " ", each.rendered ? el("span", { class: "rendered" }, t("rendered")) : null),
      each.verdict ? el("small", {}, say(each.verdict.sentence)) : null));
}

function drawList() {
  fill(places.list, state.lines.map(line),
    state.lines.length ? null : el("p", { class: "soft", style: "padding:12px" }, t("queue.empty", { name: t("queue.all") })),
    state.next ? el("button", { onclick: more }, t("list.more")) : null,
    el("p", { class: "soft", style: "padding:12px" }, t("list.keys")));
}

function listPath(after) {
  const query = new URLSearchParams({ limit: "50" });
  if (state.queue) query.set("status", state.queue);
  if (after) query.set("after", after);
  return `/cases?${query}`;
}

async function more() {
  const next = await get(listPath(state.next));
  state.lines.push(...next.cases);
  state.next = next.next;
  drawList();
}

async function refresh() {
  try {
    const [queues, cases] = await Promise.all([get("/queues"), get(listPath())]);
    Object.assign(state, { lines: cases.cases, next: cases.next, as_of: cases.as_of });
    if (!places) frame();
    const all = { status: "", words: { zh: t("queue.all"), en: t("queue.all") }, count: queues.reduce((sum, queue) => sum + queue.count, 0), oldest: null, overdue: 0 };
    fill(places.queues, [...queues, all].map(queueButton));
    drawList();
    header(false);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 401) return signIn({ bar, page, title: t("app.centre"), then: start });
    header(true);
  }
}

async function route() {
  if (!places) return;
  const [, view, id] = location.hash.split("/");
  state.open = view === "case" ? id : null;
  for (const button of places.list.querySelectorAll("[data-case]")) button.toggleAttribute("aria-current", button.dataset.case === state.open);
  try {
    if (view === "case") await showCase(places.side, id, { changed: async () => { await refresh(); await route(); } });
    else if (view === "figures") await showFigures(places.side, id);
    else await showMap(places.side, { open: (each) => { location.hash = `#/case/${each}`; } });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    fill(places.side, el("div", { class: "notice bad" }, problem.message, " ", t("problem.code", { code: problem.code })));
  }
}

function step(by) {
  const at = state.lines.findIndex((each) => each.id === state.open);
  const to = state.lines[Math.min(state.lines.length - 1, Math.max(0, at + by))];
  if (to) location.hash = `#/case/${to.id}`;
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey) return;
  const keys = { j: () => step(1), k: () => step(-1), m: () => { location.hash = "#/map"; }, "?": () => alert(t("list.keys")) };
  keys[event.key]?.();
});

async function start() {
  places = null;
  await refresh();
  await route();
}

window.addEventListener("hashchange", route);
setInterval(() => { if (!document.hidden && places) refresh(); }, 15_000);
start();
