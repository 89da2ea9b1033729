// Whom a worker may call at one tap; a number that the city does not give has no button.
import { el } from "/web/shared/dom.js";
import { t } from "/web/shared/words.js";

const WHOM = { centre: "call.centre", dispatcher: "call.dispatcher" };

export function callButtons(telephones) {
  const known = Object.entries(WHOM).filter(([whom]) => telephones?.[whom]);
  return known.length > 0 && el("div", { class: "calls" }, known.map(([whom, key]) => el("a", { class: "choice call", "data-call": whom, href: `tel:${telephones[whom].replace(/[^\d+,]/g, "")}` }, `☎ ${t(key)}`)));
}
