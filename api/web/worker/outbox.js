// What a worker finished is kept on the phone first and sent when the centre answers: nothing is lost.
import { newId, now } from "/web/shared/api.js";

const OPEN = new Promise((resolve, reject) => {
  const request = indexedDB.open("xunhuan-outbox", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "id" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function store(mode, work) {
  const database = await OPEN;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("items", mode);
    const request = work(transaction.objectStore("items"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export async function put(item) {
  await store("readwrite", (items) => items.put({ ...item, id: item.id ?? newId(), kept_at: item.kept_at ?? new Date(now()).toISOString() }));
  navigator.storage?.persist?.();
}

// A phone may go from hand to hand: what one person finished is never sent in another's name.
export async function waiting(person) {
  const items = await store("readonly", (all) => all.getAll());
  return items.filter((item) => item.by === person && !item.draft).sort((a, b) => a.kept_at.localeCompare(b.kept_at));
}

// Everything that is on the phone and not at the centre, begun or finished; what holds no picture is not worth a word.
export async function keptOnPhone() {
  const items = await store("readonly", (all) => all.getAll());
  return items.filter((item) => !item.draft || item.photo || Object.keys(item.photos ?? {}).length);
}

export async function keptBy(person) { return (await keptOnPhone()).filter((item) => item.by === person); }

export function draftOf(id) { return store("readonly", (items) => items.get(id)); }

export async function drop(id) { await store("readwrite", (items) => items.delete(id)); }

// Send all that waits, the oldest first, and tell of each. `send(item)` throws; a refusal (status 4xx) is kept with its
// reason for the worker to see, an outage stops the round. What may still be undone (`held` gives its id) waits for its
// own round, and what was taken back while a round was under way does not go.
async function round(person, send, tell, held) {
  for (const item of await waiting(person)) {
    if (item.refused || item.id === held() || !(await draftOf(item.id))) continue;
    try {
      const answer = await send(item);
      await drop(item.id);
      tell(item, answer);
    } catch (problem) {
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 401) await put({ ...item, refused: problem.message });
      else break;
    }
  }
}

// One round at a time; who asks while one is under way may have kept something since it began, and gets the next one.
let sending = null;
let next = null;
export function flush(person, send, tell = () => {}, held = () => null) {
  if (sending) {
    next ??= sending.catch(() => {}).then(() => { next = null; return flush(person, send, tell, held); });
    return next;
  }
  sending = round(person, send, tell, held).finally(() => { sending = null; });
  return sending;
}
