// Distance and direction in words that are understood on a street.
import { t } from "/web/shared/words.js";

const EARTH_M = 6_371_008.8;
const WAYS = ["way.north", "way.northeast", "way.east", "way.southeast", "way.south", "way.southwest", "way.west", "way.northwest"];
const BESIDE_M = 3;
const TOLD_WITHIN_M = 60;
const radians = (degrees) => (degrees * Math.PI) / 180;

// Metres east and north from one place to another, in a plane that touches the ground at the first.
export function offset(from, to) {
  const north = radians(to.latitude - from.latitude) * EARTH_M;
  return { north, east: radians(to.longitude - from.longitude) * EARTH_M * Math.cos(radians(from.latitude)) };
}

export function away({ east, north }) { return Math.hypot(east, north); }

function direction({ east, north }) {
  const turn = (Math.atan2(east, north) * 4) / Math.PI;
  return t(WAYS[(Math.round(turn) + 8) % 8]);
}

export function far(metres) {
  if (metres < 20) return t("way.m", { n: Math.round(metres) });
  if (metres < 995) return t("way.m", { n: Math.round(metres / 10) * 10 });
  return t("way.km", { n: metres < 9_950 ? (metres / 1_000).toFixed(1) : Math.round(metres / 1_000) });
}

// From where the phone is to a place; within the phone's own error no direction is told.
export function wayTo(place, from) {
  const there = offset(from, place);
  if (away(there) <= Math.max(10, from.accuracy_m)) return t("way.near", { m: Math.round(from.accuracy_m) });
  return t("way.to", { way: direction(there), far: far(away(there)) });
}

// By the nearest thing that has a name, as people tell each other where something is.
export function byLandmark(place, landmarks) {
  const [nearest] = landmarks;
  if (!nearest) return "";
  const there = offset(nearest, place);
  if (away(there) > TOLD_WITHIN_M) return "";
  if (away(there) < BESIDE_M) return t("way.beside", nearest);
  return t("way.landmark", { name: nearest.name, way: direction(there), far: far(away(there)) });
}
