// What the page knows, made from what the study sends: a page, then patches. Applying a patch twice changes nothing.

import { turnsOf } from "./offsets.mjs";

const codingOf = ([guid, coder, layer, at, memo, dimensions], start, end, code) => ({
  guid, start, end, code, coder, layer, at, memo, dimensions: JSON.parse(dimensions),
});
const memoOf = (guid, [start, end, text, coder, at, code]) => ({ guid, start, end, text, coder, at, code });
// a memo is on words, or it stands with the document or a code
const onWords = (memo) => memo.start !== null;

/** Make a page; one that comes without its words takes those of the page before it. */
export function pageOf(content, numbers, rev, before = null) {
  const codings = new Map();
  content.codings.forEach((row, n) => codings.set(row[0], codingOf(row, ...numbers.subarray(3 * n, 3 * n + 3))));
  const all = Object.entries(content.memos).map(([guid, row]) => memoOf(guid, row));
  const mapped = (some) => new Map(some.map((memo) => [memo.guid, memo]));
  return { ...content, rev, turns: content.turns ? turnsOf(content.turns) : before.turns, codings, memos: mapped(all.filter(onWords)), notes: mapped(all.filter((memo) => !onWords(memo))), seen: new Set(content.seen) };
}

/** Apply a patch; returns what it brought: {fresh: codings, gone: guids, noted: whether memos changed}. */
export function patch(page, message, numbers) {
  const fresh = message.codings.map((row, n) => codingOf(row, ...numbers.subarray(3 * n, 3 * n + 3)));
  for (const guid of message.gone) page.codings.delete(guid);
  for (const guid of message.unnoted) page.memos.delete(guid) || page.notes.delete(guid);
  for (const coding of fresh) page.codings.set(coding.guid, coding);
  const noted = Object.entries(message.memos);
  for (const memo of noted.map(([guid, row]) => memoOf(guid, row))) (onWords(memo) ? page.memos : page.notes).set(memo.guid, memo);
  page.rev = message.rev;
  page.waiting = message.waiting ?? page.waiting;
  return { fresh, gone: message.gone, noted: noted.length + message.unnoted.length > 0 };
}

/** The test a coding passes to be shown under a filter {coder, code, layer}; a theme lets through all below it. */
export function passing(page, filter) {
  const under = (code) => {
    for (let place = code; place >= 0; place = page.book.codes[place].parent) if (place === filter.code) return true;
    return false;
  };
  return (coding) => (!filter.coder || coding.coder === filter.coder) && (!filter.layer || coding.layer === filter.layer) && (filter.code === undefined || under(coding.code));
}

export const isSpoken = (turn) => turn.role !== "moderator" && turn.role !== "notulist" && turn.role !== "overig";

/** How far the work on the document is: turns of participants, how many carry a code, how many were read. */
export function progressOf(page, standing) {
  const spoken = page.turns.filter(isSpoken);
  return { turns: spoken.length, coded: spoken.filter((turn) => standing.inTurn(turn.index).length).length, seen: spoken.filter((turn) => page.seen.has(turn.number)).length };
}

/** The codes this coder used last, newest first. */
export function recentCodes(page, most = 9) {
  const last = new Map();
  for (const { code, coder, at } of page.codings.values()) if (coder === page.coder && !(last.get(code) >= at)) last.set(code, at);
  const usable = ([place]) => page.book.codes[place]?.codable && !page.book.codes[place].retired;
  return [...last].filter(usable).sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, most).map(([place]) => place);
}
