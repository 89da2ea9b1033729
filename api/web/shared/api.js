// One way to call the centre: JSON in, JSON out, problems as errors that a person can read.
import { lang, t } from "./words.js";

export class Problem extends Error {
  constructor(status, body) {
    super((lang() === "en" ? body?.title_en : body?.title) ?? body?.title ?? t("problem.unknown"));
    this.status = status;
    this.code = body?.code ?? `HTTP ${status}`;
  }
}

// What is left is counted by the centre's clock: a phone's may be wrong, and a drill's runs apart.
let ahead = Number(localStorage.getItem("xunhuan.ahead") ?? 0);
export function now() { return Date.now() + ahead; }

function hear(headers) {
  const told = headers.get("X-Xunhuan-Time");
  if (!told) return;
  ahead = new Date(told) - Date.now();
  localStorage.setItem("xunhuan.ahead", ahead);
  const drill = headers.has("X-Xunhuan-Drill");
  document.documentElement.classList.toggle("drill", drill);
}

async function call(method, path, body) {
  const headers = { "X-Xunhuan-Page": "1" };
  let payload;
  if (body instanceof FormData) payload = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let answer;
  let text;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: payload, signal: AbortSignal.timeout(30_000) });
    text = await answer.text();
  } catch {
    throw new Problem(0, { title: t("problem.offline"), title_en: t("problem.offline"), code: "offline" });
  }
  hear(answer.headers);
  let data = null;
  try { data = text ? JSON.parse(text) : null; } catch { throw new Problem(answer.status, null); }
  if (!answer.ok) throw new Problem(answer.status, data);
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body ?? {});
export const remove = (path) => call("DELETE", path);

// Where an answer is lost on the way, whoever presses again sends the same decision, and the centre knows it by its id.
const unanswered = new Map();
export async function decide(path, said) {
  const words = `${path} ${JSON.stringify(said)}`;
  if (!unanswered.has(words)) unanswered.set(words, newId());
  const answer = await post(path, { ...said, id: unanswered.get(words) });
  unanswered.delete(words);
  return answer;
}

// An id of 128 random bits in the form that the centre takes, also where the page came without TLS.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
