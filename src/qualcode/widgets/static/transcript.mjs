// The text: one text node a turn, tints as highlights and stripes in the margin, both only near what is in view.

import { piecesOf } from "./lanes.mjs";
import { spanOf, toUnit, turnAt, turnsTouching } from "./offsets.mjs";
import { el, labelled, replace, stripe, tint } from "./parts.mjs";

const LANE = 9;
const CHIP = 26;
const canTint = typeof Highlight !== "undefined" && CSS.highlights !== undefined;
let instances = 0;

export function transcript({ t, onPlace, onSelect, onCoding, onSeen }) {
  const mark = `qc${++instances}`;
  const sheet = el("style");
  const list = el("div", { class: "qc-turns" });
  const scroller = el("div", { class: "qc-text", tabindex: 0, role: "region", "aria-label": t("text_label") }, list);
  const visible = new Set();
  const drawn = new Map(); // turn -> names of its highlights with their ranges
  const stale = new Set(); // turns drawn before something on them changed
  const looks = new Map(); // turn -> what was drawn on it
  const registry = new Map(); // name -> Highlight
  let page = null;
  let rows = [];
  let nodes = [];
  let theme = "light";
  let layers = { codings: [], lanes: new Map(), byTurn: [], memosAt: [], memosByTurn: [], pending: new Set() };
  let marks = { select: null, current: null, hits: [] };
  let frame = 0;

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const index = Number(target.dataset.turn);
        if (isIntersecting) visible.add(index);
        else {
          visible.delete(index);
          wipe(index);
        }
      }
      draw();
    },
    { root: scroller, rootMargin: "500px 0px" },
  );
  const seer = new IntersectionObserver(
    (entries) => onSeen(entries.filter((e) => e.isIntersecting).map((e) => Number(e.target.dataset.turn))),
    { root: scroller, threshold: 0.5 },
  );
  const resizer = new ResizeObserver(() => redraw());
  resizer.observe(list);

  function show(next) {
    page = next;
    for (const index of [...drawn.keys()]) wipe(index);
    visible.clear();
    watcher.disconnect();
    seer.disconnect();
    nodes = page.turns.map((turn) => document.createTextNode(turn.text));
    rows = page.turns.map((turn, index) => {
      const who = el("div", { class: "qc-who" }, el("span", { class: "qc-label" }, turn.label));
      if (turn.time) who.append(el("span", { class: "qc-time" }, turn.time));
      who.append(el("span", { class: "qc-number" }, turn.number ? String(turn.number) : ""));
      const words = el("div", { class: "qc-words" }, nodes[index]);
      const row = el("div", { class: "qc-turn", "data-turn": index, "data-role": turn.role || null }, who, words, el("div", { class: "qc-margin" }));
      return row;
    });
    list.replaceChildren(...rows);
    for (const row of rows) {
      watcher.observe(row);
      seer.observe(row);
    }
    paint();
  }

  function paint() {
    const rules = page.book.codes.map(({ hue }, place) => `::highlight(${mark}-c${place}){background-color:${tint(theme, hue)};color:${theme === "dark" ? "#f2f2f2" : "#1c1c1c"}}`);
    const dark = theme === "dark";
    rules.push(`::highlight(${mark}-over){text-decoration:underline 2px ${dark ? "#bbb" : "#555"}}`);
    rules.push(`::highlight(${mark}-pending){text-decoration:underline dotted 2px ${dark ? "#bbb" : "#555"}}`);
    rules.push(`::highlight(${mark}-hit){background-color:${dark ? "#6b5a00" : "#ffe36e"};color:${dark ? "#fff" : "#111"}}`);
    rules.push(`::highlight(${mark}-select){background-color:${dark ? "#1d4f91" : "#b7d4ff"};color:${dark ? "#fff" : "#111"}}`);
    rules.push(`::highlight(${mark}-current){text-decoration:underline 3px ${dark ? "#ffb454" : "#b34700"}}`);
    sheet.textContent = rules.join("\n");
  }

  function setLayers(next) {
    layers = next;
    const byTurn = page.turns.map(() => []);
    for (const coding of layers.codings) {
      const [first, last] = turnsTouching(page.turns, coding.start, coding.end);
      for (let index = first; index <= last; index++) byTurn[index].push(coding);
    }
    layers.byTurn = byTurn;
    layers.memosByTurn = page.turns.map(() => []);
    for (const memo of layers.memosAt) layers.memosByTurn[Math.max(0, turnAt(page.turns, memo.start))]?.push(memo);
    // only turns on which something changed are drawn again
    for (const index of drawn.keys()) if (looks.get(index) !== look(index)) stale.add(index);
    draw();
  }

  const look = (index) =>
    [
      ...layers.byTurn[index].map((c) => `${c.guid} ${c.start} ${c.end} ${c.code} ${layers.lanes.get(c.guid)} ${layers.pending.has(c.guid)}`),
      ...layers.memosByTurn[index].map((memo) => memo.guid),
    ].join();

  function setMarks(next) {
    marks = { ...marks, ...next };
    drawMarks();
  }

  function redraw() {
    for (const index of drawn.keys()) stale.add(index);
    draw();
  }

  function draw() {
    if (!frame) frame = requestAnimationFrame(() => ((frame = 0), drawNow()));
  }

  function ranges(index, start, end) {
    const turn = page.turns[index];
    const from = toUnit(turn, start);
    const to = toUnit(turn, end);
    return from < to ? new StaticRange({ startContainer: nodes[index], startOffset: from, endContainer: nodes[index], endOffset: to }) : null;
  }

  function drawNow() {
    if (!page || !scroller.isConnected) return;
    const wanted = [...visible].filter((index) => (!drawn.has(index) || stale.has(index)) && rows[index]);
    // all reading first, all writing after: one layout, not one a stripe
    const plans = wanted.map((index) => ({ index, stripes: measured(index), room: rows[index].clientHeight }));
    for (const plan of plans) {
      wipe(plan.index);
      drawn.set(plan.index, tinted(plan.index));
      looks.set(plan.index, look(plan.index));
      margin(plan);
    }
    drawMarks();
    scroller.dataset.drawn = String(Number(scroller.dataset.drawn ?? 0) + 1);
  }

  function measured(index) {
    const top = rows[index].getBoundingClientRect().top;
    const range = document.createRange();
    return (layers.byTurn[index] ?? []).map((coding) => {
      const turn = page.turns[index];
      range.setStart(nodes[index], toUnit(turn, coding.start));
      range.setEnd(nodes[index], toUnit(turn, coding.end));
      const box = range.getBoundingClientRect();
      return { coding, top: box.top - top, height: box.height, lane: layers.lanes.get(coding.guid) ?? -1 };
    });
  }

  function highlight(name, priority = 0) {
    const full = `${mark}-${name}`;
    if (!registry.has(full)) {
      registry.set(full, new Highlight());
      registry.get(full).priority = priority;
      CSS.highlights.set(full, registry.get(full));
    }
    return registry.get(full);
  }

  function tinted(index) {
    if (!canTint) return [];
    const turn = page.turns[index];
    const held = [];
    const add = (name, start, end, priority) => {
      const range = ranges(index, Math.max(start, turn.start), Math.min(end, turn.end));
      if (!range) return;
      highlight(name, priority).add(range);
      held.push([`${mark}-${name}`, range]);
    };
    for (const piece of piecesOf(layers.byTurn[index], turn.start, turn.end)) {
      add(`c${piece.code}`, piece.start, piece.end, 0);
      if (piece.count > 1) add("over", piece.start, piece.end, 1);
    }
    for (const coding of layers.byTurn[index]) if (layers.pending.has(coding.guid)) add("pending", coding.start, coding.end, 2);
    return held;
  }

  function drawMarks() {
    if (!page) return;
    const shown = { hit: [marks.hits, 3], current: [marks.current ? [marks.current] : [], 4], select: [marks.select ? [marks.select] : [], 5] };
    for (const [name, [spans, priority]] of Object.entries(shown)) {
      if (!canTint) continue;
      const held = highlight(name, priority);
      held.clear();
      for (const span of spans) {
        const [first, last] = turnsTouching(page.turns, span.start, span.end);
        for (let index = first; index <= last; index++) {
          const range = visible.has(index) ? ranges(index, Math.max(span.start, page.turns[index].start), Math.min(span.end, page.turns[index].end)) : null;
          if (range) held.add(range);
        }
      }
    }
    for (const one of list.querySelectorAll("[data-coding],[data-chip]")) {
      one.classList.toggle("qc-current", marks.current?.guid !== undefined && (one.dataset.coding ?? one.dataset.chip) === marks.current.guid);
    }
  }

  function wipe(index) {
    for (const [name, range] of drawn.get(index) ?? []) registry.get(name).delete(range);
    drawn.delete(index);
    stale.delete(index);
    rows[index]?.lastElementChild.replaceChildren();
  }

  function margin({ index, stripes, room }) {
    const cell = rows[index].lastElementChild;
    const beginning = stripes.filter(({ coding }) => coding.start >= page.turns[index].start);
    const lanes = Math.max(0, ...stripes.map(({ lane }) => lane + 1));
    const most = Math.max(2, Math.floor(room / CHIP) * 2);
    const fitting = beginning.length > most ? beginning.slice(0, most - 1) : beginning;
    const lines = stripes
      .filter(({ lane }) => lane >= 0)
      .map(({ coding, top, height, lane }) => {
        const code = page.book.codes[coding.code];
        const line = el("div", { class: "qc-stripe", "data-coding": coding.guid, title: tip(coding), onclick: () => onCoding(coding.guid) });
        line.classList.toggle("qc-pending", layers.pending.has(coding.guid));
        Object.assign(line.style, { top: `${top}px`, height: `${height}px`, left: `${lane * LANE}px`, background: stripe(code.hue) });
        return line;
      });
    const chips = el("div", { class: "qc-chips" }, ...fitting.map(({ coding }) => chip(coding)));
    chips.style.left = `${lanes * LANE + 4}px`;
    if (beginning.length > fitting.length) {
      chips.append(el("button", { class: "qc-chip", tabindex: -1, onclick: () => onPlace(page.turns[index].start, true) }, `+${beginning.length - fitting.length}`));
    }
    const noted = layers.memosByTurn[index];
    for (const memo of noted) chips.append(el("button", { class: "qc-chip qc-memo", tabindex: -1, title: memo.text, "aria-label": t("memo_here"), onclick: () => onPlace(memo.start, true) }, "✎"));
    replace(cell, ...lines, chips);
  }

  const tip = (coding) => `${labelled(page.book.codes[coding.code])} · ${coding.coder}`;

  function chip(coding) {
    const code = page.book.codes[coding.code];
    const dot = el("span", { class: "qc-dot", "aria-hidden": "true" });
    dot.style.background = stripe(code.hue);
    const made = el("button", { class: "qc-chip", tabindex: -1, title: tip(coding), "data-chip": coding.guid, onclick: () => onCoding(coding.guid) }, dot, code.id || code.name.slice(0, 8));
    made.classList.toggle("qc-pending", layers.pending.has(coding.guid));
    return made;
  }

  // from the page's selection to places in the text -------------------------------------------------

  function placeOf(node, offset) {
    const row = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".qc-turn");
    if (node.nodeType === Node.TEXT_NODE && row && nodes[row.dataset.turn] === node) return { turn: Number(row.dataset.turn), unit: offset };
    // a boundary beside the words: the nearest place in the text before it
    const probe = document.createRange();
    probe.setStart(node, offset);
    let [low, high] = [0, nodes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (probe.comparePoint(nodes[middle], 0) <= 0) low = middle + 1;
      else high = middle;
    }
    return low ? { turn: low - 1, unit: nodes[low - 1].length } : { turn: 0, unit: 0 };
  }

  function selected() {
    const selection = scroller.getRootNode().getSelection?.() ?? document.getSelection();
    if (!selection.rangeCount || !list.contains(selection.anchorNode) || !page?.turns.length) return undefined;
    if (selection.isCollapsed) return { caret: placeOf(selection.anchorNode, selection.anchorOffset) };
    const range = selection.getRangeAt(0);
    const from = placeOf(range.startContainer, range.startOffset);
    const to = placeOf(range.endContainer, range.endOffset);
    return { span: spanOf(page.turns, from, to) };
  }

  let pressed = false;
  list.addEventListener("pointerdown", () => (pressed = true));
  const released = () => {
    if (!pressed) return;
    pressed = false;
    // the browser sets the selection after this event
    requestAnimationFrame(() => {
      const chosen = selected();
      if (!chosen) return;
      if (chosen.span) onSelect(chosen.span);
      else if (chosen.caret) {
        const turn = page.turns[chosen.caret.turn];
        onPlace(turn.start + [...turn.text.slice(0, chosen.caret.unit)].length, false);
      }
    });
  };
  document.addEventListener("pointerup", released);

  function reveal(point) {
    const index = Math.max(0, turnAt(page.turns, point));
    const row = rows[index];
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    const range = document.createRange();
    const unit = toUnit(page.turns[index], point);
    range.setStart(nodes[index], unit);
    range.setEnd(nodes[index], Math.min(unit + 1, nodes[index].length));
    const [box, frame] = [range.getBoundingClientRect(), scroller.getBoundingClientRect()];
    if (box.top < frame.top + 40 || box.bottom > frame.bottom - 60) scroller.scrollTop += box.top - frame.top - frame.height / 3;
  }

  function dim(test) {
    page.turns.forEach((turn, index) => rows[index].classList.toggle("qc-dim", !test(turn)));
  }

  function close() {
    watcher.disconnect();
    seer.disconnect();
    resizer.disconnect();
    document.removeEventListener("pointerup", released);
    cancelAnimationFrame(frame);
    for (const name of registry.keys()) CSS.highlights.delete(name);
  }

  const setTheme = (next) => {
    theme = next;
    if (page) paint();
  };
  const clearSelection = () => document.getSelection()?.removeAllRanges();
  return { element: el("div", { class: "qc-frame" }, sheet, scroller), scroller, show, setLayers, setMarks, setTheme, reveal, dim, close, clearSelection, selected };
}
