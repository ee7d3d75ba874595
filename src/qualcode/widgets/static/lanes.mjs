// Where stripes and tints go when codings overlap.

/** Give every coding (sorted by start) the first lane that is free; beyond `most` lanes it gets none (-1). */
export function lanesOf(codings, most = 12) {
  const free = [];
  const lanes = new Map();
  for (const coding of codings) {
    let lane = free.findIndex((end) => end <= coding.start);
    if (lane < 0) lane = free.length < most ? free.length : -1;
    if (lane >= 0) free[lane] = coding.end;
    lanes.set(coding.guid, lane);
  }
  return lanes;
}

/** Cut overlapping codings into pieces side by side: {start, end, code of the shortest coding there, how many there are}. */
export function piecesOf(codings, from, to) {
  const inside = codings.filter((coding) => coding.start < to && coding.end > from);
  const edges = new Set();
  for (const { start, end } of inside) edges.add(Math.max(start, from)).add(Math.min(end, to));
  const cuts = [...edges].sort((a, b) => a - b);
  const pieces = [];
  for (let place = 0; place + 1 < cuts.length; place++) {
    const [start, end] = [cuts[place], cuts[place + 1]];
    const here = inside.filter((coding) => coding.start <= start && coding.end >= end);
    if (!here.length) continue;
    const top = here.reduce((a, b) => (b.end - b.start < a.end - a.start ? b : a));
    pieces.push({ start, end, code: top.code, count: here.length });
  }
  return pieces;
}

/** Codings at a position, the shortest first: what a person most likely means by pointing there. */
export function codingsAt(codings, start, end = start + 1) {
  return codings.filter((c) => c.start < end && c.end > start).sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start);
}
