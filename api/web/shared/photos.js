// Photos: evidence with its box, a before and after that slide over each other, and what a phone took.
import { el, svg } from "./dom.js";
import { lang, t } from "./words.js";

export function address(evidence, caseId) { return `/api/v1/cases/${caseId}/evidence/${evidence.sha256}`; }

// The box is drawn over the picture, so that the pixels stay as they were taken.
export function photo(evidence, alt, caseId) {
  const picture = el("img", { src: address(evidence, caseId), alt, loading: "lazy", width: evidence.width_px, height: evidence.height_px });
  const frame = el("figure", { class: "photo" }, picture);
  picture.addEventListener("error", async () => frame.replaceChildren(el("p", { class: "soft missing" }, await whyMissing(address(evidence, caseId)))));
  if (evidence.box_xyxy_px) {
    const [left, top, right, bottom] = evidence.box_xyxy_px;
    frame.append(svg("svg", { viewBox: `0 0 ${evidence.width_px} ${evidence.height_px}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { x: left, y: top, width: right - left, height: bottom - top })));
  }
  return frame;
}

// A picture whose time was over says by which rule it went, and when.
async function whyMissing(source) {
  try {
    const answer = await fetch(source);
    if (answer.status === 410) {
      const said = await answer.json();
      return lang() === "en" ? said.title_en : said.title;
    }
  } catch { /* without a network it is not known why */ }
  return t("photo.missing");
}

export function thumbnail(evidence, caseId) {
  const picture = el("img", { src: address(evidence, caseId), alt: "", loading: "lazy" });
  picture.addEventListener("error", () => picture.classList.add("empty"));
  return picture;
}

// Before and after in one frame; the line between them follows a finger, a mouse or the arrow keys.
export function slider(before, after) {
  const over = el("img", { class: "over", src: after, alt: t("case.after") });
  const under = el("img", { src: before, alt: t("case.before") });
  const line = el("i", { class: "edge", "aria-hidden": "true" });
  const grip = el("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": t("case.slide") });
  const frame = el("div", { class: "slider" }, under, over, line,
    el("span", { class: "tag start" }, t("case.before")), el("span", { class: "tag end" }, t("case.after")), grip);
  const move = () => frame.style.setProperty("--at", `${grip.value}%`);
  for (const picture of [under, over]) {
    picture.addEventListener("error", async () => frame.replaceWith(el("p", { class: "soft missing" }, await whyMissing(picture.src))));
  }
  grip.addEventListener("input", move);
  move();
  return frame;
}

// A phone's photo is made smaller before it is kept: it has to travel over a poor network.
export async function shrink(file) {
  const picture = await createImageBitmap(file);
  return shrunk(picture, picture.width, picture.height);
}

// Of anything that can be drawn; `wide` and `high` are its own size in pixels.
export function shrunk(picture, wide, high) {
  const scale = Math.min(1, 1600 / Math.max(wide, high));
  const canvas = el("canvas", { width: Math.round(wide * scale), height: Math.round(high * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
}
