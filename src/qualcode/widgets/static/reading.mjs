// Words as they were said, with those in question marked; positions are code points.

import { el } from "./parts.mjs";

/** Cut a turn at the edges of spans: `[text, inside]` pieces. */
export function cut(words, start, spans) {
  const points = [...words];
  const inside = spans.map(([a, b]) => [Math.max(a - start, 0), Math.min(b - start, points.length)]).filter(([a, b]) => a < b);
  const edges = [...new Set([0, points.length, ...inside.flat()])].sort((a, b) => a - b);
  return edges.slice(1).map((edge, n) => [points.slice(edges[n], edge).join(""), inside.some(([a, b]) => a <= edges[n] && edge <= b)]);
}

/** The turns `[number, start, label, role, words]`, those of a moderator softer, the spans marked. */
export const reading = (turns, spans) =>
  el("div", { class: "qc-reading" }, ...turns.map(([number, start, label, role, words]) =>
    el("p", { class: role && role !== "deelnemer" ? "qc-said qc-soft" : "qc-said" },
      el("span", { class: "qc-who" }, number ? `${label} ${number}` : label), " ",
      ...cut(words, start, spans).map(([text, hit]) => (hit ? el("mark", {}, text) : text)))));

/** The words of turns on one line each; where in the document a place in them is (`place`), and the way back (`unit`). */
export function lines(turns) {
  const text = turns.map(([, , , , words]) => words).join("\n");
  const place = (units) => {
    let left = units;
    for (const [, start, , , words] of turns) {
      if (left <= words.length) return start + [...words.slice(0, left)].length;
      left -= words.length + 1;
    }
    return null;
  };
  const unit = (point) => {
    let before = 0;
    for (const [, start, , , words] of turns) {
      const length = [...words].length;
      if (point <= start + length) return before + [...words].slice(0, Math.max(point - start, 0)).join("").length;
      before += words.length + 1;
    }
    return text.length;
  };
  return { text, place, unit };
}
