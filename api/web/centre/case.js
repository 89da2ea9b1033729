// The case page, read top to bottom as the story of one problem.
import { get, post } from "/web/shared/api.js";
import { el, fill, photo, svg } from "/web/shared/dom.js";
import { dueWords, moment, percent, say, size, t } from "/web/shared/words.js";
import { baseMap, drawPlace } from "/web/centre/map.js";

const PATHS = { send_back: "send-back", write_off: "write-off" };

function sight(each) {
  const near = each.evidence.filter((picture) => picture.kind === "near");
  const context = each.evidence.filter((picture) => picture.kind === "context");
  return el("section", {},
    el("div", { class: "pictures" }, [...near, ...context].slice(0, 2).map((picture) => photo(picture, picture.kind))),
    el("p", {}, t("case.score", { seen: each.frames_seen, offered: each.frames_offered, score: each.score.toFixed(2), threshold: each.threshold.toFixed(2), p: percent(each.probability) }),
      each.measure ? ` · ${size(each.measure)}` : ""),
    el("p", { class: "soft" }, `${moment(each.captured_at)} · ${each.pass_id} · ${t("case.model", each.model)} `, each.rendered ? el("span", { class: "rendered" }, t("rendered")) : null));
}

function curve(looks) {
  const points = looks.map((look, index) => [40 + index * 60, 90 - 80 * look.probability_present]);
  const drawing = svg("svg", { viewBox: `0 0 ${80 + 60 * looks.length} 110`, width: 80 + 60 * looks.length, height: 110, role: "img", "aria-label": t("look.curve") });
  drawing.append(svg("polyline", { points: points.map((point) => point.join(",")).join(" "), fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  points.forEach(([x, y], index) => {
    drawing.append(svg("circle", { cx: x, cy: y, r: 3.5, fill: "currentColor" }));
    const label = svg("text", { x, y: y - 8, "font-size": 11, "text-anchor": "middle", fill: "currentColor" });
    label.textContent = percent(looks[index].probability_present, 1);
    drawing.append(label);
  });
  return drawing;
}

function checked(story) {
  if (!story.looks.length) return el("p", { class: "soft" }, t("look.none"));
  return el("div", {}, story.line.verdict ? el("p", { class: "notice" }, say(story.line.verdict.sentence)) : null, curve(story.looks),
    el("table", {}, el("tbody", {}, story.looks.map((look) => el("tr", {}, el("td", {}, moment(look.at)), el("td", {}, look.pass_id), el("td", {}, t(`look.${look.seen}`)),
      el("td", { class: "number" }, percent(look.inspected_chance)), el("td", { class: "number" }, percent(look.probability_present, 1)))))));
}

function beforeAfter(story) {
  const before = story.sights.flatMap((each) => each.evidence).find((picture) => picture.kind === "near");
  const after = story.photos.find((each) => each.purpose === "after" && each.evidence.length);
  const waiting = story.photos.some((each) => each.readable === null);
  if (!after) return waiting ? el("p", { class: "soft" }, t("case.photo.wait")) : null;
  return el("div", { class: "pictures" },
    before ? el("div", {}, t("case.before"), photo(before, t("case.before"))) : null,
    el("div", {}, t("case.after"), photo(after.evidence[0], t("case.after"))));
}

function historyRow(step) {
  return el("tr", {}, el("td", {}, String(step.number)), el("td", {}, moment(step.at)), el("td", {}, say(step.action_words)), el("td", {}, `${step.by}（${say(step.role)}）`),
    el("td", {}, step.note, step.why ? el("div", { class: "soft" }, `${t("case.why")}：${say(step.why)}`) : null,
      Object.keys(step.grounds).length ? el("details", {}, el("summary", {}, t("case.why")), el("pre", {}, JSON.stringify(step.grounds, null, 2))) : null));
}

function choices(story, side, changed) {
  const said = el("span", { role: "alert" });
  const note = el("input", { id: "note", placeholder: t("task.reason"), "aria-label": t("task.reason"), size: 28 });
  async function decide(choice) {
    if (choice.reason && !note.value.trim()) { note.focus(); return; }
    try {
      await post(`/cases/${story.line.id}/${PATHS[choice.action] ?? choice.action}`, { version: story.line.version, note: note.value.trim() });
      await changed();
    } catch (problem) { fill(said, el("span", { class: "notice bad" }, problem.message)); }
  }
  return el("div", { class: "choices" }, story.choices.map((choice, index) => el("button", { class: index ? "" : "main", "data-action": choice.action, onclick: () => decide(choice) }, say(choice.words))),
    story.choices.length ? note : null, said);
}

export async function showCase(side, id, { changed }) {
  const story = await get(`/cases/${id}`);
  const { line } = story;
  const map = el("div", { class: "map-small" });
  fill(side, el("article", { "data-case": line.id, "data-status": line.status },
    el("h2", {}, say(line.category.name)),
    el("p", {}, el("span", { class: "mark wait" }, say(line.status_words)), ` ${line.number} `, el("span", { class: "soft" }, `${line.category.standard} ${line.category.code} `), line.rendered ? el("span", { class: "rendered" }, t("rendered")) : null),
    choices(story, side, changed),
    el("h3", {}, t("case.seen")), line.measure ? el("p", {}, `${size(line.measure)} · ${line.threshold ? say(line.threshold) : ""}`) : null, story.sights.slice(0, 3).map(sight),
    el("h3", {}, t("case.where")), el("p", {}, `${line.place.address} ${line.grid ?? ""} · ${t("place.error", { m: line.place.ce90_m.toFixed(1) })}`), map,
    el("h3", {}, t("case.who")), el("p", {}, line.department_words ? say(line.department_words) : "–", line.due_at ? ` · ${moment(line.due_at)} · ${dueWords(line.due_at)}` : ""),
    el("h3", {}, t("case.done")), beforeAfter(story),
    el("h3", {}, t("case.checked")), checked(story),
    el("h3", {}, t("case.history")), el("p", { class: `mark ${story.history_intact ? "ok" : "late"}` }, t(story.history_intact ? "case.intact" : "case.broken")),
    el("table", {}, el("tbody", {}, story.steps.map(historyRow)))));
  const drawn = await baseMap(map);
  drawn.fitBounds(L.latLngBounds(drawPlace(drawn, line)).pad(2));
}
