// What narrows the list: a number or a part of it, and only what is overdue.
import { el, fill } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";

export function narrowed(state) { return Boolean(state.number || state.overdue); }

export function drawSearch(place, state, narrow) {
  const number = el("input", { type: "search", id: "find-number", name: "number", maxlength: 20, autocomplete: "off", placeholder: t("list.number"), "aria-label": t("list.number") });
  number.value = state.number;
  const overdue = el("input", { type: "checkbox", id: "find-overdue", checked: state.overdue, onchange: () => ask() });
  const clear = el("button", { type: "button", id: "find-clear", hidden: !narrowed(state), onclick: () => { number.value = ""; overdue.checked = false; ask(); } }, t("list.clear"));
  async function ask() {
    await narrow({ number: number.value.trim(), overdue: overdue.checked });
    clear.hidden = !narrowed(state);
  }
  fill(place, el("form", { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); ask(); } },
    number, el("button", { id: "find" }, t("list.find")), el("label", {}, overdue, t("list.overdue")), clear));
}
