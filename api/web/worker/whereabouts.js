// Where a task is: in words, by the nearest landmark, from where I stand, and as a small picture.
import { el, fill } from "/web/shared/dom.js";
import { placed, t, where } from "/web/shared/words.js";
import { groundOf, keptGround } from "/web/worker/ahead.js";
import { find, follow, here, mayFind } from "/web/worker/here.js";
import { sketch } from "/web/worker/sketch.js";
import { byLandmark, wayTo } from "/web/worker/way.js";

const NOTHING = { grids: [], strips: [], landmarks: [] };

// What a list says of a place: where it is, and how far from where the phone last was.
export function whereShort(line) {
  const from = here();
  return from ? `${where(line)} · ${wayTo(line.place, from)}` : where(line);
}

export function whereabouts(line) {
  let around = keptGround(line) ?? NOTHING;
  let asks = false;
  const landmark = el("span", { id: "landmark" });
  const way = el("div", { id: "way", role: "status" });
  const picture = el("div", {});
  const ask = () => el("button", { id: "find-me", class: "choice", onclick: () => { asks = false; find(); fill(way, t("way.finding")); } }, t("way.ask"), el("small", { class: "soft" }, t("way.private")));
  const draw = () => {
    const from = here();
    const beside = byLandmark(line.place, around.landmarks);
    fill(landmark, beside);
    fill(way, from ? el("b", {}, wayTo(line.place, from)) : asks && ask());
    fill(picture, sketch(line.place, around, from, t("way.picture", { where: [where(line), beside].filter(Boolean).join("，") })));
  };
  const box = el("div", { class: "facts", id: "whereabouts" }, el("span", {}, where(line)), landmark, way, picture, el("span", { class: "soft" }, placed(line.place)));
  follow(box, draw);
  draw();
  groundOf(line).then((found) => { if (found) { around = found; draw(); } });
  mayFind().then((state) => {
    if (!box.isConnected) return;
    if (state === "granted") find();
    asks = state === "prompt";
    draw();
  });
  return box;
}

// The same as is shown, to be read out.
export function howToGetThere() {
  return ["#landmark", "#way b"].map((each) => document.querySelector(each)?.textContent).filter(Boolean).join("，");
}
