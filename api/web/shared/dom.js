// Small pieces of page: an element maker that never parses strings as markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function fill(place, ...children) {
  place.replaceChildren(...children.flat().filter(Boolean));
}

const TONE = { green: "ok", yellow: "warn", red: "late" };
const SIGN = { green: "●", yellow: "▲", red: "■" };

// How a limit stands: colour, shape and word together, so that none has to be seen.
export function alarmMark(alarm, words) {
  return el("span", { class: `mark ${TONE[alarm]}` }, `${SIGN[alarm]} ${words}`);
}

// By when a task is to be done, and how that stands: by its own limit, else by its case's. The centre's
// alarm knows working hours; between two answers a page only sees a limit pass.
export function taskDue({ task, line }, now) {
  const at = task.due_at ?? line.due_at;
  if (!at) return null;
  const share = (now - new Date(task.made_at)) / (new Date(at) - new Date(task.made_at));
  return { at, alarm: new Date(at) < now ? "red" : share > 0.8 ? "yellow" : "green" };
}
