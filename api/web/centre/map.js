// The map: cases as shapes by state with their ellipses, unit grids, inspected ground by age.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";

const COLOUR = { reported: "#2456a6", confirmed: "#2456a6", filed: "#9a5b00", dispatched: "#9a5b00", handling: "#9a5b00", suspended: "#68707a", handled: "#2456a6", closed: "#1b7a3d", void: "#68707a" };
const SHAPE = { reported: "?", confirmed: "!", filed: "▲", dispatched: "▲", handling: "◆", suspended: "‖", handled: "◐", closed: "✓", void: "×" };

export async function baseMap(place) {
  const map = L.map(place, { attributionControl: true, zoomControl: true, maxZoom: 22 });
  map.attributionControl.setPrefix(false);
  const settings = await get("/map/settings");
  if (settings.tiles) L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 22, maxNativeZoom: 18 }).addTo(map);
  return map;
}

export function drawPlace(map, line, open) {
  const ring = line.place.ellipse.map(([longitude, latitude]) => [latitude, longitude]);
  const colour = COLOUR[line.status];
  L.polygon(ring, { color: colour, weight: 1, fillOpacity: 0.15, interactive: false }).addTo(map);
  const icon = L.divIcon({ className: "", iconSize: [22, 22], html: el("span", { style: `display:grid;place-items:center;width:22px;height:22px;border-radius:4px;background:${colour};color:#fff;font-weight:700` }, SHAPE[line.status]) });
  const marker = L.marker([line.place.latitude, line.place.longitude], { icon, title: `${say(line.category.name)} ${say(line.status_words)}`, alt: line.number }).addTo(map);
  if (open) marker.on("click", () => open(line.id));
  return ring;
}

export async function showMap(side, { open }) {
  const place = el("div", { id: "map" });
  fill(side, place);
  const [map, grids, inspected, page] = await Promise.all([baseMap(place), get("/map/grids"), get("/map/inspected"), get("/cases?limit=200")]);
  const gridLayer = L.geoJSON(grids, { style: { color: "#68707a", weight: 1, fill: false, dashArray: "4 4" }, interactive: false });
  const groundLayer = L.geoJSON(inspected, { style: (feature) => ({ stroke: false, fillColor: "#1b7a3d", fillOpacity: Math.max(0.08, 0.35 - 0.04 * feature.properties.age_days) }), interactive: false });
  groundLayer.addTo(map);
  gridLayer.addTo(map);
  L.control.layers({}, { [t("map.grid")]: gridLayer, [t("map.inspected")]: groundLayer }).addTo(map);
  const rings = page.cases.map((line) => drawPlace(map, line, open));
  const bounds = L.latLngBounds(rings.flat());
  if (groundLayer.getLayers().length) bounds.extend(groundLayer.getBounds());
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.1));
  else map.fitBounds(gridLayer.getBounds());
}
