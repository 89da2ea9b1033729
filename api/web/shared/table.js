// A table that reads as cards where there is no room for its columns: each cell knows its heading.
import { el } from "./dom.js";

function cell(node, head) {
  if (node.tagName !== "TD") { node.setAttribute("role", node.getAttribute("scope") === "rowgroup" ? "rowheader" : "columnheader"); return; }
  node.setAttribute("role", "cell");
  if (head && node.textContent) node.dataset.head = head;
}

// The roles are said, because what is laid out otherwise than as a table is no longer read as one.
export function table(heads, rows, { id } = {}) {
  for (const row of rows) {
    row.setAttribute("role", "row");
    [...row.children].forEach((each, index) => cell(each, heads[index]));
  }
  return el("table", { id, role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, heads.map((head) => el("th", { role: "columnheader" }, head)))),
    el("tbody", { role: "rowgroup" }, rows));
}
