// One way to call the centre: JSON in, JSON out, problems as errors that a person can read.
import { t } from "./words.js";

export class Problem extends Error {
  constructor(status, body) {
    super(body?.title ?? t("problem.unknown"));
    this.status = status;
    this.code = body?.code ?? `HTTP ${status}`;
  }
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
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: payload, signal: AbortSignal.timeout(30_000) });
  } catch {
    throw new Problem(0, { title: t("problem.offline"), code: "offline" });
  }
  const text = await answer.text();
  let data = null;
  try { data = text ? JSON.parse(text) : null; } catch { throw new Problem(answer.status, null); }
  if (!answer.ok) throw new Problem(answer.status, data);
  return data;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body ?? {});
export const remove = (path) => call("DELETE", path);
