// The task read out: for whoever has no glasses at hand, or looks at the road.
import { el } from "/web/shared/dom.js";
import { lang, t } from "/web/shared/words.js";

function stop() { window.speechSynthesis?.cancel(); }
window.addEventListener("hashchange", stop);

// A phone without a voice shows no button.
export function readAloud(sentences) {
  if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) return null;
  const words = sentences.filter(Boolean).join(lang() === "en" ? ". " : "。");
  return el("button", { id: "aloud", class: "choice", onclick: () => {
    if (speechSynthesis.speaking) { stop(); return; }
    const said = new SpeechSynthesisUtterance(words);
    said.lang = lang() === "en" ? "en-GB" : "zh-CN";
    said.rate = 0.9;
    speechSynthesis.speak(said);
  } }, t("task.aloud"));
}
