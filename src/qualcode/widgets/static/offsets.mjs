// Positions: the study counts code points, the browser UTF-16 units. Here alone they meet, and only at edges of graphemes.

const graphemes = new Intl.Segmenter("nl", { granularity: "grapheme" });

export const hasAstral = (text) => /[\uD800-\uDFFF]/.test(text);

/** Units before a code point. */
export function unitOf(text, point) {
  let unit = 0;
  for (let left = point; left > 0 && unit < text.length; left--) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  return unit;
}

/** Code points before a unit. */
export function pointOf(text, unit) {
  let points = 0;
  for (let at = 0; at < unit && at < text.length; points++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return points;
}

/** The edge of a grapheme at a unit, or the nearest one before (after) it. */
export function snapped(text, unit, after) {
  if (unit <= 0 || unit >= text.length) return Math.max(0, Math.min(unit, text.length));
  // far from combining marks and surrogates an edge is where it seems to be
  if (/^[\x20-\x7e]{2}$/.test(text.slice(unit - 1, unit + 1))) return unit;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index >= unit) return index;
    if (unit < index + segment.length) return after ? index + segment.length : index;
  }
  return text.length;
}

/** Turns as the page keeps them: with their end in code points. */
export function turnsOf(rows) {
  return rows.map(([number, start, label, time, role, text], index) => {
    const astral = hasAstral(text);
    return { index, number, start, end: start + (astral ? pointOf(text, text.length) : text.length), label, time, role, text, astral };
  });
}

/** Index of the last turn that starts at or before a position; -1 before the first. */
export function turnAt(turns, point) {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (turns[middle].start <= point) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const toUnit = (turn, point) => {
  const within = Math.max(0, Math.min(point, turn.end) - turn.start);
  return turn.astral ? unitOf(turn.text, within) : within;
};

export const toPoint = (turn, unit) => turn.start + (turn.astral ? pointOf(turn.text, unit) : unit);

/** Indexes [first, last] of the turns that share words with a span; first > last when there are none. */
export function turnsTouching(turns, start, end) {
  let first = Math.max(0, turnAt(turns, start));
  if (turns.length && turns[first].end <= start) first++;
  return [first, turnAt(turns, end - 1)];
}

/** A span between two places {turn, unit} in any order: whole graphemes, no blanks at its ends; null when no words are left. */
export function spanOf(turns, a, b) {
  const forward = a.turn < b.turn || (a.turn === b.turn && a.unit <= b.unit);
  let [from, to] = forward ? [a, b] : [b, a];
  let [ft, tt] = [turns[from.turn], turns[to.turn]];
  let start = snapped(ft.text, from.unit, false);
  let end = snapped(tt.text, to.unit, true);
  while (true) {
    const stop = ft === tt ? end : ft.text.length;
    while (start < stop && /\s/.test(ft.text[start])) start++;
    if (start < stop || ft === tt) break;
    ft = turns[ft.index + 1];
    start = 0;
  }
  while (true) {
    const stop = ft === tt ? start : 0;
    while (end > stop && /\s/.test(tt.text[end - 1])) end--;
    if (end > stop || ft === tt) break;
    tt = turns[tt.index - 1];
    end = tt.text.length;
  }
  const span = { start: toPoint(ft, start), end: toPoint(tt, end) };
  return span.start < span.end ? span : null;
}

/** The words of a span, turns joined by blanks. */
export function wordsOf(turns, start, end) {
  const [first, last] = turnsTouching(turns, start, end);
  return turns
    .slice(first, last + 1)
    .map((turn) => turn.text.slice(toUnit(turn, start), toUnit(turn, end)))
    .join(" ");
}
