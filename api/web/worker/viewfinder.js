// A live view with what was there before laid over it: who matches the two stands where the first picture was taken.
import { now } from "/web/shared/api.js";
import { el, fill, svg } from "/web/shared/dom.js";
import { shrunk } from "/web/shared/photos.js";
import { t } from "/web/shared/words.js";

const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } } };
const LOOKS = { over: "finder.over", beside: "finder.beside", live: "finder.live" };
let stream = null;

function rest() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}
window.addEventListener("hashchange", rest);
window.addEventListener("pagehide", rest);

// A page without TLS, an old browser, or a phone whose camera only its own app may use: none is shown a dead view.
export async function mayLook() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return false;
  try { return (await navigator.mediaDevices.enumerateDevices()).some(({ kind }) => kind === "videoinput"); } catch { return false; }
}

export async function isAllowed() {
  try { return (await navigator.permissions.query({ name: "camera" })).state === "granted"; } catch { return false; }
}

async function run(video) {
  rest();
  stream = await navigator.mediaDevices.getUserMedia(WANTED);
  video.srcObject = stream;
  await video.play();
}

// Thirds, as a photographer's eye wants them, and a cross where the thing itself should lie.
function thirds() {
  const lines = [33.3, 66.7].map((at) => `M${at} 0V100M0 ${at}H100`).join("");
  return svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", class: "thirds", "aria-hidden": "true" }, svg("path", { d: lines }));
}

function chosen(buttons, name) { for (const each of buttons) each.setAttribute("aria-pressed", String(each.value === name)); }

// How the picture of before is shown: over the live one and how strongly, beside it, or not at all.
function looks(frame, ghost) {
  const strength = el("input", { type: "range", id: "strength", min: 10, max: 90, value: 50, "aria-label": t("finder.strength") });
  const dim = () => { ghost.style.setProperty("--strength", strength.value / 100); };
  strength.addEventListener("input", dim);
  dim();
  const show = (look) => { frame.dataset.look = look; chosen(buttons, look); strength.hidden = look !== "over"; };
  const buttons = Object.entries(LOOKS).map(([look, key]) => el("button", { type: "button", class: "choice", value: look, "data-look": look, onclick: () => show(look) }, t(key)));
  show("over");
  return [el("div", { class: "two looks" }, buttons), strength];
}

function which(befores, ghost) {
  if (befores.length < 2) return null;
  const buttons = befores.map(({ key, source }) => el("button", { type: "button", class: "choice", value: source, onclick: () => { ghost.src = source; chosen(buttons, source); } }, t(key)));
  chosen(buttons, befores[0].source);
  return el("div", { class: "two" }, buttons);
}

// Show the view in `shown` with its buttons in `bottom`; `befores` is what was taken before, `otherwise` the way to the
// phone's own camera. `taken` gets the photo; where the camera does not open, `failed` is told.
export async function look({ shown, bottom, befores, otherwise, taken, failed }) {
  const video = el("video", { playsinline: true, muted: true, autoplay: true, "aria-label": t("finder.live") });
  video.muted = true;
  const ghost = el("img", { class: "ghost", alt: t("case.before"), src: befores[0]?.source });
  const turn = el("p", { class: "turn", role: "status" });
  const frame = el("div", { class: "finder", "data-look": "live" }, el("div", { class: "stage" }, video, thirds()), befores.length > 0 && ghost);
  const asTaken = () => {
    const wide = ghost.naturalWidth > 1.15 * ghost.naturalHeight;
    fill(turn, wide && video.videoHeight > video.videoWidth ? t("finder.turn") : "");
    if (video.videoWidth) frame.style.setProperty("--shape", `${video.videoWidth} / ${video.videoHeight}`);
  };
  video.addEventListener("resize", asTaken);
  ghost.addEventListener("load", asTaken);
  ghost.addEventListener("error", () => ghost.remove());
  const shutter = el("button", { id: "shutter", class: "main", disabled: true, onclick: async () => {
    shutter.disabled = true;
    const photo = await shrunk(video, video.videoWidth, video.videoHeight);
    rest();
    taken({ photo, taken_at: new Date(now()).toISOString() });
  } }, t("finder.take"));
  // Only the shutter stays at hand; in large letters the rest would hide what it is about.
  fill(shown, el("p", { class: "finder-hint" }, t(befores.length ? "finder.hint" : "finder.hint.none")), frame, turn, befores.length > 0 && looks(frame, ghost), which(befores, ghost), otherwise);
  fill(bottom, shutter);
  const begin = async () => {
    try {
      await run(video);
      asTaken();
      shutter.disabled = false;
    } catch (away) {
      rest();
      failed(t(away.name === "NotAllowedError" ? "finder.denied" : "finder.failed"));
    }
  };
  const wake = () => {
    if (!frame.isConnected) document.removeEventListener("visibilitychange", wake);
    else if (document.hidden) { shutter.disabled = true; rest(); } else begin();
  };
  document.addEventListener("visibilitychange", wake);
  await begin();
}
