// Components of the registry on a map: from so near on that they can be told apart.
import { get } from "/web/shared/api.js";
import { el, fill } from "/web/shared/dom.js";
import { say, t } from "/web/shared/words.js";

const FROM_ZOOM = 18;
const SHAPES = { intact: "□", damaged: "◩", lost: "☒", abandoned: "▧", removed: "×" };

function shape(condition) {
  return el("span", { class: `component-sign ${condition === "intact" ? "" : "faulty"}` }, SHAPES[condition]);
}

function facts(each) {
  return el("span", { class: "component-facts" }, el("b", {}, each.name || each.class_name || each.code), el("br"),
    t("component.number", each), el("br"), [each.class_name, `${each.standard} ${each.code}`].filter(Boolean).join(" · "), el("br"),
    t("component.owner", { owner: say(each.owner_words) }), el("br"),
    t("component.state", { state: say(each.condition_words), day: each.valid_from, accuracy: each.accuracy }),
    each.valid_until && el("span", {}, el("br"), t("component.until", { day: each.valid_until })));
}

export function drawComponent(layer, each, { named = false } = {}) {
  const icon = L.divIcon({ className: "", iconSize: [16, 16], html: shape(each.condition) });
  const marker = L.marker([each.latitude, each.longitude], { icon, title: `${each.name} ${each.id}`, alt: each.id, zIndexOffset: named ? 500 : -500 }).addTo(layer);
  return marker.bindPopup(facts(each));
}

// What a case says of its component: the one it names, or those among which a person names one.
export function ofCase(component) {
  if (!component) return [];
  const one = component.id && component.latitude !== null ? [component] : [];
  return [...one, ...component.fitting].map((each) => ({ ...each, marked: each.id === component.id }));
}

export function drawNamed(layer, each) {
  const icon = L.divIcon({ className: "", iconSize: [16, 16], html: el("span", { class: "component-sign" }, SHAPES.intact) });
  return L.marker([each.latitude, each.longitude], { icon, alt: each.id, title: `${each.name} ${each.id}` }).addTo(layer).bindTooltip(`${each.name} ${each.id}`, { permanent: each.marked, direction: "top" });
}

// Only what is in view is asked for, and only from near; an answer that comes late is left alone.
export function componentsInView(map, layer, { told, boxOf }) {
  let latest = 0;
  return async () => {
    const turn = latest += 1;
    if (!map.hasLayer(layer)) { layer.clearLayers(); fill(told); return; }
    const box = boxOf(map.getBounds());
    if (map.getZoom() < FROM_ZOOM || !box) { layer.clearLayers(); fill(told, t("component.nearer")); return; }
    try {
      const shown = await get(`/map/components?${new URLSearchParams({ bbox: box })}`);
      if (turn !== latest) return;
      layer.clearLayers();
      for (const each of shown.components) drawComponent(layer, each);
      fill(told, shown.more ? t("component.many") : t("component.shown", { n: shown.components.length }));
    } catch (problem) { if (turn === latest) fill(told, problem.message); }
  };
}

export async function findComponent(map, layer, id) {
  const found = await get(`/map/components/${encodeURIComponent(id)}`);
  map.setView([found.latitude, found.longitude], 20);
  drawComponent(layer, found, { named: true }).openPopup();
}
