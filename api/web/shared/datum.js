// The datums of maps in China, as dispatch/datum.py has them; places are WGS 84 everywhere but on the map's picture.
const AXIS_M = 6378245.0, ECCENTRICITY2 = 0.00669342162296594323;
const WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271;
const BAIDU_TURN = (Math.PI * 3000.0) / 180.0;
const radians = (degrees) => (degrees * Math.PI) / 180.0;
const degrees = (angle) => (angle * 180.0) / Math.PI;
const waves = (way, ...parts) => parts.reduce((sum, [height, turns]) => sum + height * Math.sin(way * turns * Math.PI), 0);

function northM(x, y) {
  const smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return smooth + (2.0 / 3.0) * (waves(x, [20, 6], [20, 2]) + waves(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]));
}

function eastM(x, y) {
  const smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return smooth + (2.0 / 3.0) * waves(x, [20, 6], [20, 2], [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]);
}

function gcj02(latitude, longitude) {
  const x = longitude - 105.0, y = latitude - 35.0, sine = Math.sin(radians(latitude));
  const shrink = 1.0 - ECCENTRICITY2 * sine * sine;
  const meridianM = (AXIS_M * (1.0 - ECCENTRICITY2)) / (shrink * Math.sqrt(shrink));
  const parallelM = (AXIS_M / Math.sqrt(shrink)) * Math.cos(radians(latitude));
  return [latitude + degrees(northM(x, y) / meridianM), longitude + degrees(eastM(x, y) / parallelM)];
}

function bd09(latitude, longitude) {
  const far = Math.hypot(longitude, latitude) + 0.00002 * Math.sin(latitude * BAIDU_TURN);
  const angle = Math.atan2(latitude, longitude) + 0.000003 * Math.cos(longitude * BAIDU_TURN);
  return [far * Math.sin(angle) + 0.006, far * Math.cos(angle) + 0.0065];
}

export function fromWgs84(latitude, longitude, datum) {
  const shifted = SOUTH <= latitude && latitude <= NORTH && WEST <= longitude && longitude <= EAST;
  if (datum === "wgs84" || !shifted) return [latitude, longitude];
  const shown = gcj02(latitude, longitude);
  return datum === "gcj02" ? shown : bd09(...shown);
}

// Backwards: the place that the forward way brings to the given point.
export function toWgs84(latitude, longitude, datum) {
  let place = [latitude, longitude];
  for (let step = 0; step < 20; step += 1) {
    const shown = fromWgs84(...place, datum);
    const [up, right] = [latitude - shown[0], longitude - shown[1]];
    place = [place[0] + up, place[1] + right];
    if (Math.max(Math.abs(up), Math.abs(right)) < 1e-10) break;
  }
  return place;
}

// A Leaflet map's projection onto tiles of a datum: what is drawn and what is clicked stays WGS 84.
export function projectionOf(datum) {
  const flat = L.CRS.EPSG3857;
  if (datum === "wgs84") return flat;
  const projection = L.extend({}, flat.projection, {
    project: ({ lat, lng }) => flat.projection.project(L.latLng(fromWgs84(lat, lng, datum))),
    unproject(point) {
      const shown = flat.projection.unproject(point);
      return L.latLng(toWgs84(shown.lat, shown.lng, datum));
    },
  });
  return L.extend({}, flat, { projection });
}
