// The text: one text node a turn; tints, stripes and labels only near what is in view. Turns stand in blocks, so that the browser
// lays out, paints and watches some hundreds of things and not thousands.

import { piecesOf } from "./lanes.mjs";
import { margins } from "./margin.mjs";
import { toUnit, turnAt, turnsTouching } from "./offsets.mjs";
import { el, tint } from "./parts.mjs";
import { selecting } from "./selecting.mjs";
import { backgroundOf, canHighlight, highlighter, washer } from "./tints.mjs";

const BLOCK = 8; // turns
const DWELL = 400; // milliseconds that the text stands still before what is in view counts as read
let instances = 0;

/** Whether two pages show the same turns of the same text. */
export const sameWords = (a, b) => a.document === b.document && a.text === b.text && a.turns.length === b.turns.length && a.turns.every((turn, n) => turn.start === b.turns[n].start && turn.label === b.turns[n].label);

export function transcript({ t, onPlace, onSelect, onCoding, onSeen }) {
  const mark = `qc${++instances}`;
  const sheet = el("style");
  const paint = (canHighlight() ? highlighter : washer)(sheet, mark);
  const margin = margins({ t, onCoding, onPlace });
  const list = el("div", { class: canHighlight() ? `qc-turns ${mark}` : `qc-turns qc-washed ${mark}` });
  const scroller = el("div", { class: "qc-text", tabindex: 0, role: "region", "aria-label": t("text_label") }, list);
  const visible = new Set();
  const drawn = new Set();
  let page = null;
  let rows = [];
  let nodes = [];
  let theme = "light";
  let shown = { standing: null, memos: () => [], isPending: () => false };
  let marks = { select: null, current: null, hits: [] };
  let frame = 0;

  const later = () => (frame ||= requestAnimationFrame(drawNow));
  const turnsIn = (block) => Array.from({ length: Math.min(BLOCK, rows.length - block * BLOCK) }, (_, n) => block * BLOCK + n);
  // blocks tell which turns to watch, turns which to draw: marking words anew costs as much as there are marked words on the page
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        for (const index of turnsIn(Number(target.dataset.block))) {
          if (isIntersecting) near.observe(rows[index]);
          else {
            near.unobserve(rows[index]);
            leave(index);
          }
        }
      }
    },
    { root: scroller, rootMargin: "600px 0px" },
  );
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) isIntersecting ? visible.add(Number(target.dataset.turn)) : leave(Number(target.dataset.turn));
      later();
    },
    { root: scroller, rootMargin: "160px 0px" },
  );
  function leave(index) {
    if (visible.delete(index)) wipe(index);
  }

  let still = 0;
  const restSoon = () => {
    clearTimeout(still);
    still = setTimeout(rest, DWELL);
  };
  scroller.addEventListener("scroll", restSoon, { passive: true });

  /** The text stands still: tell which turns are in view with their middle. */
  function rest() {
    if (!scroller.isConnected || !scroller.clientHeight) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    const middle = (index) => ((box) => (box.top + box.bottom) / 2)(rows[index].getBoundingClientRect());
    onSeen([...visible].filter((index) => middle(index) > top && middle(index) < bottom));
  }

  let width = 0;
  const resizer = new ResizeObserver(([{ contentRect }]) => {
    // only another width moves words to other lines
    if (width !== (width = contentRect.width)) redraw();
  });
  resizer.observe(list);
  const selection = selecting({ scroller, list, turns: () => page?.turns ?? [], nodes: () => nodes, onSelect, onPlace });

  function rowOf(turn, index) {
    const who = el("div", { class: "qc-who" }, el("span", { class: "qc-label" }, turn.label));
    if (turn.time) who.append(el("span", { class: "qc-time" }, turn.time));
    who.append(el("span", { class: "qc-number" }, turn.number ? String(turn.number) : ""));
    return el("div", { class: "qc-turn", "data-turn": index, "data-role": turn.role || null }, who, el("div", { class: "qc-words" }, nodes[index]), el("div", { class: "qc-margin" }));
  }

  /** Show a page; the words stay where they are when only codes or people changed. */
  function show(next) {
    const same = page && sameWords(page, next);
    page = next;
    paint.dress(page.book.codes, theme, tint);
    if (same) return rows.forEach((row, index) => relabel(row, page.turns[index]));
    for (const index of [...drawn]) wipe(index);
    visible.clear();
    watcher.disconnect();
    near.disconnect();
    nodes = page.turns.map((turn) => document.createTextNode(turn.text));
    rows = page.turns.map(rowOf);
    const blocks = Array.from({ length: Math.ceil(rows.length / BLOCK) }, (_, block) => {
      const made = el("div", { class: "qc-block", "data-block": block }, ...turnsIn(block).map((index) => rows[index]));
      made.style.containIntrinsicSize = `auto ${turnsIn(block).reduce((sum, index) => sum + guessed(page.turns[index]), 0)}px`;
      return made;
    });
    list.replaceChildren(...blocks);
    scroller.scrollTop = 0;
    for (const block of blocks) watcher.observe(block);
    restSoon();
  }

  /** About how high a turn will be: the scroll bar needs to know before it is laid out. */
  const guessed = (turn) => Math.max(58, 10 + 26 * Math.ceil(turn.text.length / 68));

  function relabel(row, turn) {
    if ((row.dataset.role ?? "") === turn.role) return;
    if (turn.role) row.dataset.role = turn.role;
    else delete row.dataset.role;
  }

  /** Say what stands where: {standing, memos(index), isPending(guid)}; the turns named are drawn again, all when none are. */
  function showing(next, turns = drawn) {
    shown = { ...shown, ...next };
    for (const index of [...turns]) drawn.delete(index);
    later();
  }

  const redraw = () => showing({});

  function drawNow() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (!page || !shown.standing || !scroller.isConnected) return;
    const wanted = [...visible].filter((index) => !drawn.has(index) && rows[index]);
    // all reading first, all writing after: one layout, not one a stripe
    const plans = wanted.map((index) => ({ index, look: backgroundOf(wordsIn(index), tinted(index)), stripes: measured(index), room: rows[index].clientHeight }));
    for (const { index, look, ...plan } of plans) {
      drawn.add(index);
      colour(index, look);
      margin(rows[index].lastElementChild, { ...plan, codes: page.book.codes, turn: page.turns[index], memos: shown.memos(index), isPending: shown.isPending });
    }
    drawMarks();
    scroller.dataset.drawn = String(Number(scroller.dataset.drawn ?? 0) + 1);
  }

  const wordsIn = (index) => rows[index].children[1];
  function colour(index, look) {
    const words = wordsIn(index);
    words.style.background = look;
    words.classList.toggle("qc-coloured", Boolean(look));
  }

  function measured(index) {
    const codings = shown.standing.inTurn(index);
    if (!codings.length) return [];
    const top = rows[index].getBoundingClientRect().top;
    const range = document.createRange();
    const turn = page.turns[index];
    return codings.map((coding) => {
      range.setStart(nodes[index], toUnit(turn, coding.start));
      range.setEnd(nodes[index], toUnit(turn, coding.end));
      const box = range.getBoundingClientRect();
      return { coding, top: box.top - top, height: box.height, lane: shown.standing.lane(coding.guid) };
    });
  }

  function piece(index, name, start, end) {
    const turn = page.turns[index];
    const [from, to] = [toUnit(turn, Math.max(start, turn.start)), toUnit(turn, Math.min(end, turn.end))];
    return from < to ? { name, node: nodes[index], from, to } : null;
  }

  function tinted(index) {
    const turn = page.turns[index];
    const codings = shown.standing.inTurn(index);
    const pieces = piecesOf(codings, turn.start, turn.end).flatMap(({ code, start, end, count }) => [piece(index, `c${code}`, start, end), count > 1 ? piece(index, "over", start, end) : null]);
    const waiting = codings.filter(({ guid }) => shown.isPending(guid)).map(({ start, end }) => piece(index, "pending", start, end));
    return [...pieces, ...waiting].filter(Boolean);
  }

  let marked = {}; // name -> what is drawn of it
  function drawMarks() {
    if (!page) return;
    const spans = { hit: marks.hits, current: marks.current ? [marks.current] : [], select: marks.select ? [marks.select] : [], waiting: marks.waiting ?? [] };
    for (const [name, wanted] of Object.entries(spans)) {
      const pieces = wanted.flatMap((span) => {
        const [first, last] = turnsTouching(page.turns, span.start, span.end);
        const near = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n).filter((index) => visible.has(index));
        return near.map((index) => piece(index, name, span.start, span.end)).filter(Boolean);
      });
      const look = pieces.map(({ node, from, to }) => [node, from, to]).flat();
      if (marked[name]?.length === look.length && look.every((one, n) => one === marked[name][n])) continue;
      marked[name] = look;
      paint.put(name, pieces);
    }
    const guid = marks.current?.guid;
    for (const one of list.querySelectorAll(".qc-current")) one.classList.remove("qc-current");
    if (guid) for (const one of list.querySelectorAll(`[data-coding="${guid}"],[data-chip="${guid}"]`)) one.classList.add("qc-current");
  }

  function wipe(index) {
    drawn.delete(index);
    if (!rows[index]) return;
    colour(index, "");
    rows[index].lastElementChild.replaceChildren();
  }

  function reveal(point) {
    const index = Math.max(0, turnAt(page.turns, point));
    if (!rows[index]) return;
    rows[index].scrollIntoView({ block: "nearest" });
    const range = document.createRange();
    const unit = toUnit(page.turns[index], point);
    range.setStart(nodes[index], unit);
    range.setEnd(nodes[index], Math.min(unit + 1, nodes[index].length));
    const [box, edge] = [range.getBoundingClientRect(), scroller.getBoundingClientRect()];
    if (box.top < edge.top + 40 || box.bottom > edge.bottom - 60) scroller.scrollTop += box.top - edge.top - edge.height / 3;
  }

  return {
    element: el("div", { class: "qc-frame" }, sheet, scroller),
    scroller, show, showing, drawNow, reveal,
    setMarks: (next) => {
      marks = { ...marks, ...next };
      drawMarks();
    },
    setTheme: (next) => {
      theme = next;
      if (page) paint.dress(page.book.codes, theme, tint);
    },
    dim: (test) => page.turns.forEach((turn, index) => rows[index].classList.toggle("qc-dim", !test(turn))),
    clearSelection: selection.clear,
    close: () => {
      watcher.disconnect();
      near.disconnect();
      clearTimeout(still);
      resizer.disconnect();
      selection.close();
      cancelAnimationFrame(frame);
      paint.close();
    },
  };
}
