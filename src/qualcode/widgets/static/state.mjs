// What the page knows, made from what the study sends: a page, then patches. Applying a patch twice changes nothing.

import { turnsOf } from "./offsets.mjs";

const codingOf = ([guid, coder, layer, at, memo, dimensions], start, end, code) => ({
  guid, start, end, code, coder, layer, at, memo, dimensions: JSON.parse(dimensions),
});
const memoOf = (guid, [start, end, text, coder, at]) => ({ guid, start, end, text, coder, at });

export function pageOf(content, numbers, rev) {
  const codings = new Map();
  content.codings.forEach((row, n) => codings.set(row[0], codingOf(row, ...numbers.subarray(3 * n, 3 * n + 3))));
  const memos = new Map(Object.entries(content.memos).map(([guid, row]) => [guid, memoOf(guid, row)]));
  return { ...content, rev, turns: turnsOf(content.turns), codings, memos };
}

/** Apply a patch; returns the spans it touched. */
export function patch(page, message, numbers) {
  const touched = [];
  const leave = (map, guid) => {
    if (map.has(guid)) touched.push(map.get(guid));
    map.delete(guid);
  };
  for (const guid of message.gone) leave(page.codings, guid);
  for (const guid of message.unnoted) leave(page.memos, guid);
  message.codings.forEach((row, n) => {
    const coding = codingOf(row, ...numbers.subarray(3 * n, 3 * n + 3));
    if (page.codings.has(coding.guid)) touched.push(page.codings.get(coding.guid));
    page.codings.set(coding.guid, coding);
    touched.push(coding);
  });
  for (const [guid, row] of Object.entries(message.memos)) {
    page.memos.set(guid, memoOf(guid, row));
    touched.push(page.memos.get(guid));
  }
  page.rev = message.rev;
  return touched;
}

/** Codings in order of the text, those a filter {coder, theme, layer} leaves out left out. */
export function shownCodings(page, filter = {}) {
  const above = (code) => {
    let place = code;
    while (page.book.codes[place]?.parent >= 0) place = page.book.codes[place].parent;
    return place;
  };
  return [...page.codings.values()]
    .filter((c) => !filter.coder || c.coder === filter.coder)
    .filter((c) => filter.code === undefined || c.code === filter.code || above(c.code) === filter.code)
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.guid < b.guid ? -1 : 1));
}

/** How far the coding of the document is: turns of participants, how many carry a code. */
export function progressOf(page, codings = shownCodings(page)) {
  const spoken = page.turns.filter((turn) => turn.role !== "moderator" && turn.role !== "notulist");
  let reach = -1;
  let place = 0;
  let coded = 0;
  for (const turn of spoken) {
    while (place < codings.length && codings[place].start < turn.end) reach = Math.max(reach, codings[place++].end);
    if (reach > turn.start) coded++;
  }
  return { turns: spoken.length, coded };
}

/** The codes this coder used last, newest first. */
export function recentCodes(page, most = 9) {
  const mine = [...page.codings.values()].filter((c) => c.coder === page.coder).sort((a, b) => (a.at < b.at ? 1 : -1));
  return [...new Set(mine.map((c) => c.code))].filter((place) => usable(page.book.codes[place])).slice(0, most);
}

const usable = (code) => code && code.codable && !code.retired;
