// What a day without a network needs is fetched while there is one: each task whole, with its pictures.
import { get } from "/web/shared/api.js";
import { address } from "/web/shared/photos.js";

const KEPT = "xunhuan.stories";
const GROUNDS = "xunhuan.grounds";
const PICTURES = "xunhuan-pictures-1";
const MOST = 60;
let stories = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
let grounds = JSON.parse(localStorage.getItem(GROUNDS) ?? "{}");
let fetching = false;

function keep() {
  // A phone that is full keeps what it has: the page then shows what the list says of a task.
  try {
    localStorage.setItem(KEPT, JSON.stringify(stories));
    localStorage.setItem(GROUNDS, JSON.stringify(grounds));
  } catch { /* said above */ }
}

export function keptStory(id) { return stories[id] ?? null; }

export function keepStory(id, story) {
  stories[id] = story;
  keep();
}

// The ground around a case is the same until the case is moved.
const spot = ({ place }) => `${place.latitude},${place.longitude}`;
export function keptGround(line) { return grounds[line.id]?.spot === spot(line) ? grounds[line.id].around : null; }

async function fetchGround(line) {
  if (keptGround(line)) return;
  grounds[line.id] = { spot: spot(line), around: await get(`/map/around/${line.id}`) };
}

export async function groundOf(line) {
  try { await fetchGround(line); } catch { return null; }
  keep();
  return keptGround(line);
}

function pictures(story) {
  const told = [story, ...(story.merged ?? [])];
  const shown = told.flatMap((each) => [...each.sights, ...each.photos]).flatMap((each) => each.evidence);
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
  grounds = Object.fromEntries(Object.entries(grounds).filter(([id]) => own.includes(id)));
  try {
    for (const { line } of tasks.slice(0, MOST)) {
      try {
        if (stories[line.id]?.line.version !== line.version) stories[line.id] = await get(`/cases/${line.id}`);
        await fetchGround(line);
      } catch (problem) { if (!problem.status) throw problem; }
    }
    await fetchPictures([...own, ...also]);
  } catch { /* what is missing is fetched with the next refresh */ } finally { fetching = false; }
  keep();
}

export function forgetStories() {
  stories = {};
  grounds = {};
  localStorage.removeItem(KEPT);
  localStorage.removeItem(GROUNDS);
}
