// Finding words in the text and codes in the codebook: capitals and accents do not count.

import { toPoint } from "./offsets.mjs";

export const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Fold a text and keep, for every unit of the result, the unit it came from. */
export function foldedWithPlaces(text) {
  let out = "";
  const places = [];
  for (let at = 0; at < text.length; ) {
    const size = text.codePointAt(at) > 0xffff ? 2 : 1;
    const piece = folded(text.slice(at, at + size));
    for (let n = 0; n < piece.length; n++) places.push(at);
    out += piece;
    at += size;
  }
  places.push(text.length);
  return { out, places };
}

/** All spans (code points) where the words stand in the turns. */
export function found(turns, wanted) {
  const needle = folded(wanted.trim());
  if (!needle) return [];
  const hits = [];
  for (const turn of turns) {
    const plain = !/[^\x00-\x7f]/.test(turn.text);
    const { out, places } = plain ? { out: turn.text.toLowerCase(), places: null } : foldedWithPlaces(turn.text);
    for (let at = out.indexOf(needle); at >= 0; at = out.indexOf(needle, at + needle.length)) {
      const start = places ? places[at] : at;
      const end = places ? places[at + needle.length] : at + needle.length;
      hits.push({ start: toPoint(turn, start), end: toPoint(turn, end) });
    }
  }
  return hits;
}

const scoreOf = (code, words) => {
  const [id, name, path] = [folded(code.id), folded(code.name), folded(code.path)];
  const all = words.join(" ");
  if (id === all) return 0;
  if (id.startsWith(all)) return 1;
  if (name.startsWith(all)) return 2;
  const starts = path.split(/[^\p{L}\p{N}]+/u);
  if (words.every((word) => folded(code.name).split(/[^\p{L}\p{N}]+/u).some((one) => one.startsWith(word)))) return 3;
  if (words.every((word) => starts.some((one) => one.startsWith(word)) || id.startsWith(word))) return 4;
  if (words.every((word) => path.includes(word))) return 5;
  return folded(code.definition).includes(all) ? 6 : -1;
};

/** Places of the codes that can be put on text and answer to the words typed, best first; all in tree order when nothing is typed. */
export function matching(codes, typed) {
  const usable = codes.map((code, place) => ({ code, place })).filter(({ code }) => code.codable && !code.retired);
  const words = folded(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return usable.map(({ place }) => place);
  return usable
    .map(({ code, place }) => ({ place, score: scoreOf(code, words) }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => a.score - b.score || a.place - b.place)
    .map(({ place }) => place);
}
