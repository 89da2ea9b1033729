// The map: cases as shapes by state with their ellipses, unit grids, inspected ground by age.
import { get } from "/web/shared/api.js";
import { projectionOf } from "/web/shared/datum.js";
import { el, fill } from "/web/shared/dom.js";
import { room } from "/web/shared/room.js";
import { say, stands, t } from "/web/shared/words.js";
import { componentsInView, drawNamed, findComponent } from "/web/centre/components.js";
import { maySeeSuppressed } from "/web/centre/suppressed.js";

const SIGNS = {
  reported: ["?", "#2456a6"], confirmed: ["!", "#2456a6"], filed: ["▲", "#8a5000"], dispatched: ["▲", "#8a5000"], handling: ["◆", "#8a5000"],
  suspended: ["‖", "#5d656e"], handled: ["◐", "#2456a6"], closed: ["✓", "#1b6e3a"], void: ["×", "#5d656e"],
};

function sign(status) {
  const [shape, colour] = SIGNS[status];
  return el("span", { class: "sign", style: `background:${colour}` }, shape);
}

async function baseMap(place) {
  const settings = await get("/map/settings");
  const map = L.map(place, { attributionControl: true, zoomControl: true, maxZoom: 22, crs: projectionOf(settings.datum), registry: settings.registry });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  map.on("contextmenu", ({ latlng }) => L.popup({ content: el("span", { class: "where" }, `${latlng.lat.toFixed(6)}, ${latlng.lng.toFixed(6)} (WGS 84)`) }).setLatLng(latlng).openOn(map));
  if (settings.tiles) L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 22, maxNativeZoom: 18 }).addTo(map);
  return map;
}

function ringOf(line) { return line.place.ellipse.map(([longitude, latitude]) => [latitude, longitude]); }

let grids = null;
async function gridLines() {
  grids ??= await get("/map/grids");
  return L.geoJSON(grids, { style: { color: "#7b858f", weight: 1, fill: false, dashArray: "4 4" }, interactive: false });
}

// A pin that may be dragged to where the thing truly is; `moved` is told where it was put.
export async function pinPlace(place, line, moved) {
  const map = await baseMap(place);
  map.setView([line.place.latitude, line.place.longitude], 19);
  (await gridLines()).addTo(map);
  L.polygon(ringOf(line), { color: SIGNS[line.status][1], weight: 1, fillOpacity: 0.1, interactive: false }).addTo(map);
  const from = L.latLng(line.place.latitude, line.place.longitude);
  const pin = L.marker(from, { draggable: true, alt: t("report.pin"), icon: L.divIcon({ className: "", iconSize: [22, 22], html: sign(line.status) }) }).addTo(map);
  pin.on("dragend", () => { const to = pin.getLatLng(); moved(to, map.distance(from, to)); });
}

function drawPlace(map, line, open) {
  L.polygon(ringOf(line), { color: SIGNS[line.status][1], weight: 1, fillOpacity: 0.15, interactive: false, className: "ellipse" }).addTo(map);
  const icon = L.divIcon({ className: "", iconSize: [22, 22], html: sign(line.status) });
  const marker = L.marker([line.place.latitude, line.place.longitude], { icon, title: [say(line.category.name), stands(line), line.rendered && t("rendered")].filter(Boolean).join(" · "), alt: line.number, riseOnHover: true }).addTo(map);
  if (open) marker.on("click", () => open(line.id));
}

// The view is set before anything is drawn: Leaflet cannot clip a shape that has no view yet.
export async function showPlace(place, line, components = [], merged = []) {
  const map = await baseMap(place);
  const bounds = L.latLngBounds([...ringOf(line), ...merged.flatMap(ringOf), ...components.map((each) => [each.latitude, each.longitude])]);
  map.fitBounds(bounds.pad(components.length + merged.length ? 1 : 3));
  (await gridLines()).addTo(map);
  drawPlace(map, line);
  for (const each of merged) drawMerged(map, each);
  for (const each of components) drawNamed(map, each);
}

function drawMerged(map, each) {
  L.polygon(ringOf(each), { color: "#5b6670", weight: 1, dashArray: "4 3", fillOpacity: 0.1, className: "ellipse merged" }).bindTooltip(el("span", {}, t("case.merged", each))).addTo(map);
}

function approvedArea(approvals) {
  const style = (feature) => ({ color: "#6b3fa0", weight: 2, dashArray: feature.properties.holds ? null : "2 6", fillOpacity: feature.properties.holds ? 0.18 : 0.05 });
  const named = (feature, shape) => shape.bindTooltip(el("span", {}, say(feature.properties)));
  return L.geoJSON(approvals, { style, onEachFeature: named });
}

function suppressedSight(sight) {
  const circle = L.circleMarker([sight.place.latitude, sight.place.longitude], { radius: 5, color: "#6b3fa0", weight: 2, fillOpacity: 0 });
  return circle.bindTooltip(el("span", {}, [`${say(sight.name)} · ${say(sight.reason)}`, sight.rendered && t("rendered")].filter(Boolean).join(" · ")));
}

// Many cases come as groups, each with its count; all are in one of them. A group opens by coming nearer.
function drawGroup(layer, group, map, open) {
  const words = t("map.group", { n: group.count, open: group.open });
  const icon = L.divIcon({ className: "", iconSize: [36, 36], html: el("span", { class: `group ${group.open ? "" : "ended"}` }, String(group.count)) });
  const marker = L.marker([group.latitude, group.longitude], { icon, title: words, alt: words, riseOnHover: true }).addTo(layer);
  marker.on("click", () => { if (group.only) open(group.only); else map.setView(marker.getLatLng(), Math.min(map.getMaxZoom(), map.getZoom() + 2)); });
}

function boxOf(bounds) {
  const held = (value, most) => Math.max(-most, Math.min(most, value));
  const box = [held(bounds.getWest(), 180), held(bounds.getSouth(), 90), held(bounds.getEast(), 180), held(bounds.getNorth(), 90)];
  return box[0] < box[2] && box[1] < box[3] ? box.join(",") : null;
}

// Only what is in view is asked for, anew wherever the map goes; an answer that comes late is left alone.
function casesInView(map, { status, open, told }) {
  const layer = L.layerGroup().addTo(map);
  let latest = 0;
  return async () => {
    const turn = latest += 1;
    const box = boxOf(map.getBounds());
    const query = new URLSearchParams({ bbox: box ?? "", ...(status && { status }) });
    try {
      const shown = box ? await get(`/map/cases?${query}`) : { cases: [], groups: [], total: 0 };
      if (turn !== latest) return;
      layer.clearLayers();
      for (const line of shown.cases) drawPlace(layer, line, open);
      for (const group of shown.groups) drawGroup(layer, group, map, open);
      fill(told, t("map.shown", { n: shown.total }));
    } catch (problem) { if (turn === latest) fill(told, problem.message); }
  };
}

function count(told) {
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => told;
  return control;
}

function legend(queues) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => el("details", { class: "legend", open: room() !== "narrow" }, el("summary", {}, t("map.legend")), queues.map((queue) => el("span", {}, sign(queue.status), say(queue.words))));
  return control;
}

export async function showMap(side, { me, open, lines, queue, component }) {
  const place = el("div", { id: "map" });
  const told = el("span", { class: "legend", id: "map-count", role: "status" });
  fill(side, place);
  const [map, gridLayer, approvals, inspected, queues] = await Promise.all([baseMap(place), gridLines(), get("/map/approvals"), get("/map/inspected"), get("/queues")]);
  const groundLayer = L.geoJSON(inspected, { style: (feature) => ({ stroke: false, fillColor: "#1b7a3d", fillOpacity: Math.max(0.08, 0.35 - 0.04 * feature.properties.age_days) }), interactive: false });
  const bounds = L.latLngBounds(lines.flatMap(ringOf));
  if (!bounds.isValid() && groundLayer.getLayers().length) bounds.extend(groundLayer.getBounds());
  if (!bounds.isValid()) bounds.extend(gridLayer.getBounds());
  map.fitBounds(bounds.pad(0.15), { maxZoom: 19 });
  groundLayer.addTo(map);
  gridLayer.addTo(map);
  const approvedLayer = approvedArea(approvals).addTo(map);
  if (me && maySeeSuppressed(me)) for (const sight of (await get("/suppressed")).sights) suppressedSight(sight).addTo(approvedLayer);
  const layers = { [t("map.grid")]: gridLayer, [t("map.approved")]: approvedLayer, [t("map.inspected")]: groundLayer };
  const registry = L.layerGroup();
  if (map.options.registry) { layers[t("component.layer")] = registry; registry.addTo(map); }
  L.control.layers({}, layers, { collapsed: room() === "narrow" }).addTo(map);
  legend(queues).addTo(map);
  const near = el("span", { class: "legend", id: "component-count", role: "status" });
  if (map.options.registry) count(near).addTo(map);
  count(told).addTo(map);
  const draw = casesInView(map, { status: queue, open, told });
  const drawComponents = componentsInView(map, registry, { told: near, boxOf });
  map.on("moveend", draw);
  if (map.options.registry) map.on("moveend overlayadd overlayremove", drawComponents);
  const named = L.layerGroup().addTo(map);
  await Promise.all([draw(), map.options.registry && drawComponents(), component && findComponent(map, named, component)]);
}
