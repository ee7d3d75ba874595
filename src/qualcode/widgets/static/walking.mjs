// Where the person is: the words picked, the coding in hand, and the ways from there to the next place.

import { found } from "./find.mjs";
import { headAtEdge, spanned, turnBeside, wholeTurn, wordAt, wordBeside } from "./moving.mjs";
import { turnAt } from "./offsets.mjs";
import { labelled } from "./parts.mjs";
import { isSpoken } from "./state.mjs";

/** `mode` is read, select or coding; `at` where the reader is; `picked` {anchor, head} in whole words; `current` and `recoding` guids. */
export const emptyHand = (at = 0) => ({ mode: "read", at, picked: null, current: null, recoding: null });

export function walking(desk) {
  const { t, say, hand } = desk;
  const turns = () => desk.page.turns;
  const toText = () => desk.text.scroller.focus({ preventScroll: true });
  const set = (next) => {
    Object.assign(hand, next);
    desk.drawHand();
  };
  const spanNow = () => (hand.picked ? spanned(hand.picked) : null);
  const turnSpan = (point) => {
    const turn = turns()[Math.max(0, turnAt(turns(), point))];
    return turn ? { start: turn.start, end: turn.end } : { start: 0, end: 0 };
  };

  function place(point, scroll) {
    if (scroll) desk.text.reveal(point);
    set(emptyHand(point));
  }

  function take(span) {
    const holding = hand.mode === "coding" && hand.current;
    if (!holding) Object.assign(hand, { mode: "select", current: null });
    desk.text.clearSelection();
    toText();
    set({ picked: { anchor: span, head: span }, at: span.start });
  }

  function hold(guid) {
    const coding = desk.page.codings.get(guid);
    if (!coding) return false;
    desk.text.reveal(coding.start);
    toText();
    say(t("holding", { code: labelled(desk.page.book.codes[coding.code]), coder: coding.coder }));
    set({ mode: "coding", current: guid, recoding: null, at: coding.start, picked: { anchor: coding, head: coding } });
    return true;
  }

  function letGo() {
    toText();
    set(emptyHand(hand.at));
  }

  /** From a field back to the text; from the text: give up recoding, then let go of the words. */
  function back() {
    if (document.activeElement === desk.text.scroller || !desk.root.contains(document.activeElement)) return letGo();
    toText();
    set({ recoding: null });
  }

  /** The first or last word of what is picked, whichever the step goes from. */
  const asWord = (span, step) => (step > 0 ? wordAt(turns(), Math.max(span.start, span.end - 1)) : wordAt(turns(), span.start)) ?? span;

  function move(step, extend, byTurn) {
    const from = hand.picked?.head ?? wordAt(turns(), hand.at);
    if (!from) return;
    let head = from;
    if (byTurn) head = extend ? headAtEdge(turns(), from, step) : (turnBeside(turns(), from.start, step) ?? from);
    else if (hand.picked || hand.mode !== "read") head = wordBeside(turns(), asWord(from, step), step);
    const picked = { anchor: extend && hand.picked ? hand.picked.anchor : head, head };
    if (!(hand.mode === "coding" && extend)) Object.assign(hand, { mode: "select", current: null });
    desk.text.reveal(head.start);
    set({ picked, at: head.start });
  }

  function whole() {
    const span = wholeTurn(turns()[Math.max(0, turnAt(turns(), hand.at))]);
    if (span.end > span.start) take(span);
  }

  // jumping ---------------------------------------------------------------------------------------------

  function toCoding(step) {
    const next = desk.shown.beside(hand.current, hand.at, step);
    if (!next || !hold(next.guid)) say(t("no_more"));
  }

  function toPlace(point) {
    if (point === undefined || point === null) return say(t("no_more"));
    toText();
    place(point, true);
  }

  const toUncoded = () => {
    const bare = (turn) => isSpoken(turn) && !desk.shown.inTurn(turn.index).length && (!desk.filter.speaker || turn.label === desk.filter.speaker);
    toPlace(turnBeside(turns(), hand.at, 1, bare)?.start);
  };
  const toUnread = () => toPlace(turns().find((turn) => turn.number && !desk.page.seen.has(turn.number))?.start);
  const toMemo = () => {
    const noted = [...desk.page.memos.values(), ...desk.shown.ordered.filter((coding) => coding.memo)];
    toPlace(noted.map(({ start }) => start).sort((a, b) => a - b).find((start) => start > hand.at));
  };

  // searching -------------------------------------------------------------------------------------------

  /** Look for words; `hits` are given when the study itself searched. */
  function seek(words, hits = found(turns(), words)) {
    desk.hits = hits;
    desk.hit = hits.findIndex((one) => one.start >= hand.at) - 1;
    desk.drawHand();
  }

  /** Go to words and take them in hand, without taking the focus from where it is. */
  function show(span) {
    desk.text.reveal(span.start);
    set({ ...emptyHand(span.start), mode: "select", picked: { anchor: span, head: span } });
  }

  function toHit(step) {
    const all = desk.hits.length;
    if (!all) return;
    desk.hit = (desk.hit + step + all) % all;
    show(desk.hits[desk.hit]);
  }

  return { spanNow, turnSpan, toText, place, take, hold, letGo, back, move, whole, toCoding, toUncoded, toUnread, toMemo, seek, show, toHit };
}
