// The case page, read top to bottom as the story of one problem.
import { decide, get, now } from "/web/shared/api.js";
import { alarmMark, el, fill, svg } from "/web/shared/dom.js";
import { address, photo, slider } from "/web/shared/photos.js";
import { table } from "/web/shared/table.js";
import { dueWords, moment, percent, placed, say, size, stands, t, where } from "/web/shared/words.js";
import { choices } from "/web/centre/choices.js";
import { ofCase } from "/web/centre/components.js";
import { correction } from "/web/centre/correct.js";
import { showPlace } from "/web/centre/map.js";
import { mayErase } from "/web/centre/retention.js";

const SIZED = { meets: "late", falls_short: "ok", needs_person: "wait" };
const SEEN = { seen: "late", not_seen: "ok", not_inspected: "held" };

function rendered(shown) { return shown && el("span", { class: "rendered" }, t("rendered")); }

function sight(each, caseId) {
  const near = each.evidence.filter((picture) => picture.kind === "near");
  const context = each.evidence.filter((picture) => picture.kind === "context");
  const shown = [...near, ...context].slice(0, 2);
  return el("section", { class: "sight" },
    shown.length > 0 && el("div", { class: `pictures n${shown.length}` }, shown.map((picture) => photo(picture, t(`platform.${each.platform}`), caseId))),
    el("p", {}, t("case.score", { seen: each.frames_seen, offered: each.frames_offered, score: each.score.toFixed(2), threshold: each.threshold.toFixed(2), p: percent(each.probability) }),
      each.measure ? ` · ${size(each.measure)}` : ""),
    each.crew !== null && el("p", { class: "crew" }, t(`sight.crew.${each.crew}`)),
    el("p", { class: "soft" }, `${t(`platform.${each.platform}`)} · ${moment(each.captured_at)} · ${t("case.model", each.model)} `, rendered(each.rendered)));
}

// How a citizen may be asked is shown to the acceptor alone, and only when it is wanted.
function contacts(line, me) {
  if (!me?.roles.includes("acceptor") || line.source !== "public") return null;
  const place = el("span", { id: "contacts" });
  const show = async () => {
    const { contacts: known } = await get(`/cases/${line.id}/contacts`);
    fill(place, known.length ? known.join("；") : t("case.contact.none"));
  };
  fill(place, el("button", { onclick: show }, t("case.contact")));
  return el("p", {}, place);
}

function reported(each, caseId) {
  return el("section", { class: "sight", "data-report": each.id },
    each.evidence.length > 0 && el("div", { class: `pictures n${Math.min(2, each.evidence.length)}` }, each.evidence.slice(0, 2).map((picture) => photo(picture, t(`report.by.${each.source}`), caseId))),
    each.note && el("p", {}, `“${each.note}”`),
    el("p", { class: "soft" }, [t(`report.by.${each.source}`), each.by, moment(each.captured_at), t(`report.placed.${each.placed_by}`), placed(each.place)].join(" · ")));
}

// What people took besides their report and the finished work: on arrival, at a check, to reopen.
function taken(story) {
  const known = new Set(story.reports.flatMap((each) => each.evidence.map((picture) => picture.sha256)));
  const mine = story.photos.filter((each) => each.purpose !== "after" && !each.evidence.some((picture) => known.has(picture.sha256)));
  const named = new Set(story.steps.filter((step) => step.action === "reopen").flatMap((step) => step.grounds.photos ?? []));
  return mine.filter((each) => each.purpose !== "report" || named.has(each.id)).map((each) => el("section", { class: "sight", "data-taken": each.id },
    each.evidence.length > 0 && el("div", { class: "pictures n1" }, photo(each.evidence[0], t(`photo.of.${each.purpose}`), story.line.id)),
    el("p", { class: "soft" }, [t(`photo.of.${each.purpose}`), each.by, moment(each.taken_at)].join(" · ")),
    each.readable === null && el("p", { class: "notice" }, t("case.photo.wait")),
    each.refused && el("p", { class: "notice bad" }, t("case.photo.refused", { why: each.refused }))));
}

function seen(story) {
  const { line, sights } = story;
  const first = sights.find((each) => each.evidence.length) ?? sights[0];
  const others = sights.filter((each) => each !== first);
  return [
    ...story.reports.map((each) => reported(each, line.id)), ...taken(story),
    line.sizes.length > 0 && el("p", { class: "measure" }, line.sizes.map(size).join(" · ")),
    line.sizing && el("p", { class: "sizing", "data-answer": line.sizing.answer }, el("span", { class: `mark ${SIZED[line.sizing.answer]}` }, say(line.sizing.words)),
      ` ${say(line.sizing.why)}`),
    line.unseen.length > 0 && el("p", { class: "soft unseen" }, line.unseen.map((each) => say(each.words)).join(" · ")),
    first && sight(first, line.id),
    others.length > 0 && el("details", { class: "sights" }, el("summary", {}, t("case.more.sights", { n: others.length })), others.map((each) => sight(each, line.id)))];
}

// What was seen of a case that this one goes on in the place of stands under its own number.
function merged(each, caseId) {
  const photos = each.photos.filter((photo) => photo.evidence.length);
  const seenElsewhere = each.sights.length + each.reports.length > 0;
  return el("section", { class: "merged", "data-merged": each.id },
    el("h4", {}, el("a", { href: `#/case/${each.id}` }, t("case.merged", each))),
    el("p", { class: "soft" }, [say(each.category.name), t("case.merged.at", { at: moment(each.merged_at) }), placed(each.place)].join(" · ")),
    !seenElsewhere && el("p", { class: "soft" }, t("case.merged.same")),
    each.reports.map((one) => reported(one, caseId)), each.sights.map((one) => sight(one, caseId)),
    photos.flatMap((one) => [photo(one.evidence[0], `${t(`photo.of.${one.purpose}`)} · ${each.number}`, caseId),
      el("p", { class: "soft" }, [t(`photo.of.${one.purpose}`), one.by, moment(one.taken_at)].join(" · "))]));
}

function component(story, changed) {
  const { component: found, line } = story;
  if (!found) return null;
  const said = el("div", { role: "alert" });
  async function name(id) {
    try {
      await decide(`/cases/${line.id}/component`, { version: line.version, component: id });
      await changed();
    } catch (problem) { fill(said, el("div", { class: "notice bad" }, problem.message)); }
  }
  const named = story.choices.some((choice) => choice.action === "dispatch");
  return el("div", { class: "component", "data-standing": found.standing },
    el("p", {}, el("span", { class: `mark ${found.standing === "known" ? "ok" : "wait"}` }, say(found.words)),
      " ", found.id && el("a", { href: `#/map/${found.id}`, "data-component-link": found.id }, t("case.component", found)), found.id && found.distance_m !== null && ` · ${t("case.component.away", { distance: found.distance_m.toFixed(1) })}`),
    found.fitting.length > 0 && el("ul", {}, found.fitting.map((each) => el("li", {}, t("case.component", each), " ",
      named && el("button", { "data-component": each.id, onclick: () => name(each.id) }, t("case.component.name"))))),
    said);
}

function open(story) {
  return [story.undecided && el("p", { class: "notice undecided" }, say(story.undecided)),
    ...story.precedents.map((each) => el("p", { class: "soft precedent" }, t("case.precedent", { department: say(each.words), count: each.count })))];
}

// The end of a day is that day's, not the next one's beginning.
function dueAt(iso) {
  const said = moment(iso);
  return said.endsWith("00:00") ? moment(new Date(new Date(iso).getTime() - 60_000)).replace(/23:59$/, "24:00") : said;
}

function who(story, changed) {
  const { line } = story;
  const rows = story.clocks.map((clock) => el("tr", { "data-clock": clock.stage }, el("td", { class: "number" }, t(`clock.${clock.stage}`)), el("td", {}, clock.limit), el("td", {}, dueAt(clock.due_at)),
    el("td", {}, clock.runs ? alarmMark(clock.alarm, dueWords(clock.due_at, now())) : el("span", { class: "mark held" }, `‖ ${t("clock.stopped")}`))));
  return [el("p", {}, line.department_words ? say(line.department_words) : t("case.none")), ...open(story), component(story, changed),
    rows.length > 0 && table(["clock.stage", "clock.limit", "clock.due", "clock.state"].map((head) => t(head)), rows)];
}

function done(story) {
  const { line } = story;
  const before = story.sights.flatMap((each) => each.evidence).find((picture) => picture.kind === "near") ?? line.picture;
  const after = story.photos.filter((each) => each.purpose === "after");
  const shown = after.findLast((each) => each.evidence.length);
  const refused = after.findLast((each) => each.refused);
  if (!after.length) return el("p", { class: "soft" }, t("case.photo.none"));
  return [
    shown && before && slider(address(before, line.id), address(shown.evidence[0], line.id)),
    shown && !before && photo(shown.evidence[0], t("case.after"), line.id),
    shown && el("p", { class: "soft" }, t("case.photo.by", { by: shown.by, at: moment(shown.taken_at) }),
      shown.same_place === null ? "" : ` · ${t("case.photo.same", { p: percent(shown.same_place) })}`),
    after.some((each) => each.readable === null) && el("p", { class: "notice" }, t("case.photo.wait")),
    ...after.filter((each) => each.copy_of).map((each) => el("p", { class: "notice bad", "data-copy": each.id }, t("case.photo.copy", { of: say(each.copy_of) }))),
    refused && el("p", { class: "notice bad" }, t("case.photo.refused", { why: refused.refused }))];
}

function curve(looks) {
  const wide = Math.min(640, 120 + 70 * looks.length);
  const points = looks.map((look, index) => [60 + index * ((wide - 90) / Math.max(1, looks.length - 1)), 20 + 80 * (1 - look.probability_present)]);
  const drawing = svg("svg", { viewBox: `0 0 ${wide} 124`, width: wide, height: 124, role: "img", "aria-label": t("look.curve"), class: "curve" });
  for (const share of [0, 0.5, 1]) {
    const y = 20 + 80 * (1 - share);
    const label = svg("text", { x: 36, y: y + 4, "font-size": 11, "text-anchor": "end", fill: "currentColor" });
    label.textContent = percent(share);
    drawing.append(svg("line", { x1: 42, x2: wide - 10, y1: y, y2: y, stroke: "currentColor", "stroke-opacity": 0.2 }), label);
  }
  drawing.append(svg("polyline", { points: points.map((point) => point.join(",")).join(" "), fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  points.forEach(([x, y], index) => drawing.append(svg("circle", { cx: x, cy: y, r: 4, fill: looks[index].seen === "not_inspected" ? "var(--ground)" : "currentColor", stroke: "currentColor" })));
  return drawing;
}

function checked(story) {
  const { verdict } = story.line;
  if (!story.looks.length) return el("p", { class: "soft" }, t("look.none"));
  const rows = story.looks.map((look) => el("tr", {}, el("td", {}, moment(look.at)), el("td", {}, el("span", { class: `mark ${SEEN[look.seen]}` }, say(look.words))),
    el("td", { class: "number" }, percent(look.inspected_chance)), el("td", { class: "number" }, percent(look.probability_present))));
  return [verdict && el("p", { class: "notice", id: "verdict" }, el("b", {}, say(verdict.words)), verdict.sentence ? ` · ${say(verdict.sentence)}` : ""),
    el("p", { class: "soft" }, t("look.curve")), curve(story.looks),
    table(["look.pass", "look.result", "look.chance", "look.present"].map((head) => t(head)), rows)];
}

function grounds(value, name) {
  const plain = value === null || typeof value !== "object";
  if (plain) return el("li", {}, `${name}: ${value}`);
  return el("li", {}, `${name}:`, el("ul", {}, Object.entries(value).map(([key, each]) => grounds(each, key))));
}

function historyRow(step) {
  const kept = Object.entries(step.grounds);
  return el("tr", { "data-step": step.action }, el("td", { class: "number" }, moment(step.at)), el("td", { class: "number" }, say(step.action_words)),
    el("td", {}, step.by, step.role.zh !== step.by && el("div", { class: "soft" }, say(step.role))),
    el("td", {}, step.note && el("div", {}, step.note), step.why && el("div", { class: "why" }, `${t("case.why")}：${say(step.why)}`),
      kept.length > 0 && el("details", {}, el("summary", {}, t("case.grounds")), el("ul", { class: "grounds" }, kept.map(([key, each]) => grounds(each, key))))));
}

const ASKED = { endorse: ["ask_extension", "ask_suspension"], grant: ["ask_extension", "ask_suspension"], judge: ["appeal"], reply: ["supervise"], confirm: ["ask_confirmation"] };

// Whose turn it is, and in which words they were asked.
function waits({ tasks, steps }) {
  return tasks.filter((task) => task.status === "open").map((task) => {
    const asked = steps.findLast((step) => ASKED[task.kind]?.includes(step.action));
    return el("p", { class: "waits", "data-waits": task.kind }, el("span", { class: "mark wait" }, t("case.waits", { what: say(task.kind_words) })),
      asked && ` ${say(asked.action_words)}${asked.note ? `：${asked.note}` : ""}（${asked.by}）`);
  });
}

function lookalikes(story) {
  return story.lookalikes.map((each) => el("p", { class: "notice lookalike" }, el("b", {}, t("case.lookalike", each)), ` ${say(each.note)}`));
}

function title({ line, steps }) {
  const until = line.status === "suspended" && steps.findLast((step) => step.action === "suspend")?.grounds.until;
  return [el("h2", { tabindex: -1 }, say(line.category.name)),
    el("p", { class: "marks" }, el("span", { class: `mark ${line.merged_into ? "held" : "wait"}` }, stands(line)), line.due_at && alarmMark(line.alarm, dueWords(line.due_at, now())),
      until && el("span", { class: "mark held", id: "rests-until" }, `‖ ${t("case.rests", { at: moment(until) })}`),
      line.severity && el("span", { class: "mark", id: "severity" }, t("case.severity", { level: say(line.severity) })),
      el("span", {}, line.number), el("span", { class: "soft" }, `${line.category.standard} ${line.category.code}`), rendered(line.rendered)),
    line.merged_into && el("p", { class: "notice", id: "goes-on" }, el("a", { href: `#/case/${line.merged_into.id}` }, t("case.into.open", { number: line.merged_into.number, state: say(line.merged_into.status_words) }))),
    ...line.category.counterparts.map((each) => el("p", { class: "soft counterpart" }, t("case.counterpart", { ...each, relation: say(each.relation) })))];
}

export async function showCase(side, id, { changed, me, isDecided = false, late }) {
  const story = await get(`/cases/${id}`);
  if (late() || location.hash !== `#/case/${id}`) return;
  const { line } = story;
  const map = el("div", { class: "map-small" });
  fill(side, el("article", { "data-case": line.id, "data-number": line.number, "data-status": line.status }, title(story), waits(story), lookalikes(story), choices(story, changed), correction(story, changed),
    el("h3", {}, t("case.seen")), contacts(line, me), seen(story), story.merged.map((each) => merged(each, line.id)),
    el("h3", {}, t("case.where")), el("p", {}, [where(line), line.grid && t("place.grid", { grid: line.grid }), placed(line.place)].filter(Boolean).join(" · ")), map,
    el("h3", {}, t("case.who")), who(story, changed),
    el("h3", {}, t("case.done")), done(story),
    el("h3", {}, t("case.checked")), checked(story),
    me && mayErase(me) && (story.photos.length > 0 || line.source === "public") && el("p", {}, el("a", { href: `#/retention/${line.id}`, id: "to-erase" }, t("keep.request"))),
    el("h3", {}, t("case.history")), el("p", { class: `mark ${story.history_intact ? "ok" : "late"}` }, t(story.history_intact ? "case.intact" : "case.broken")),
    table(["case.step", "case.act", "case.by", "case.note"].map((head) => t(head)), story.steps.map(historyRow))));
  side.scrollTop = 0;
  // Whoever decided goes on from the case as it stands now, not from the top of the page.
  if (isDecided) side.querySelector("h2").focus({ preventScroll: true });
  await showPlace(map, line, ofCase(story.component), story.merged);
}
