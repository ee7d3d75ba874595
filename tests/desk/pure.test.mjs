// Laws of the pure modules of the desks, over many inputs.

import assert from "node:assert/strict";
import { test } from "node:test";

const at = process.env.QUALCODE_STATIC;
const { pointOf, unitOf, snapped, turnsOf, toPoint, toUnit, turnAt, turnsTouching, spanOf, wordsOf } = await import(`${at}/offsets.mjs`);
const { lanesOf, piecesOf, codingsAt } = await import(`${at}/lanes.mjs`);
const { standing } = await import(`${at}/standing.mjs`);
const { found, folded, matching } = await import(`${at}/find.mjs`);
const { wordAt, wordBeside, turnBeside, headAtEdge } = await import(`${at}/moving.mjs`);
const { pageOf, patch, passing, progressOf, recentCodes } = await import(`${at}/state.mjs`);

let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const PIECES = ["a", "bc", " ", "é", "e\u0308", "😀", "👩🏽‍🔬", "ij", "\n", ".", "ß", "क्षि"];
const text = () => Array.from({ length: 1 + random(14) }, () => PIECES[random(PIECES.length)]).join("");
const edges = (one) => new Set([...new Intl.Segmenter("nl").segment(one)].map(({ index }) => index).concat(one.length));

test("units and code points are each other's inverse at every code point", () => {
  for (let n = 0; n < 4000; n++) {
    const one = text();
    const points = [...one];
    for (let point = 0; point <= points.length; point++) {
      const unit = unitOf(one, point);
      assert.equal(unit, points.slice(0, point).join("").length);
      assert.equal(pointOf(one, unit), point);
    }
  }
});

test("a boundary never cuts a grapheme and moves only outward", () => {
  for (let n = 0; n < 4000; n++) {
    const one = text();
    const unit = random(one.length + 1);
    const [before, after] = [snapped(one, unit, false), snapped(one, unit, true)];
    assert.ok(before <= unit && unit <= after);
    assert.ok(edges(one).has(before) && edges(one).has(after), JSON.stringify([one, unit, before, after]));
  }
});

const document_ = () => {
  let start = 0;
  return turnsOf(Array.from({ length: 5 }, (_, n) => {
    const words = text();
    start += 3;
    const row = [n + 1, start, "R1", "", "", words];
    start += [...words].length;
    return row;
  }));
};

test("a selection in any direction is the same span, inside the text, without blanks at its ends", () => {
  for (let n = 0; n < 4000; n++) {
    const turns = document_();
    const place = () => ((turn) => ({ turn, unit: random(turns[turn].text.length + 1) }))(random(turns.length));
    const [a, b] = [place(), place()];
    const span = spanOf(turns, a, b);
    assert.deepEqual(span, spanOf(turns, b, a));
    if (!span) continue;
    const words = wordsOf(turns, span.start, span.end);
    assert.equal(words.trim(), words);
    assert.ok(turnAt(turns, span.start) >= 0 && span.end <= turns[turnAt(turns, span.end - 1)].end);
  }
});

test("the turns a span touches are those that share a code point with it", () => {
  for (let n = 0; n < 2000; n++) {
    const turns = document_();
    const start = random(60);
    const end = start + 1 + random(20);
    const [first, last] = turnsTouching(turns, start, end);
    const touched = turns.filter((turn) => turn.start < end && turn.end > start).map(({ index }) => index);
    assert.deepEqual(touched, turns.map(({ index }) => index).filter((index) => index >= first && index <= last && turns[index].end > start));
  }
});

test("codings in one lane never overlap and none is lost below the limit", () => {
  for (let n = 0; n < 500; n++) {
    const codings = Array.from({ length: 1 + random(12) }, (_, guid) => ((start) => ({ guid, start, end: start + 1 + random(30), code: random(5) }))(random(80))).sort((a, b) => a.start - b.start);
    const lanes = lanesOf(codings, 12);
    for (const a of codings) for (const b of codings) if (a !== b && lanes.get(a.guid) === lanes.get(b.guid)) assert.ok(a.end <= b.start || b.end <= a.start);
    assert.ok(codings.every(({ guid }) => lanes.get(guid) >= 0));
    const pieces = piecesOf(codings, 10, 70);
    for (let point = 10; point < 70; point++) {
      const here = codingsAt(codings, point);
      const piece = pieces.filter(({ start, end }) => start <= point && point < end);
      assert.equal(piece.length, here.length ? 1 : 0);
      if (here.length) assert.equal(piece[0].count, here.length);
    }
  }
});

test("what stands after many changes is what would stand if it were put there at once, lanes and all", () => {
  for (let n = 0; n < 300; n++) {
    const turns = turnsOf(Array.from({ length: 8 }, (_, index) => [index + 1, index * 12, "R1", "", "", "x".repeat(10)]));
    const inTurn = () => random(8) * 12 + random(10);
    const made = standing(turns);
    const there = new Map();
    for (let step = 0; step < 30; step++) {
      const guid = `g${random(14)}`;
      if (random(4) === 0) {
        made.drop(guid);
        there.delete(guid);
      } else {
        const [a, b] = [inTurn(), inTurn() + 1].sort((one, other) => one - other);
        const coding = { guid, start: a, end: Math.max(b, a + 1), code: random(5) };
        made.put(coding);
        there.set(guid, coding);
      }
      if (random(3) === 0) made.settle();
    }
    made.settle();
    const sorted = [...there.values()].sort((a, b) => a.start - b.start || a.end - b.end || (a.guid < b.guid ? -1 : 1));
    assert.deepEqual(made.ordered, sorted);
    const lanes = lanesOf(sorted);
    for (const { guid } of sorted) assert.equal(made.lane(guid), lanes.get(guid));
    for (const turn of turns) assert.deepEqual(made.inTurn(turn.index), sorted.filter((c) => c.start < turn.end && c.end > turn.start));
    for (const { guid, start, end } of sorted) assert.deepEqual(made.at(start, end), codingsAt(sorted, start, end).sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || a.end - b.end || (a.guid < b.guid ? -1 : 1)), guid);
    sorted.forEach(({ guid }, place) => assert.equal(made.beside(guid, 0, 1), sorted[place + 1]));
  }
});

test("a theme lets through the codings of all codes below it", () => {
  const codes = [{ parent: -1 }, { parent: 0 }, { parent: 1 }, { parent: -1 }];
  const codings = [1, 2, 3].map((place) => ({ code: place, coder: "anna", layer: "ronde-1" }));
  const through = (filter) => codings.filter(passing({ book: { codes } }, filter)).map(({ code: place }) => place);
  assert.deepEqual(through({ code: 0 }), [1, 2]);
  assert.deepEqual(through({ code: 2 }), [2]);
  assert.deepEqual(through({ coder: "bram" }), []);
  assert.deepEqual(through({ layer: "ronde-1" }), [1, 2, 3]);
});

test("what is found reads as what was sought, whatever its capitals and accents", () => {
  const turns = turnsOf([[1, 5, "R1", "", "", "Één CAFÉ 😀 e\u0301én"], [2, 40, "R2", "", "", "geen, alleen"]]);
  const spans = found(turns, "een");
  assert.equal(spans.length, 4);
  for (const { start, end } of spans) assert.equal(folded(wordsOf(turns, start, end)), "een");
  assert.deepEqual(found(turns, "  "), []);
});

const code = (id, name, path, more = {}) => ({ id, name, path, definition: "", codable: true, retired: false, parent: -1, ...more });
const CODES = [code("E", "Ervaringen", "Ervaringen", { codable: false }), code("E07", "Onderschatting", "Ervaringen › Minder tastbaar › Onderschatting"), code("E09", "Ongrijpbaar", "Ervaringen › Minder tastbaar › Ongrijpbaar"), code("O05", "In twijfel getrokken", "Opvolging › In twijfel getrokken"), code("O06", "Weg", "Opvolging › Weg", { retired: true })];
const ids = (typed) => matching(CODES, typed).map((place) => CODES[place].id);

test("two letters find a code by id, name or path; themes and retired codes are never offered", () => {
  assert.deepEqual(ids(""), ["E07", "E09", "O05"]);
  assert.equal(ids("e07")[0], "E07");
  assert.deepEqual(ids("on").slice(0, 2), ["E07", "E09"]);
  assert.deepEqual(ids("twij"), ["O05"]);
  assert.deepEqual(ids("minder ongr"), ["E09"]);
  assert.deepEqual(ids("weg"), []);
});

test("walking forward and back ends where it began", () => {
  for (let n = 0; n < 1000; n++) {
    const turns = document_();
    const first = turns.map((turn) => wordAt([turn], turn.start)).find(Boolean);
    if (!first) continue;
    const next = wordBeside(turns, first, 1);
    if (next !== first) assert.deepEqual(wordBeside(turns, next, -1), first);
    assert.ok(headAtEdge(turns, first, 1).end >= first.end);
    const beyond = turnBeside(turns, first.start, 1);
    assert.ok(beyond === null || turnAt(turns, beyond.start) > turnAt(turns, first.start));
  }
});

const content = () => ({ document: "FG1", coder: "anna", turns: [[1, 0, "M1", "", "moderator", "vraag"], [2, 6, "R1", "", "deelnemer", "antwoord"]], book: { codes: CODES }, codings: [["g1", "anna", "ronde-1", "2025-01-01", "", "{}"]], memos: {} });

test("a patch that comes twice changes nothing the second time", () => {
  const page = pageOf(content(), new Int32Array([6, 9, 1]), 0);
  const message = { rev: 1, codings: [["g2", "bram", "ronde-1", "2025-01-02", "x", '{"stelling":"nuanceert"}']], gone: ["g1"], memos: { m: [6, 8, "let op", "anna", ""] }, unnoted: [] };
  patch(page, message, new Int32Array([6, 14, 2]));
  const after = JSON.stringify([[...page.codings], [...page.memos]]);
  patch(page, message, new Int32Array([6, 14, 2]));
  assert.equal(JSON.stringify([[...page.codings], [...page.memos]]), after);
  assert.deepEqual([...page.codings.keys()], ["g2"]);
  assert.deepEqual(page.codings.get("g2").dimensions, { stelling: "nuanceert" });
});

const stand = (turns, codings) => {
  const made = standing(turns);
  codings.forEach(made.put);
  made.settle();
  return made;
};

test("progress counts turns of participants only, and recent codes are one's own", () => {
  const page = pageOf({ ...content(), seen: [1, 2] }, new Int32Array([6, 9, 1]), 0);
  assert.deepEqual(progressOf(page, stand(page.turns, [...page.codings.values()])), { turns: 1, coded: 1, seen: 1 });
  assert.deepEqual(recentCodes(page), [1]);
  page.coder = "bram";
  assert.deepEqual(recentCodes(page), []);
  assert.equal(toPoint(page.turns[1], toUnit(page.turns[1], 9)), 9);
});

const { rowsOf, parentsFor, targetsFor, stepped } = await import(`${at}/tree.mjs`);
const TREE = [["E", -1, false], ["E1", 0, true], ["E2", 0, true], ["O", -1, false], ["OA", 3, false], ["O1", 4, true]].map(([id, parent, codable]) => ({ ...code(id, id, id, { parent, codable }), key: id, include: "", exclude: "", examples: [] }));

test("a code can go under any theme but never below itself, and in a code like it", () => {
  assert.deepEqual(parentsFor(TREE, 3), [0]);
  assert.deepEqual(parentsFor(TREE, 1), [0, 3, 4]);
  assert.deepEqual(targetsFor(TREE, 1), [2, 5]);
});

test("a step up or down passes one neighbour", () => {
  const positions = [0, 0, 1, 1, 0, 0];
  assert.ok(stepped(TREE, positions, 2, -1) < positions[1]);
  assert.ok(stepped(TREE, positions, 1, 1) > positions[2]);
  assert.equal(stepped(TREE, positions, 1, -1), null);
});

test("what is found shows with all above it, also below a folded branch", () => {
  assert.deepEqual(rowsOf(TREE, "o1", new Set(["O"]), false), [3, 4, 5]);
  assert.deepEqual(rowsOf(TREE, "", new Set(["O"]), false), [0, 1, 2, 3]);
});
