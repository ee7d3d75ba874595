// Moving through a transcript by keyboard: from word to word, from turn to turn, with or without taking the way along.

import { toPoint, turnAt } from "./offsets.mjs";

/** Words of a turn, with the marks that touch them, as spans in code points. */
export function wordsIn(turn) {
  return [...turn.text.matchAll(/\S+/g)].map((word) => ({ start: toPoint(turn, word.index), end: toPoint(turn, word.index + word[0].length) }));
}

/** The word a position is in, else the next one in the turn, else its last; null in a turn without words. */
export function wordAt(turns, point) {
  const turn = turns[Math.max(0, turnAt(turns, point))];
  const words = turn ? wordsIn(turn) : [];
  return words.find((word) => word.end > point) ?? words.at(-1) ?? null;
}

/** The next (+1) or previous (-1) word, over the edges of turns; the same word at the end of the text. */
export function wordBeside(turns, word, step) {
  let index = turnAt(turns, word.start);
  let words = wordsIn(turns[index]);
  let place = words.findIndex((one) => one.start >= word.start) + step;
  while (place < 0 || place >= words.length) {
    index += step;
    if (index < 0 || index >= turns.length) return word;
    words = wordsIn(turns[index]);
    place = step > 0 ? 0 : words.length - 1;
  }
  return words[place];
}

/** First word of the next (+1) or previous (-1) turn that has words and passes the test; null when there is none. */
export function turnBeside(turns, point, step, test = () => true) {
  for (let index = turnAt(turns, point) + step; index >= 0 && index < turns.length; index += step) {
    if (test(turns[index])) {
      const [word] = wordsIn(turns[index]);
      if (word) return word;
    }
  }
  return null;
}

/** A selection grows from its anchor to its head; both are spans of whole words. */
export const spanned = ({ anchor, head }) => ({ start: Math.min(anchor.start, head.start), end: Math.max(anchor.end, head.end) });

/** The head at the end (+1) or start (-1) of its turn; when it is there already, of the next turn. */
export function headAtEdge(turns, head, step) {
  let turn = turns[turnAt(turns, head.start)];
  let words = wordsIn(turn);
  const edge = step > 0 ? words.at(-1) : words[0];
  if (edge && edge.start === head.start) {
    const beyond = turnBeside(turns, head.start, step);
    if (!beyond) return head;
    turn = turns[turnAt(turns, beyond.start)];
    words = wordsIn(turn);
  }
  return (step > 0 ? words.at(-1) : words[0]) ?? head;
}

/** The whole of a turn, first mark to last. */
export const wholeTurn = (turn) => ({ start: toPoint(turn, turn.text.search(/\S|$/)), end: toPoint(turn, turn.text.trimEnd().length) });

