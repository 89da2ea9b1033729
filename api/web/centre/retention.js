// What is deleted soon in its time, what a hold keeps and why, and erasing a person's photo because they ask.
import { decide, get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { thumbnail } from "/web/shared/photos.js";
import { table as tableOf } from "/web/shared/table.js";
import { moment, say, t } from "/web/shared/words.js";

const KEEPERS = ["administrator", "supervisor"];
const DAYS = [0, 7, 30, 90];
let days = 30;

export function maySeeRetention(me) { return me.roles.some((role) => KEEPERS.includes(role)); }
export function mayErase(me) { return me.roles.includes("supervisor"); }

function table(id, heads, rows) { return tableOf(heads.map((head) => t(head)), rows, { id }); }

function caseLink(each) { return each ? el("a", { href: `#/case/${each.id}` }, `${each.number} ${say(each.name)}`) : el("span", { class: "soft" }, t("keep.no.case")); }

function ruleRow(each) {
  const size = each.size_bytes < 1e6 ? `${Math.round(each.size_bytes / 1e3)} kB` : `${(each.size_bytes / 1e6).toFixed(1)} MB`;
  return el("tr", { "data-rule": each.rule }, el("td", {}, say(each.words)), el("td", {}, say(each.keeps)), el("td", { class: "number value" }, String(each.things)),
    el("td", { class: "number" }, each.pictures ? `${each.pictures} · ${size}` : ""));
}

function lists(page, again) {
  const horizon = el("select", { id: "keep-days", "aria-label": t("keep.until.choose") }, DAYS.map((each) => el("option", { value: each, selected: each === days }, t(each ? "keep.days" : "keep.now", { n: each }))));
  horizon.addEventListener("change", () => { days = Number(horizon.value); again(); });
  return [
    el("div", { class: "head" }, el("h2", {}, t("keep.title")), horizon, el("span", { class: "soft" }, t("keep.until", { day: page.until })), el("span", { class: "soft" }, t("as_of", { at: moment(page.as_of) }))),
    el("p", { class: "soft" }, t("keep.why")),
    page.more && el("div", { class: "notice warn" }, `▲ ${t("keep.more")}`),
    table("rules", ["keep.kind", "keep.keeps", "keep.things", "keep.pictures"], page.rules.map(ruleRow)),
    el("h3", {}, t("keep.kept", { n: page.kept.length })),
    page.kept.length ? table("kept", ["keep.case", "keep.kind", "keep.because", "keep.by"], page.kept.map((each) => el("tr", { "data-kept": each.case.id },
      el("td", {}, caseLink(each.case)), el("td", {}, say(each.words)), el("td", {}, el("span", { class: "mark held" }, `‖ ${say(each.why)}`), each.note && ` ${each.note}`), el("td", {}, `${each.by} ${each.since}`))))
      : el("p", { class: "soft" }, t("keep.kept.none")),
    el("h3", {}, t("keep.holds", { n: page.holds.length })),
    page.holds.length ? table("holds", ["keep.case", "keep.because", "keep.by", "keep.over"], page.holds.map((each) => el("tr", { "data-hold": each.case.id },
      el("td", {}, caseLink(each.case)), el("td", {}, el("span", { class: "mark held" }, `‖ ${say(each.why)}`), each.note && ` ${each.note}`), el("td", {}, `${each.by} ${each.since}`), el("td", {}, each.over ? t("keep.is.over") : ""))))
      : el("p", { class: "soft" }, t("keep.holds.none")),
    el("h3", {}, t("keep.going", { n: page.going.length })),
    page.going.length ? table("going", ["keep.case", "keep.kind", "keep.pictures"], page.going.map((each) => el("tr", { "data-going": each.id },
      el("td", {}, caseLink(each.case)), el("td", {}, say(each.words)), el("td", { class: "number" }, String(each.pictures)))))
      : el("p", { class: "soft" }, t("keep.going.none"))];
}

function photoChoice(photo, story) {
  return el("label", { class: "erasable", "data-photo-id": photo.id }, el("input", { type: "radio", name: "what", value: photo.id }),
    photo.evidence.length ? thumbnail(photo.evidence[0], story.line.id) : el("span", { class: "no-picture" }),
    el("span", {}, `${t(`photo.of.${photo.purpose}`)} · ${photo.by} · ${moment(photo.taken_at)}`));
}

// First what and why, then once more whether: what is erased never comes back.
function eraseForm(place, story, done) {
  const { line } = story;
  const said = el("div", { role: "alert" });
  const note = el("input", { id: "erase-note", maxlength: 2000, placeholder: t("keep.reason"), "aria-label": t("keep.reason") });
  const complain = (words) => fill(said, el("div", { class: "notice bad" }, words));
  const what = () => form.querySelector("[name=what]:checked")?.value;
  const send = async (sure) => {
    sure.disabled = true;
    try {
      const chosen = what() === "contacts" ? { contacts: true } : { photo: what() };
      await decide(`/cases/${line.id}/erase`, { version: line.version, note: note.value.trim(), ...chosen });
      fill(place, el("div", { class: "notice good", role: "status", id: "erased" }, `${t("keep.done")} `, caseLink({ ...line, name: line.category.name })));
      await done();
    } catch (problem) { complain(`${problem.message} ${t("problem.code", { code: problem.code })}`); }
  };
  const ask = (event) => {
    event.preventDefault();
    if (!what()) { complain(t("keep.need.what")); return; }
    if (!note.value.trim()) { complain(t("keep.need.reason")); note.focus(); return; }
    const sure = el("button", { type: "button", class: "danger", id: "erase-sure", onclick: () => send(sure) }, t("keep.sure"));
    const back = el("button", { type: "button", id: "erase-back", onclick: () => { fill(said); note.focus(); } }, t("keep.back"));
    fill(said, el("div", { class: "notice bad" }, el("p", {}, t(what() === "contacts" ? "keep.confirm.contacts" : "keep.confirm.photo", { number: line.number })), sure, " ", back));
    back.focus();
  };
  const form = el("form", { id: "erase", onsubmit: ask }, el("p", {}, caseLink({ ...line, name: line.category.name })),
    story.photos.map((photo) => photoChoice(photo, story)),
    line.source === "public" && el("label", { class: "erasable" }, el("input", { type: "radio", name: "what", value: "contacts" }), t("keep.contacts")),
    !story.photos.length && line.source !== "public" && el("p", { class: "soft" }, t("keep.nothing")),
    el("div", { class: "choices" }, note, el("button", { id: "erase-ask" }, t("keep.erase"))), said);
  fill(place, form);
}

function onRequest(caseId, done) {
  const place = el("div", {});
  const number = el("input", { type: "search", id: "erase-number", size: 20, placeholder: t("keep.number"), "aria-label": t("keep.number") });
  const open = async (id) => eraseForm(place, await get(`/cases/${id}`), done);
  const find = async (event) => {
    event.preventDefault();
    try {
      const { cases } = number.value.trim() ? await get(`/cases?number=${encodeURIComponent(number.value.trim())}&limit=2`) : { cases: [] };
      if (cases.length === 1) await open(cases[0].id);
      else fill(place, el("div", { class: "notice bad", role: "alert" }, t("choice.into.none")));
    } catch (problem) { fill(place, el("div", { class: "notice bad", role: "alert" }, problem.message)); }
  };
  const section = el("section", { id: "on-request" }, el("h3", {}, t("keep.request")), el("p", { class: "soft" }, t("keep.request.why")),
    el("form", { class: "search", onsubmit: find }, number, el("button", { id: "erase-find" }, t("list.find"))), place);
  return { section, ready: caseId ? open(caseId) : null };
}

export async function showRetention(side, me, caseId, late) {
  const listed = el("div", {});
  const again = async () => {
    const asked = days;
    const page = await get(`/retention?days=${asked}`);
    if (asked === days) fill(listed, lists(page, again));
  };
  await again();
  if (late()) return;
  const request = mayErase(me) ? onRequest(caseId, again) : null;
  fill(side, el("div", { class: "figures" }, listed, request ? request.section : el("p", { class: "soft" }, t("keep.not.you"))));
  if (request?.ready) { await request.ready; request.section.scrollIntoView(); }
}
