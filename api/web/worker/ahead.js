// What a day without a network needs is fetched while there is one: each task whole, with its pictures.
import { get } from "/web/shared/api.js";
import { address } from "/web/shared/photos.js";

const KEPT = "xunhuan.stories";
const PICTURES = "xunhuan-pictures-1";
const MOST = 60;
let stories = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
let fetching = false;

function keep() {
  // A phone that is full keeps what it has: the page then shows what the list says of a task.
  try { localStorage.setItem(KEPT, JSON.stringify(stories)); } catch { /* said above */ }
}

export function keptStory(id) { return stories[id] ?? null; }

export function keepStory(id, story) {
  stories[id] = story;
  keep();
}

function pictures(story) {
  const shown = [...story.sights, ...story.photos].flatMap((each) => each.evidence);
  return [story.line.picture, ...shown].filter(Boolean).map((each) => address(each, story.line.id));
}

// Pictures go to the service worker, which keeps them; those of cases that are no longer mine leave the phone.
async function fetchPictures(own) {
  if (!navigator.serviceWorker?.controller || navigator.connection?.saveData) return;
  const cache = await caches.open(PICTURES);
  for (const request of await cache.keys()) {
    if (!own.some((id) => request.url.includes(`/cases/${id}/`))) await cache.delete(request);
  }
  for (const story of own.map((id) => stories[id]).filter(Boolean)) await Promise.allSettled(pictures(story).map((each) => fetch(each)));
}

export async function fetchAhead(tasks, also) {
  if (fetching) return;
  fetching = true;
  const own = [...new Set(tasks.map(({ line }) => line.id))].slice(0, MOST);
  stories = Object.fromEntries(Object.entries(stories).filter(([id]) => own.includes(id)));
  try {
    for (const { line } of tasks.slice(0, MOST)) {
      if (stories[line.id]?.line.version === line.version) continue;
      try { stories[line.id] = await get(`/cases/${line.id}`); } catch (problem) { if (!problem.status) throw problem; }
    }
    await fetchPictures([...own, ...also]);
  } catch { /* what is missing is fetched with the next refresh */ } finally { fetching = false; }
  keep();
}

export function forgetStories() {
  stories = {};
  localStorage.removeItem(KEPT);
}
