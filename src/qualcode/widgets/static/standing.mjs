// What stands where: codings in order of the text, by turn and in lanes. A change costs what it touches, not what there is.

import { lanesOf } from "./lanes.mjs";
import { turnsTouching } from "./offsets.mjs";

const inOrder = (a, b) => a.start - b.start || a.end - b.end || (a.guid < b.guid ? -1 : a.guid > b.guid ? 1 : 0);

/** Where a coding stands, or would stand, in codings in order. */
function placeIn(sorted, coding) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (inOrder(sorted[middle], coding) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function standing(turns) {
  const held = new Map(); // guid -> coding
  const ordered = [];
  const byTurn = turns.map(() => []);
  const lanes = new Map();
  const touched = new Set(); // turns on which something changed since the last settling

  function each(coding, act) {
    const [first, last] = turnsTouching(turns, coding.start, coding.end);
    for (let index = first; index <= last; index++) act(index);
  }

  function drop(guid) {
    const coding = held.get(guid);
    if (!coding) return false;
    held.delete(guid);
    lanes.delete(guid);
    ordered.splice(placeIn(ordered, coding), 1);
    each(coding, (index) => {
      byTurn[index].splice(placeIn(byTurn[index], coding), 1);
      touched.add(index);
    });
    return true;
  }

  function put(coding) {
    drop(coding.guid);
    held.set(coding.guid, coding);
    ordered.splice(placeIn(ordered, coding), 0, coding);
    each(coding, (index) => {
      byTurn[index].splice(placeIn(byTurn[index], coding), 0, coding);
      touched.add(index);
    });
  }

  /** The turns from which no coding reaches out, around one turn: lanes inside do not depend on what is outside. */
  function closed(index) {
    let [first, last] = [index, index];
    const reach = (place) => {
      let [low, high] = [first, last];
      for (const coding of byTurn[place]) {
        const [from, to] = turnsTouching(turns, coding.start, coding.end);
        [low, high] = [Math.min(low, from), Math.max(high, to)];
      }
      return [low, high];
    };
    for (let low, high, looked = [index, index, false]; ; looked = [first, last, true]) {
      [low, high] = reach(first);
      [first, last] = [low, Math.max(last, high)];
      [low, high] = reach(last);
      [first, last] = [Math.min(first, low), high];
      if (looked[2] && looked[0] === first && looked[1] === last) return [first, last];
    }
  }

  /** Give lanes again where something changed; returns the turns that may look different now. */
  function settle() {
    const different = new Set();
    for (const index of touched) {
      if (different.has(index)) continue;
      const [first, last] = closed(index);
      const inside = new Set();
      for (let n = first; n <= last; n++) {
        different.add(n);
        for (const coding of byTurn[n]) inside.add(coding);
      }
      for (const [guid, lane] of lanesOf([...inside].sort(inOrder))) lanes.set(guid, lane);
    }
    touched.clear();
    return different;
  }

  return {
    put, drop, settle, ordered,
    get: (guid) => held.get(guid),
    inTurn: (index) => byTurn[index],
    lane: (guid) => lanes.get(guid) ?? -1,
    /** Codings at a span, the shortest first: what a person most likely means by pointing there. */
    at: (start, end) => {
      const found = new Set();
      each({ start, end }, (index) => byTurn[index].forEach((c) => c.start < end && c.end > start && found.add(c)));
      return [...found].sort((a, b) => a.end - a.start - (b.end - b.start) || inOrder(a, b));
    },
    /** The next (+1) or previous (-1) coding from one in hand, else from a position. */
    beside: (guid, point, step) => {
      const coding = held.get(guid);
      if (coding) return ordered[placeIn(ordered, coding) + step];
      const place = placeIn(ordered, { start: point, end: -1, guid: "" });
      return ordered[step > 0 ? place : place - 1];
    },
  };
}
