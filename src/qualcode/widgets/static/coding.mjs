// The coding desk: the parts on one page, and what is drawn again when something changes.

import { acting } from "./acting.mjs";
import { bars } from "./bars.mjs";
import { detail, hereList } from "./detail.mjs";
import { frame } from "./frame.mjs";
import { showHelp } from "./help.mjs";
import { keyboard } from "./keys.mjs";
import { likely } from "./likely.mjs";
import { notes } from "./notes.mjs";
import { turnAt, turnsTouching, wordsOf } from "./offsets.mjs";
import { palette } from "./palette.mjs";
import { el, labelled } from "./parts.mjs";
import { standing } from "./standing.mjs";
import { seeking } from "./seeking.mjs";
import { pageOf, passing, patch, recentCodes } from "./state.mjs";
import { sameWords, transcript } from "./transcript.mjs";
import { emptyHand, walking } from "./walking.mjs";

const FRAME = 16; // milliseconds a screen takes for a picture

function codingDesk(context) {
  const edge = frame(context, { onPage, onPatch, onTheme: (theme) => desk.text?.setTheme(theme) });
  const { t, lang, root, say, over } = edge;
  // a place counts in one version of one text: every message says in which, so that it never lands on other words
  const line = { ...edge.line, ask: (kind, facts = {}) => edge.line.ask(kind, { on: desk.page?.text, ...facts }) };
  // `all` holds every coding of the document, `shown` those that pass the filter; `pending` what the study has not confirmed yet
  const desk = {
    t, lang, root, line, say, over, page: null, all: standing([]), shown: standing([]), filter: {}, pending: new Map(), hand: emptyHand(), hits: [], hit: -1, queue: null, singleKeys: true,
    drawHand, changed, filterBy, measure: () => desk.page && desk.bars.progress(),
    help: () => showHelp(over, t, { keysOn: desk.singleKeys, onKeys: (on) => (desk.singleKeys = on) }),
  };
  const walk = walking(desk);
  const act = acting(desk, walk);
  desk.notes = notes(desk, act);
  desk.guess = likely(desk, walk);
  desk.text = transcript({ t, onPlace: walk.place, onSelect: walk.take, onCoding: walk.hold, onSeen: act.saw });
  desk.choose = palette({ t, onChoose: act.choose, onInvent: act.invent, onLeave: walk.back, onNotes: (place) => desk.notes.show(place), noting: (place) => desk.notes.button(place) });
  desk.here = hereList({ t, lang, onCoding: walk.hold, onMemo: act.openMemo });
  const change = (coding, what) => line.ask("recode", { coding, ...what });
  desk.editor = detail({ t, lang, onChange: change, onRemove: act.remove, onRecode: act.startRecode, onBoundary: act.setBoundary, onLeave: walk.letGo, noting: (place) => desk.notes.button(place) });
  desk.bars = bars(desk, walk, act);
  desk.seek = seeking(desk, walk, act);
  const memo = el("button", { class: "qc-quiet qc-memo-words", hidden: true, onclick: act.memo }, t("memo_on_words"), el("kbd", {}, ","));
  const side = el("div", { class: "qc-side" }, desk.editor.element, desk.choose.element, memo, desk.guess.element, desk.here.element);
  edge.fill(...desk.bars.parts, desk.seek.element, el("div", { class: "qc-main" }, desk.text.element, side));

  // what comes in ---------------------------------------------------------------------------------------

  let memosIn = new Map(); // turn -> memos
  function onPage(content, numbers, rev) {
    const before = desk.page;
    if (!content.turns && before?.text !== content.text) return line.hello();
    desk.page = pageOf(content, numbers, rev, before);
    if (before && sameWords(before, desk.page)) before.seen.forEach((number) => desk.page.seen.add(number));
    else {
      Object.assign(desk.hand, emptyHand(desk.page.turns[0]?.start));
      desk.bars.clear();
      if (before?.document !== desk.page.document) delete desk.filter.speaker;
    }
    stand();
    desk.bars.show(desk.page);
    desk.choose.setBook(desk.page.book);
    desk.text.show(desk.page);
    shade();
    draw();
    edge.ready();
    if (!before && desk.page.queue) act.startQueue(desk.page.queue);
  }

  function onPatch(message, numbers, mine) {
    const brought = patch(desk.page, message, numbers);
    if (mine && message.said) say(message.said);
    if (mine && message.found) desk.seek.answered(message.found);
    if (mine && message.likely) desk.guess.answered(message.likely);
    const others = message.codings.filter(([, coder]) => coder !== desk.page.coder);
    if (!mine && others.length) say(t("others_coded", { n: others.length, coder: others[0][1] }));
    changed(brought);
  }

  // what is drawn again ---------------------------------------------------------------------------------

  /** Put everything in its place anew: another page, or another filter. */
  function stand() {
    const { page, filter } = desk;
    const codings = [...page.codings.values(), ...desk.pending.values()].sort((a, b) => a.start - b.start);
    const filled = (wanted) => {
      const made = standing(page.turns);
      wanted.forEach(made.put);
      made.settle();
      return made;
    };
    desk.all = filled(codings);
    const filtered = filter.coder || filter.layer || filter.code !== undefined;
    desk.shown = filtered ? filled(codings.filter(passing(page, filter))) : desk.all;
    note();
    desk.text.showing({ standing: desk.shown, memos: (index) => memosIn.get(index) ?? [], isPending: (guid) => desk.pending.has(guid) });
  }

  function note() {
    memosIn = new Map();
    for (const memo of desk.page.memos.values()) {
      const index = Math.max(0, turnAt(desk.page.turns, memo.start));
      memosIn.set(index, [...(memosIn.get(index) ?? []), memo]);
    }
  }

  let due = 0;
  let drawnAt = 0;
  /** Take in what a patch or a gesture brought: drawn at once, while the screen waits for its next frame, and once a frame when many come. */
  function changed({ fresh = [], gone = [], noted = false }) {
    const passes = passing(desk.page, desk.filter);
    for (const one of new Set([desk.all, desk.shown])) {
      gone.forEach(one.drop);
      for (const coding of fresh) one === desk.all || passes(coding) ? one.put(coding) : one.drop(coding.guid);
    }
    if (noted) {
      note();
      desk.choose.again();
      desk.editor.again();
      desk.text.showing({});
    }
    desk.bars.meet(fresh);
    if (performance.now() - drawnAt > FRAME) draw();
    else due ||= requestAnimationFrame(draw);
  }

  function draw() {
    cancelAnimationFrame(due);
    due = 0;
    drawnAt = performance.now();
    if (desk.all !== desk.shown) desk.all.settle();
    desk.text.showing({}, desk.shown.settle());
    if (desk.hand.current && !desk.page.codings.has(desk.hand.current)) Object.assign(desk.hand, emptyHand(desk.hand.at));
    // the text first: it reads where words stand, and reading after writing would cost a layout more
    desk.text.drawNow();
    desk.choose.setRecent(recentCodes(desk.page));
    desk.bars.measure();
    drawHand();
  }

  /** Draw what depends on where the person is: the side, the marks in the text, what a key does now. */
  function drawHand() {
    const { page, hand } = desk;
    if (!page) return;
    const picked = walk.spanNow();
    const around = picked ?? walk.turnSpan(hand.at);
    const coding = hand.mode === "coding" && !hand.recoding ? (page.codings.get(hand.current) ?? null) : null;
    const memos = [...page.memos.values()].filter((memo) => memo.start < around.end && memo.end > around.start);
    desk.here.show(page, desk.shown.at(around.start, around.end), memos, hand.current);
    desk.editor.show(page, coding);
    desk.choose.element.hidden = Boolean(coding);
    memo.hidden = hand.mode !== "select" || !picked || Boolean(hand.recoding);
    desk.guess.element.hidden = Boolean(coding) || Boolean(hand.recoding);
    desk.guess.meet(hand.mode === "select" ? picked : null);
    desk.choose.setWords(hand.mode === "select" && picked ? wordsOf(page.turns, picked.start, picked.end) : "");
    desk.choose.setPurpose(purpose(picked));
    desk.text.setMarks({ select: picked, current: page.codings.get(hand.current) ?? null, hits: desk.hits });
    desk.bars.counted();
    edge.hint(t(`hint_${hand.recoding ? "recode" : hand.mode}`));
    root.dataset.mode = hand.mode;
  }

  function purpose(span) {
    const { page, hand } = desk;
    if (hand.recoding) return t("purpose_recode", { code: labelled(page.book.codes[page.codings.get(hand.recoding).code]) });
    if (!span) return t("purpose_read");
    const [first, last] = turnsTouching(page.turns, span.start, span.end);
    const turn = page.turns[first];
    const words = wordsOf(page.turns, span.start, span.end).split(/\s+/).length;
    return first === last ? t("purpose_words", { n: words, turn: turn.number, speaker: turn.label }) : t("purpose_turns", { n: words, first: turn.number, last: page.turns[last].number });
  }

  /** Show only what answers to a filter by speaker, code, coder or layer; without a name everything. */
  function filterBy(name, value) {
    if (name) desk.filter[name] = value;
    else desk.filter = {};
    if (!name) desk.bars.show(desk.page);
    stand();
    shade();
    draw();
  }

  const shade = () => desk.text.dim((turn) => !desk.filter.speaker || turn.label === desk.filter.speaker);

  const onKey = keyboard(desk, walk, act, edge.control);
  root.addEventListener("keydown", (event) => {
    if (!onKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  line.hello();

  return () => {
    act.close();
    cancelAnimationFrame(due);
    desk.text.close();
    edge.leave();
  };
}

export default { render: codingDesk };
