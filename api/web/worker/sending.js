// How each thing that waits on the phone goes to the centre.
import { get, post } from "/web/shared/api.js";
import { sendReport } from "/web/worker/report.js";

// Whatever is sent has the id that it was kept under: where the answer was lost on the way, the centre knows it again.
// The machine's own steps (a limit's alarm, a pass's verdict) raise the version under a worker's hands;
// where the case still stands as the worker saw it, the decision holds.
export async function send(item) {
  if (item.kind === "report") return sendReport(item);
  if (item.photo) {
    const form = new FormData();
    form.append("file", item.photo, "photo.jpg");
    form.append("purpose", item.purpose);
    form.append("taken_at", item.taken_at ?? item.kept_at);
    form.append("id", item.id);
    await post(`/cases/${item.case}/photos`, form);
  }
  if (!item.action) return null;
  const said = { id: item.id, version: item.version, note: item.note ?? "", ...(item.said ?? {}) };
  try {
    return await post(`/cases/${item.case}/${item.action}`, said);
  } catch (problem) {
    if (problem.code !== "StaleCase") throw problem;
    const { line } = await get(`/cases/${item.case}`);
    if (line.status !== item.status) throw problem;
    return post(`/cases/${item.case}/${item.action}`, { ...said, version: line.version });
  }
}
