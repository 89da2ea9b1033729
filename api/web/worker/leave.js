// Signing out: what was not sent is never lost, and nobody leaves without knowing of it.
import { remove } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";
import { forgetStories } from "/web/worker/ahead.js";
import { keptBy, keptOnPhone } from "/web/worker/outbox.js";

const NAMES = "xunhuan.left";
const LEAVING = "xunhuan.leaving";

function names() { return JSON.parse(localStorage.getItem(NAMES) ?? "{}"); }

// Without a network the centre hears of it later, before it is asked for anything else.
export async function endSession() {
  if (!localStorage.getItem(LEAVING)) return;
  try { await remove("/session"); } catch (problem) { if (problem.status !== 401) throw problem; }
  localStorage.removeItem(LEAVING);
}

export function signedIn() { localStorage.removeItem(LEAVING); }

async function leave(me) {
  const left = await keptBy(me.id);
  const { [me.id]: _gone, ...others } = names();
  localStorage.setItem(NAMES, JSON.stringify(left.length ? { ...others, [me.id]: me.name } : others));
  localStorage.setItem(LEAVING, "1");
  await endSession().catch(() => {});
  forgetStories();
  for (const kept of ["mine", "report", "reports", "news"]) localStorage.removeItem(`xunhuan.${kept}`);
  navigator.serviceWorker?.controller?.postMessage("forget");
  history.replaceState(null, "", "#/");
  location.reload();
}

function tally(left) {
  const drafts = left.filter((item) => item.draft).length;
  const refused = left.filter((item) => item.refused).length;
  const unsent = left.length - drafts - refused;
  return [unsent && t("leave.unsent", { n: unsent }), refused && t("leave.refused", { n: refused }), drafts && t("leave.drafts", { n: drafts })].filter(Boolean);
}

// `flush` sends what can be sent; only when something is left is the question asked.
export async function signOut(me, flush) {
  await flush();
  if ((await keptBy(me.id)).length) location.hash = "#/leave";
  else await leave(me);
}

// The network came back while the question stood, and everything went by itself.
function showGone(me, page) {
  fill(page, el("div", { class: "notice good", role: "status", id: "all-sent" }, t("queue.none")), el("div", { class: "grow" }),
    el("div", { class: "bottom" }, el("button", { id: "stay", onclick: () => { location.hash = "#/"; } }, t("leave.stay")),
      el("button", { id: "leave-now", class: "main", onclick: () => leave(me) }, t("sign.out"))));
}

export async function showLeave(me, page, flush, tried = false) {
  const left = await keptBy(me.id);
  if (location.hash !== "#/leave") return;
  if (!left.length) { showGone(me, page); return; }
  const sendable = left.some((item) => !item.draft && !item.refused);
  const first = async (event) => {
    event.currentTarget.disabled = true;
    await flush();
    if ((await keptBy(me.id)).length) await showLeave(me, page, flush, true);
    else await leave(me);
  };
  fill(page, el("div", { class: "notice warn", role: "alert", id: "unsent" }, el("b", {}, t("leave.some", { n: left.length })), el("ul", {}, tally(left).map((each) => el("li", {}, each))), el("p", {}, t("leave.kept"))),
    tried && sendable && el("div", { class: "notice bad", role: "alert" }, t("leave.tried")),
    el("div", { class: "grow" }),
    el("div", { class: "bottom" }, el("button", { id: "leave-anyway", onclick: () => leave(me) }, t("leave.anyway")),
      sendable ? el("button", { id: "send-first", class: "main", onclick: first }, t("leave.send"))
        : el("button", { id: "stay", class: "main", onclick: () => { location.hash = "#/"; } }, t("leave.stay"))));
}

// Whoever takes the phone next is told that it holds what others have not sent.
export async function leftBehind() {
  const known = names();
  const kept = await keptOnPhone();
  const counts = Object.entries(known).map(([id, name]) => [name, kept.filter((item) => item.by === id).length]).filter(([, n]) => n > 0);
  return counts.length > 0 && el("div", { class: "notice warn", id: "left-behind" }, t("leave.behind", { who: counts.map(([name, n]) => `${name} ${n}`).join("、") }));
}
