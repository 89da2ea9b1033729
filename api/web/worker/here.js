// Where the phone is, for its owner's eyes alone: this position is compared here, on the phone, and sent nowhere.
const FRESH_MS = 300_000;
const GOOD = { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 };
const followers = new Map();
let place = null;
let watch = null;

export function here() { return place && Date.now() - place.at < FRESH_MS ? place : null; }

// Whoever is no longer on the page follows no more; when nobody does, the receiver rests.
function tell() {
  for (const [node, changed] of followers) if (node.isConnected) changed(); else followers.delete(node);
  if (!followers.size) rest();
}

export function rest() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

// Ask for the position; the browser asks the phone's owner the first time.
export function find() {
  watch ??= navigator.geolocation.watchPosition(({ coords }) => {
    place = { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy, at: Date.now() };
    tell();
  }, ({ code, PERMISSION_DENIED }) => { if (code === PERMISSION_DENIED) { rest(); place = null; tell(); } }, GOOD);
}

// "granted", "prompt", or "denied" where the phone gives no position.
export async function mayFind() {
  if (!navigator.geolocation || !window.isSecureContext) return "denied";
  try { return (await navigator.permissions.query({ name: "geolocation" })).state; } catch { return "prompt"; }
}

// `changed` is called with each new position for as long as the node is on the page.
export function follow(node, changed) { followers.set(node, changed); }

// A page that goes draws what comes in its place a moment later.
window.addEventListener("hashchange", () => setTimeout(tell, 1_000));
document.addEventListener("visibilitychange", () => { if (document.hidden) rest(); else if (followers.size && place) find(); });
