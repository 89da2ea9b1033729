// The task read out: for whoever has no glasses at hand, or looks at the road.
import { el } from "/web/shared/dom.js";
import { lang, t } from "/web/shared/words.js";

function stop() { window.speechSynthesis?.cancel(); }
window.addEventListener("hashchange", stop);

// A phone without a voice shows no button. What changes while one walks is asked for when it is read.
export function readAloud(sentences) {
  if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) return null;
  return el("button", { id: "aloud", class: "choice", onclick: () => {
    if (speechSynthesis.speaking) { stop(); return; }
    const words = sentences.map((each) => (typeof each === "function" ? each() : each)).filter(Boolean);
    const said = new SpeechSynthesisUtterance(words.join(lang() === "en" ? ". " : "。"));
    said.lang = lang() === "en" ? "en-GB" : "zh-CN";
    said.rate = 0.9;
    speechSynthesis.speak(said);
  } }, t("task.aloud"));
}
