// The codebook as a tree: which rows show, and where a code may go.

import { folded } from "./find.mjs";

/** Places below a code, itself included. */
export function branchOf(codes, place) {
  const inside = new Set([place]);
  for (let n = place + 1; n < codes.length; n++) if (inside.has(codes[n].parent)) inside.add(n);
  return inside;
}

/** Places of the rows to show: those that hold the words typed, with all above them; folded branches only when nothing is typed. */
export function rowsOf(codes, typed, closed, withRetired) {
  const wanted = folded(typed.trim());
  const shown = new Set();
  codes.forEach((code, place) => {
    if (code.retired && !withRetired) return;
    const holds = !wanted || [code.id, code.name, code.definition, code.include, code.exclude, ...code.examples].some((text) => folded(text).includes(wanted));
    if (!holds) return;
    const above = [];
    for (let n = code.parent; n >= 0; n = codes[n].parent) above.push(n);
    if (!wanted && above.some((n) => closed.has(codes[n].key))) return;
    shown.add(place);
    for (const n of above) shown.add(n);
  });
  return [...shown].sort((a, b) => a - b);
}

/** Brothers and sisters of a code that are in use, in order. */
export const siblingsOf = (codes, place) => codes.map((_, n) => n).filter((n) => codes[n].parent === codes[place].parent && (!codes[n].retired || n === place));

/** The position that puts a code one step up or down among its siblings; null at the end. */
export function stepped(codes, positions, place, step) {
  const line = siblingsOf(codes, place);
  const at = line.indexOf(place);
  const [beside, beyond] = [line[at + step], line[at + 2 * step]];
  if (beside === undefined) return null;
  return beyond === undefined ? positions[beside] + step : (positions[beside] + positions[beyond]) / 2;
}

/** Places a code can be put under, or go on in: not itself, nothing below it, nothing retired, and parents are no codes. */
export const parentsFor = (codes, place) => ((own) => codes.map((_, n) => n).filter((n) => !own.has(n) && !codes[n].retired && !codes[n].codable))(branchOf(codes, place));
export const targetsFor = (codes, place) => ((own) => codes.map((_, n) => n).filter((n) => !own.has(n) && !codes[n].retired && codes[n].codable === codes[place].codable))(branchOf(codes, place));
