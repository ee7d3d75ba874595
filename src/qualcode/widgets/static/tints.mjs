// Colour on words. What is coded is one background a turn, under its words: a coding more costs its own turn a little paint and no other.
// What moves with the person (what is selected, found, in hand) is a highlight where the browser has them, else rectangles under the words.
// Both leave the words of a turn one text node, so that selecting and reading aloud stay as they are.

const shades = (codes, theme, tint) => [
  ...codes.map(({ hue }, place) => `--c${place}:${tint(theme, hue)}`),
  `--lining:${theme === "dark" ? "#bbb" : "#555"}`,
];

const looks = (theme) => {
  const dark = theme === "dark";
  return [
    ["hit", `background-color:${dark ? "#6b5a00" : "#ffe36e"};color:${dark ? "#fff" : "#111"}`, `background:${dark ? "#6b5a00" : "#ffe36e"}`],
    ["current", `text-decoration:underline 3px ${dark ? "#ffb454" : "#b34700"}`, `border-bottom:3px solid ${dark ? "#ffb454" : "#b34700"}`],
    ["select", `background-color:${dark ? "#1d4f91" : "#b7d4ff"};color:${dark ? "#fff" : "#111"}`, `background:${dark ? "#1d4f91" : "#b7d4ff"}`],
    ["waiting", `text-decoration:underline 3px dotted ${dark ? "#bbb" : "#555"}`, `border-bottom:3px dotted ${dark ? "#bbb" : "#555"}`],
  ];
};
const ABOVE = { hit: 1, current: 2, select: 3, waiting: 4 };

export const canHighlight = () => typeof Highlight !== "undefined" && CSS.highlights !== undefined;

/** The rectangles of a piece {name, node, from, to} of a turn, in the box of its words. */
function boxesOf(words, frame, { name, node, from, to }) {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  const [left, top] = [frame.left + words.clientLeft, frame.top + words.clientTop];
  return [...range.getClientRects()].map((box) => ({ name, x: box.left - left, y: box.top - top, width: box.width, height: box.height }));
}

const LINES = { over: "linear-gradient(var(--lining) 0 0)", pending: "repeating-linear-gradient(90deg,var(--lining) 0 3px,transparent 3px 6px)" };

/** The background that shows pieces of a turn: colours of codes, a line where codings overlap, dots where one is not confirmed; reads, writes nothing. */
export function backgroundOf(words, pieces) {
  const frame = words.getBoundingClientRect();
  const boxes = pieces.flatMap((piece) => boxesOf(words, frame, piece));
  const px = (value) => `${Math.round(value * 10) / 10}px`;
  const layer = ({ name, x, y, width, height }) =>
    name in LINES ? `${LINES[name]} ${px(x)} ${px(y + height - 2)}/${px(width)} 2px no-repeat` : `linear-gradient(var(--${name}) 0 0) ${px(x)} ${px(y)}/${px(width)} ${px(height)} no-repeat`;
  // what comes first lies on top
  return [...boxes.filter(({ name }) => name in LINES), ...boxes.filter(({ name }) => !(name in LINES))].map(layer).join();
}

const dressed = (sheet, mark, rules) => (codes, theme, tint) => {
  sheet.textContent = [`.${mark}{${shades(codes, theme, tint).join(";")}}`, ...looks(theme).map(rules)].join("\n");
};

/** Marks as highlights. Pieces are {name, node, from, to} in units of the node; those of one name replace each other. */
export function highlighter(sheet, mark) {
  const registry = new Map(); // name -> Highlight

  function highlight(name) {
    if (!registry.has(name)) {
      const made = new Highlight();
      made.priority = ABOVE[name];
      registry.set(name, made);
      CSS.highlights.set(`${mark}-${name}`, made);
    }
    return registry.get(name);
  }

  return {
    dress: dressed(sheet, mark, ([name, look]) => `.qc-words::highlight(${mark}-${name}){${look}}`),
    put: (name, pieces) => {
      const held = highlight(name);
      held.clear();
      for (const { node, from, to } of pieces) held.add(new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));
    },
    close: () => registry.forEach((_, name) => CSS.highlights.delete(`${mark}-${name}`)),
  };
}

/** The same for browsers without highlights: rectangles under the words, placed again whenever marks are drawn again. */
export function washer(sheet, mark) {
  const drawn = new Map(); // name -> elements

  function washes(piece) {
    const words = piece.node.parentElement;
    return boxesOf(words, words.getBoundingClientRect(), piece).map(({ name, x, y, width, height }) => {
      const one = document.createElement("div");
      one.className = `qc-wash ${mark}-${name}`;
      Object.assign(one.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`, zIndex: String(ABOVE[name] - 10) });
      return [words, one];
    });
  }

  return {
    dress: dressed(sheet, mark, ([name, , look]) => `.${mark}-${name}{${look}}`),
    put: (name, pieces) => {
      for (const one of drawn.get(name) ?? []) one.remove();
      const made = pieces.flatMap(washes);
      for (const [words, one] of made) words.append(one);
      drawn.set(name, made.map(([, one]) => one));
    },
    close: () => {},
  };
}
