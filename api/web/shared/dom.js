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

// An evidence picture with its box drawn thin over it, so that the pixels stay as they were taken.
export function photo(evidence, alt) {
  const picture = el("img", { src: `/api/v1/evidence/${evidence.sha256}`, alt, loading: "lazy", width: evidence.width_px, height: evidence.height_px });
  const frame = el("figure", { class: "photo", style: "margin:0" }, picture);
  if (evidence.box_xyxy_px) {
    const [left, top, right, bottom] = evidence.box_xyxy_px;
    frame.append(svg("svg", { viewBox: `0 0 ${evidence.width_px} ${evidence.height_px}`, preserveAspectRatio: "none" },
      svg("rect", { x: left, y: top, width: right - left, height: bottom - top })));
  }
  return frame;
}
