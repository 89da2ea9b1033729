// Keep the worker's page on the phone, so that it opens without a network. The network goes first:
// what is kept is only what was last seen. Answers of the API are not kept here, pictures are.
const SHELL = "xunhuan-shell-6";
const PICTURES = "xunhuan-pictures-1";
const GONE = [403, 404, 410];
const PATIENCE_MS = 4000;
const FILES = ["/worker", "/web/shared/base.css", "/web/worker/worker.css", "/web/worker/worker.js", "/web/worker/outbox.js", "/web/worker/sending.js", "/web/worker/ahead.js", "/web/worker/cards.js", "/web/worker/queue.js", "/web/worker/aloud.js", "/web/worker/call.js", "/web/worker/here.js", "/web/worker/photo.js", "/web/worker/viewfinder.js", "/web/worker/leave.js", "/web/worker/sketch.js", "/web/worker/way.js", "/web/worker/whereabouts.js", "/web/worker/steps.js", "/web/worker/report.js", "/web/worker/mine.js", "/web/worker/correct.js", "/web/worker/report_place.js", "/web/shared/datum.js",
  "/web/vendor/leaflet/leaflet.js", "/web/vendor/leaflet/leaflet.css",
  "/web/shared/api.js", "/web/shared/dom.js", "/web/shared/photos.js", "/web/shared/sign_in.js", "/web/shared/terms.js", "/web/shared/words.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function freshFirst(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (away) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw away;
  }
}

// The centre is asked each time: a picture that was erased, or is no longer this person's, leaves the phone at once.
// Where no answer comes, or none within some seconds, what is kept is shown.
async function askedFirst(event) {
  const cache = await caches.open(PICTURES);
  const kept = await cache.match(event.request);
  const asked = fetch(event.request, { cache: "no-cache" }).then(async (answer) => {
    if (answer.ok) await cache.put(event.request, answer.clone());
    else if (GONE.includes(answer.status)) await cache.delete(event.request);
    return answer;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => null));
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept.clone()), PATIENCE_MS); });
  return Promise.race([asked.catch(() => kept.clone()), late]);
}

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (FILES.includes(pathname)) event.respondWith(freshFirst(event.request));
  else if (/^\/api\/v1\/cases\/[^/]+\/evidence\//.test(pathname)) event.respondWith(askedFirst(event));
});

// Whoever signs out leaves no pictures behind.
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(PICTURES));
});
