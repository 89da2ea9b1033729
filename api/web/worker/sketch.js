// A small picture of a place from the city's own data: no map from elsewhere, and none needed without a network.
import { svg } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";
import { away, far, offset } from "/web/worker/way.js";

const HALF = 100;
const NEAREST_M = 30;
const FARTHEST_M = 150;
const NAMED = 3;

function path(points, scale, of) {
  return `M${points.map(([longitude, latitude]) => { const { east, north } = offset(of, { latitude, longitude }); return `${(east * scale).toFixed(1)} ${(-north * scale).toFixed(1)}`; }).join("L")}Z`;
}

function words(text, x, y, attributes = {}) {
  const node = svg("text", { x, y, ...attributes });
  node.textContent = text;
  return node;
}

// As near as shows what there is to see: the error, the nearest landmark, and where I am if it is not far.
function reach(place, around, me) {
  const marks = around.landmarks.slice(0, 1).map((each) => away(offset(place, each)));
  const seen = [2 * place.ce90_m, ...marks, ...(me ? [away(offset(place, me))] : [])].filter((each) => each <= FARTHEST_M);
  return Math.min(FARTHEST_M, 1.25 * Math.max(NEAREST_M, ...seen));
}

// Beyond the picture's edge an arrow points to where I am.
function me(at, accuracy, scale) {
  const [x, y] = [at.east * scale, -at.north * scale];
  const over = Math.max(Math.abs(x), Math.abs(y)) / (HALF - 12);
  if (over <= 1) {
    return svg("g", { class: "me" }, svg("circle", { cx: x, cy: y, r: Math.min(HALF, accuracy * scale), class: "unsure" }), svg("circle", { cx: x, cy: y, r: 5 }), words(t("way.me"), x + 7, y + 3));
  }
  const turn = (Math.atan2(x, -y) * 180) / Math.PI;
  const [ex, ey] = [x / over, y / over];
  return svg("g", { class: "me beyond" }, svg("path", { d: "M0 -8L6 6L0 3L-6 6Z", transform: `translate(${ex} ${ey}) rotate(${turn})` }), words(t("way.me"), ex, ey + (ey > 0 ? -10 : 16), { "text-anchor": "middle" }));
}

function landmark(each, scale, place, named) {
  const { east, north } = offset(place, each);
  const [x, y] = [east * scale, -north * scale];
  const mark = svg("g", { class: "landmark" }, svg("rect", { x: x - 3, y: y - 3, width: 6, height: 6 }));
  if (named) mark.append(words(each.name, x + (x > 30 ? -5 : 5), y - 5, { "text-anchor": x > 30 ? "end" : "start" }));
  return mark;
}

function ruler(scale) {
  const metres = [10, 20, 50].findLast((each) => each * scale <= 60) ?? 5;
  return svg("g", { class: "ruler" }, svg("path", { d: `M${-HALF + 6} ${HALF - 6}h${metres * scale}` }), words(far(metres), -HALF + 6, HALF - 10));
}

// Names that would lie over each other are left out: the nearest thing is named first.
function namedOf(landmarks, scale, place) {
  const placed = [];
  for (const each of landmarks) {
    const { east, north } = offset(place, each);
    const [x, y] = [east * scale, -north * scale];
    if (Math.max(Math.abs(x), Math.abs(y)) < HALF - 8 && placed.every((other) => Math.abs(other.y - y) > 12)) placed.push({ each, x, y });
    if (placed.length === NAMED) break;
  }
  return new Set(placed.map(({ each }) => each));
}

export function sketch(place, around, from, title) {
  const scale = (HALF - 10) / reach(place, around, from);
  const named = namedOf(around.landmarks, scale, place);
  const ground = (each, kind) => each.rings.map((ring) => svg("path", { d: path(ring, scale, place), class: kind }));
  const names = around.strips.slice(0, 1).map((each) => words(say(each.name), 0, HALF - 22, { class: "strip-name", "text-anchor": "middle" }));
  const drawing = svg("svg", { viewBox: `${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`, class: "sketch", role: "img", "aria-label": title },
    ...around.strips.flatMap((each) => ground(each, "strip")), ...around.grids.flatMap((each) => ground(each, "grid")),
    ...around.landmarks.toReversed().map((each) => landmark(each, scale, place, named.has(each))), ...names,
    svg("path", { d: path(place.ellipse, scale, place), class: "ellipse" }),
    svg("path", { d: "M0 0L-6 -12A7 7 0 1 1 6 -12Z", class: "there" }), svg("circle", { cx: 0, cy: -15, r: 2.4, class: "eye" }),
    svg("path", { d: `M${HALF - 12} ${-HALF + 20}v-12m-4 5l4 -5l4 5`, class: "north" }), words(t("way.up"), HALF - 12, -HALF + 30, { "text-anchor": "middle" }), ruler(scale));
  if (from) drawing.append(me(offset(place, from), from.accuracy_m, scale));
  return drawing;
}
