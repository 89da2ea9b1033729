// Where a report is: the phone's position with its error, a pin that can be moved, or a grid.
import { get } from "/web/shared/api.js";
import { projectionOf } from "/web/shared/datum.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";

const GOOD_M = 10;
const LONG_ENOUGH_MS = 20_000;
let watch = null;
let shown = null;

// Listen to the phone from the first photo on and keep the sharpest position, until it is good enough.
export function findPlace(draft, kept) {
  if (watch !== null || draft.place || !navigator.geolocation) return;
  const stop = () => { navigator.geolocation.clearWatch(watch); watch = null; };
  watch = navigator.geolocation.watchPosition(async ({ coords }) => {
    const { latitude, longitude } = coords;
    const accuracy_m = Math.max(1, coords.accuracy);
    const better = !draft.place || (draft.place.by === "phone" && accuracy_m < draft.place.accuracy_m);
    if (better && accuracy_m <= 5_000) { draft.place = { by: "phone", latitude, longitude, accuracy_m }; await kept(); shown?.(); }
    if (accuracy_m <= GOOD_M) stop();
  }, () => { if (watch !== null) stop(); shown?.(); }, { enableHighAccuracy: true, maximumAge: 0, timeout: LONG_ENOUGH_MS });
  setTimeout(() => { if (watch !== null) stop(); shown?.(); }, LONG_ENOUGH_MS);
}

async function draw(place, draft, moved) {
  const settings = await get("/map/settings").catch(() => ({ tiles: "", datum: "wgs84" }));
  if (!place.isConnected) return;
  const here = [draft.place.latitude, draft.place.longitude];
  const map = L.map(place, { attributionControl: true, crs: projectionOf(settings.datum), maxZoom: 22 });
  map.attributionControl.setPrefix(false);
  map.setView(here, 18);
  if (settings.tiles) L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 22, maxNativeZoom: 18 }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const round = draft.place.accuracy_m && L.circle(here, { radius: draft.place.accuracy_m, weight: 1, interactive: false }).addTo(map);
  const icon = L.divIcon({ className: "pin", iconSize: [48, 48], iconAnchor: [24, 46], html: el("i", {}) });
  const pin = L.marker(here, { icon, draggable: true, alt: t("report.pin") }).addTo(map);
  pin.on("dragend", () => {
    const { lat, lng } = pin.getLatLng();
    draft.place = { by: "pin", latitude: lat, longitude: lng };
    round?.remove();
    moved();
  });
}

function grids(draft, areas, changed) {
  const pick = el("select", { id: "area", "aria-label": t("report.area") }, el("option", { value: "" }, t("report.area")),
    areas.map((each) => el("option", { value: each.id, selected: draft.place?.area === each.id }, say(each.name))));
  pick.addEventListener("change", () => { draft.place = pick.value ? { by: "area", area: pick.value } : null; changed(); });
  return pick;
}

export function placeField(draft, areas, changed) {
  const field = el("div", { class: "shown", id: "place" });
  const said = () => {
    const { place } = draft;
    if (place?.by === "phone") return t("report.place.phone", { m: Math.round(place.accuracy_m) });
    return t(place?.by === "pin" ? "report.place.pin" : watch !== null ? "report.place.wait" : "report.place.none");
  };
  const show = () => {
    const words = el("p", { id: "placed", role: "status" }, said());
    const located = draft.place && draft.place.by !== "area";
    const map = located && el("div", { class: "map" });
    fill(field, words, map, !located && watch === null && [grids(draft, areas, changed), el("p", { class: "soft" }, t("report.area.hint"))]);
    if (map) draw(map, draft, () => { words.textContent = said(); changed(); });
    changed();
  };
  shown = () => { if (field.isConnected) show(); };
  show();
  return field;
}
