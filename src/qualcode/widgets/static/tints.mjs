// Colour on words, by two ways that look alike: highlights where the browser has them, else rectangles under the words.
// Both leave the words of a turn one text node, so that selecting and reading aloud stay as they are.

const looks = (codes, theme, tint) => {
  const dark = theme === "dark";
  const line = dark ? "#bbb" : "#555";
  const ink = dark ? "#f2f2f2" : "#1c1c1c";
  return [
    ...codes.map(({ hue }, place) => [`c${place}`, `background-color:${tint(theme, hue)};color:${ink}`, `background:${tint(theme, hue)}`]),
    ["over", `text-decoration:underline 2px ${line}`, `border-bottom:2px solid ${line}`],
    ["pending", `text-decoration:underline dotted 2px ${line}`, `border-bottom:2px dotted ${line}`],
    ["hit", `background-color:${dark ? "#6b5a00" : "#ffe36e"};color:${dark ? "#fff" : "#111"}`, `background:${dark ? "#6b5a00" : "#ffe36e"}`],
    ["select", `background-color:${dark ? "#1d4f91" : "#b7d4ff"};color:${dark ? "#fff" : "#111"}`, `background:${dark ? "#1d4f91" : "#b7d4ff"}`],
    ["current", `text-decoration:underline 3px ${dark ? "#ffb454" : "#b34700"}`, `border-bottom:3px solid ${dark ? "#ffb454" : "#b34700"}`],
  ];
};
const ABOVE = { over: 1, pending: 2, hit: 3, current: 4, select: 5 };

export const canHighlight = () => typeof Highlight !== "undefined" && CSS.highlights !== undefined;

/** Pieces are {name, node, from, to} in units of the node; those of one key replace each other. */
export function highlighter(sheet, mark, tint) {
  const registry = new Map(); // name -> Highlight
  const drawn = new Map(); // key -> [highlight, range]

  function highlight(name) {
    if (!registry.has(name)) {
      const made = new Highlight();
      made.priority = ABOVE[name] ?? 0;
      registry.set(name, made);
      CSS.highlights.set(`${mark}-${name}`, made);
    }
    return registry.get(name);
  }

  function wipe(key) {
    for (const [held, range] of drawn.get(key) ?? []) held.delete(range);
    drawn.delete(key);
  }

  return {
    dress: (codes, theme) => (sheet.textContent = looks(codes, theme, tint).map(([name, look]) => `::highlight(${mark}-${name}){${look}}`).join("\n")),
    put: (key, pieces) => {
      wipe(key);
      const made = pieces.map(({ name, node, from, to }) => [highlight(name), new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to })]);
      for (const [held, range] of made) held.add(range);
      if (made.length) drawn.set(key, made);
    },
    wipe,
    close: () => registry.forEach((_, name) => CSS.highlights.delete(`${mark}-${name}`)),
  };
}

/** The same for browsers without highlights: rectangles under the words, placed again whenever the turn is drawn again. */
export function washer(sheet, mark, tint) {
  const drawn = new Map(); // key -> elements

  function wipe(key) {
    for (const one of drawn.get(key) ?? []) one.remove();
    drawn.delete(key);
  }

  function boxes({ name, node, from, to }) {
    const words = node.parentElement;
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const frame = words.getBoundingClientRect();
    return [...range.getClientRects()].map((box) => {
      const one = document.createElement("div");
      one.className = `qc-wash ${mark}-${name}`;
      Object.assign(one.style, { left: `${box.left - frame.left - words.clientLeft}px`, top: `${box.top - frame.top}px`, width: `${box.width}px`, height: `${box.height}px`, zIndex: String((ABOVE[name] ?? 0) - 10) });
      return [words, one];
    });
  }

  return {
    dress: (codes, theme) => (sheet.textContent = looks(codes, theme, tint).map(([name, , look]) => `.${mark}-${name}{${look}}`).join("\n")),
    put: (key, pieces) => {
      wipe(key);
      const made = pieces.flatMap(boxes);
      for (const [words, one] of made) words.append(one);
      drawn.set(key, made.map(([, one]) => one));
    },
    wipe,
    close: () => {},
  };
}
