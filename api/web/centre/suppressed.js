// What approvals kept from becoming cases: how much by approval, and each sight.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { table as tableOf } from "/web/shared/table.js";
import { moment, percent, say, t } from "/web/shared/words.js";

const WATCHERS = ["acceptor", "administrator", "dispatcher", "evaluator", "supervisor"];
let chosen = null;

export function maySeeSuppressed(me) {
  return me.roles.some((role) => WATCHERS.includes(role));
}

function state(approval) {
  const [tone, key] = !approval.known ? ["held", "suppressed.gone"] : approval.ended ? ["late", "suppressed.ended"] : approval.holds ? ["ok", "suppressed.holds"] : ["wait", "suppressed.rests"];
  return el("span", { class: `mark ${tone}` }, t(key));
}

function approvalRow(approval, choose) {
  return el("tr", { "data-approval": approval.id, "aria-current": approval.id === chosen && "true" },
    el("td", {}, el("button", { class: "link", onclick: () => choose(approval.id) }, say(approval.name)), el("br"), el("small", { class: "soft" }, approval.label)),
    el("td", {}, say(approval.reason), el("br"), el("small", { class: "soft" }, approval.approval)),
    el("td", {}, approval.ends_on ? t("suppressed.until", { day: approval.ends_on }) : "", el("br"), state(approval)),
    el("td", { class: "number value" }, String(approval.sights)),
    el("td", { class: "number" }, String(approval.problems)));
}

function sightRow(sight) {
  return el("tr", { "data-sight": sight.finding },
    el("td", {}, moment(sight.seen_at)),
    el("td", {}, say(sight.name), " ", sight.rendered && el("span", { class: "rendered" }, t("rendered"))),
    el("td", {}, say(sight.reason), el("br"), el("small", { class: "soft" }, sight.approval)),
    el("td", { class: "number" }, percent(sight.share, 0)),
    el("td", { class: "number soft" }, `${sight.place.latitude.toFixed(6)}, ${sight.place.longitude.toFixed(6)} ±${sight.place.ce90_m.toFixed(1)} m`));
}

function table(id, heads, rows) { return tableOf(heads.map((head) => t(head)), rows, { id }); }

export async function showSuppressed(side, late) {
  const page = await get("/suppressed");
  if (late()) return;
  const draw = () => {
    const sights = page.sights.filter((each) => chosen === null || each.approval_id === chosen);
    const choose = (id) => { chosen = chosen === id ? null : id; draw(); };
    fill(side, el("div", { class: "figures" }, el("div", { class: "head" }, el("h2", {}, t("suppressed.title")), el("span", { class: "soft" }, t("suppressed.why"))),
      page.approvals.length ? table("approvals", ["suppressed.area", "suppressed.reason", "suppressed.valid", "suppressed.sights", "suppressed.things"], page.approvals.map((each) => approvalRow(each, choose)))
        : el("p", { class: "soft" }, t("suppressed.none")),
      el("h3", {}, t("suppressed.seen", { n: sights.length })),
      sights.length ? table("suppressed", ["suppressed.at", "suppressed.class", "suppressed.reason", "suppressed.share", "suppressed.place"], sights.map(sightRow)) : el("p", { class: "soft" }, t("suppressed.empty"))));
  };
  draw();
}
