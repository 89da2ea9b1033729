// How much room there is, in letters rather than in points: larger letters need a layout for less room.
const NARROW_REM = 56;
const WIDE_REM = 75;
const root = document.documentElement;
const letter = document.createElement("i");
letter.style.cssText = "position:absolute;visibility:hidden;width:1rem;height:0";
const listeners = [];

export function room() {
  const wide = window.innerWidth / parseFloat(getComputedStyle(root).fontSize);
  return wide < NARROW_REM ? "narrow" : wide < WIDE_REM ? "middle" : "wide";
}

// Called back whenever the room changes its name.
export function onRoom(changed) { listeners.push(changed); }

function measure() {
  const now = room();
  if (root.dataset.room === now) return;
  root.dataset.room = now;
  for (const changed of listeners) changed(now);
}

measure();
document.body.append(letter);
new ResizeObserver(measure).observe(letter);
window.addEventListener("resize", measure);
