// The coding desk: gestures become verbs of the study; what is shown solid stands in the database.

import { detail, hereList } from "./detail.mjs";
import { found } from "./find.mjs";
import { windows } from "./help.mjs";
import { codingsAt, lanesOf } from "./lanes.mjs";
import { headAtEdge, spanned, turnBeside, wholeTurn, wordAt, wordBeside } from "./moving.mjs";
import { turnAt, turnsTouching, wordsOf } from "./offsets.mjs";
import { palette } from "./palette.mjs";
import { el, isTyping, labelled, replace, speaker, themeOf } from "./parts.mjs";
import { pageOf, patch, progressOf, recentCodes, shownCodings } from "./state.mjs";
import { transcript } from "./transcript.mjs";
import { wire } from "./wire.mjs";

function codingDesk({ model, el: host }) {
  const t = speaker(model.get("_t"));
  const lang = model.get("lang");
  let page = null;
  let codings = []; // what is shown, in order of the text, with what still waits
  let filter = {};
  let mode = "read"; // read | select | coding
  let at = 0; // where the reader is, in code points
  let picked = null; // {anchor, head} in whole words
  let current = null; // guid of the coding in hand
  let recoding = null;
  let hits = [];
  let hit = -1;
  let singleKeys = true;
  const pending = new Map(); // req-like name -> coding that is not confirmed
  const seen = new Set();
  let guesses = 0;

  // the page ------------------------------------------------------------------------------------------

  const banner = el("div", { class: "qc-banner", role: "alert", hidden: true });
  const status = el("p", { class: "qc-status", role: "status", "aria-live": "polite" });
  const hint = el("p", { class: "qc-hint" });
  const documents = el("select", { class: "qc-documents", "aria-label": t("document"), onchange: (e) => line.ask("open", { document: e.target.value }) });
  const meter = el("span", { class: "qc-progress" });
  const bar = el("progress", { max: 1, value: 0, "aria-label": t("progress_label") });
  const search = el("input", { type: "search", class: "qc-input qc-search", placeholder: t("find"), "aria-label": t("find") });
  const count = el("span", { class: "qc-small qc-hits", "aria-live": "polite" });
  const chooser = (label, change) => el("select", { "aria-label": label, onchange: (e) => change(e.target.value) });
  const speakers = chooser(t("filter_speaker"), (v) => ((filter = { ...filter, speaker: v }), refilter()));
  const coders = chooser(t("filter_coder"), (v) => ((filter = { ...filter, coder: v }), refilter()));
  const codes = chooser(t("filter_code"), (v) => ((filter = { ...filter, code: v === "" ? undefined : Number(v) }), refilter()));
  const icon = (sign, name, keys, act) => el("button", { class: "qc-icon", title: keys ? `${name} (${keys})` : name, "aria-label": name, onclick: act }, sign);

  const text = transcript({ t, onPlace: place, onSelect: take, onCoding: hold, onSeen: (turns) => (turns.forEach((n) => seen.add(n)), measure()) });
  const choose = palette({ t, onChoose: chosen, onInvent: invent, onLeave: backToText });
  const here = hereList({ t, lang, onCoding: hold });
  const editor = detail({ t, lang, onChange: (coding, what) => line.ask("recode", { coding, ...what }), onRemove: remove, onRecode: startRecode, onBoundary: setBoundary, onLeave: letGo });
  const over = windows({ t, keysOn: () => singleKeys, onKeys: (on) => (singleKeys = on) });

  const bars = el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
    documents, bar, meter,
    el("span", { class: "qc-gap" }),
    search, icon("↑", t("find_previous"), "Shift + Enter", () => toHit(-1)), icon("↓", t("find_next"), "Enter", () => toHit(1)), count,
    el("span", { class: "qc-gap" }),
    icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo")),
    icon("¶", t("working_definition"), "w", () => over.definition(page.book)), icon("?", t("help"), "?", over.help));
  const jumps = el("div", { class: "qc-bar qc-second" },
    el("button", { class: "qc-quiet", onclick: () => toCoding(-1) }, t("previous_coding"), el("kbd", {}, "p")),
    el("button", { class: "qc-quiet", onclick: () => toCoding(1) }, t("next_coding"), el("kbd", {}, "n")),
    el("button", { class: "qc-quiet", onclick: toUncoded }, t("next_uncoded"), el("kbd", {}, "u")),
    el("button", { class: "qc-quiet", onclick: toMemo }, t("next_memo"), el("kbd", {}, "j")),
    el("span", { class: "qc-gap" }), speakers, codes, coders);
  const side = el("div", { class: "qc-side" }, editor.element, choose.element, here.element);
  const root = el("div", { class: "qc-desk", lang, "data-jp-suppress-context-menu": "true" }, banner, bars, jumps, el("div", { class: "qc-main" }, text.element, side), el("div", { class: "qc-foot" }, hint, status), over.element);
  root.style.height = model.get("height");
  host.append(root);

  const line = wire(model, { onPage, onPatch, onTrouble: trouble, onState: connection });

  // what comes in ---------------------------------------------------------------------------------------

  function onPage(content, numbers, rev) {
    const same = page?.document === content.document && page.turns.length === content.turns.length;
    const scroll = text.scroller.scrollTop;
    page = pageOf(content, numbers, rev);
    if (!same) {
      [at, picked, current, hits, mode] = [page.turns[0]?.start ?? 0, null, null, [], "read"];
      seen.clear();
      search.value = "";
      count.textContent = "";
    }
    if (current && !page.codings.has(current)) [mode, current, picked, recoding] = ["read", null, null, null];
    replace(documents, ...page.documents.map((d) => el("option", { value: d.name, selected: d.name === page.document }, d.name)));
    const labels = [...new Set(page.turns.map((turn) => turn.label))].filter(Boolean).sort(new Intl.Collator(lang, { numeric: true }).compare);
    fill(speakers, t("all_speakers"), labels.map((label) => [label, label]), filter.speaker);
    const levels = page.book.codes.map((code, n) => [n, `${"  ".repeat(code.depth)}${labelled(code)}`, code]).filter(([, , code]) => code.codable || code.depth === 0);
    fill(codes, t("all_codes"), levels, filter.code);
    choose.setBook(page.book);
    text.show(page);
    refresh();
    if (same) text.scroller.scrollTop = scroll;
    // drawn twice: once laid out, once with tints
    requestAnimationFrame(() => requestAnimationFrame(() => (root.dataset.ready = "1")));
  }

  const fill = (select, all, options, chosen) => replace(select, el("option", { value: "" }, all), ...options.map(([value, name]) => el("option", { value, selected: value === chosen }, name)));

  function onPatch(message, numbers, mine) {
    patch(page, message, numbers);
    if (mine && message.said) say(message.said);
    const others = message.codings.filter(([, coder]) => coder !== page.coder);
    if (!mine && others.length) say(t("others_coded", { n: others.length, coder: others[0][1] }));
    if (current && !page.codings.has(current)) [mode, current, picked, recoding] = ["read", null, null, null];
    refreshSoon();
  }

  function trouble(sentence) {
    replace(banner, el("span", {}, sentence), el("button", { class: "qc-icon", "aria-label": t("close"), onclick: () => (banner.hidden = true) }, "✕"));
    banner.hidden = false;
  }

  function connection({ waiting, lost }) {
    root.dataset.waiting = String(waiting);
    root.dataset.lost = lost ? "1" : "";
    if (lost) {
      replace(banner, el("span", {}, t("lost", { n: waiting })), el("button", { class: "qc-button", onclick: line.again }, t("try_again")));
      banner.dataset.lost = "1";
      banner.hidden = false;
    } else if (banner.dataset.lost) {
      delete banner.dataset.lost;
      banner.hidden = true;
    }
  }

  // drawing ---------------------------------------------------------------------------------------------

  /** Draw once a frame, however many patches come in before it. */
  let due = 0;
  const refreshSoon = () => (due ||= requestAnimationFrame(refresh));

  function refresh() {
    cancelAnimationFrame(due);
    due = 0;
    const stay = [...pending.values()].filter((c) => !page.codings.has(c.guid));
    codings = shownCodings({ ...page, codings: new Map([...page.codings, ...stay.map((c) => [c.guid, c])]) }, filter);
    const names = [...new Set([...page.codings.values()].map((c) => c.coder))].sort();
    fill(coders, t("all_coders"), names.map((name) => [name, name]), filter.coder);
    text.setLayers({ codings, lanes: lanesOf(codings), memosAt: [...page.memos.values()], pending: new Set(pending.keys()) });
    choose.setRecent(recentCodes(page));
    measure();
    side_();
  }

  function measure() {
    if (!page) return;
    const { turns, coded } = progressOf(page);
    bar.value = turns ? coded / turns : 0;
    meter.textContent = t("progress", { coded, turns, seen: page.turns.filter((turn) => turn.role !== "moderator" && turn.role !== "notulist" && seen.has(turn.index)).length });
  }

  const spanNow = () => (picked ? spanned(picked) : null);

  function side_() {
    const span = spanNow() ?? { start: at, end: at + 1 };
    const coding = current ? page.codings.get(current) : null;
    const around = picked || mode === "coding" ? span : turnSpan(at);
    here.show(page, codingsAt(codings, around.start, around.end), [...page.memos.values()].filter((m) => m.start < around.end && m.end > around.start), current);
    editor.show(page, coding && mode === "coding" && !recoding ? coding : null);
    choose.element.hidden = Boolean(coding && mode === "coding" && !recoding);
    choose.setWords(mode === "select" && spanNow() ? wordsOf(page.turns, span.start, span.end) : "");
    choose.setPurpose(purpose());
    text.setMarks({ select: spanNow(), current: coding, hits });
    hint.textContent = t(`hint_${recoding ? "recode" : mode}`);
    root.dataset.mode = mode;
  }

  const turnSpan = (point) => {
    const turn = page.turns[Math.max(0, turnAt(page.turns, point))];
    return turn ? { start: turn.start, end: turn.end } : { start: 0, end: 0 };
  };

  function purpose() {
    if (recoding) return t("purpose_recode", { code: labelled(page.book.codes[page.codings.get(recoding).code]) });
    const span = spanNow();
    if (!span) return t("purpose_read");
    const [first, last] = turnsTouching(page.turns, span.start, span.end);
    const turn = page.turns[first];
    const words = wordsOf(page.turns, span.start, span.end).split(/\s+/).length;
    return first === last ? t("purpose_words", { n: words, turn: turn.number, speaker: turn.label }) : t("purpose_turns", { n: words, first: turn.number, last: page.turns[last].number });
  }

  const say = (sentence) => (status.textContent = sentence);

  function refilter() {
    text.dim((turn) => !filter.speaker || turn.label === filter.speaker);
    refresh();
  }

  // selecting -------------------------------------------------------------------------------------------

  function place(point, scroll) {
    [at, picked, current, recoding, mode] = [point, null, null, null, "read"];
    if (scroll) text.reveal(point);
    side_();
  }

  function take(span) {
    if (mode === "coding" && current) {
      picked = { anchor: span, head: span };
    } else {
      [picked, current, mode] = [{ anchor: span, head: span }, null, "select"];
    }
    at = span.start;
    text.clearSelection();
    text.scroller.focus({ preventScroll: true });
    side_();
  }

  function hold(guid) {
    const coding = page.codings.get(guid);
    if (!coding) return;
    [mode, current, recoding, at, picked] = ["coding", guid, null, coding.start, { anchor: coding, head: coding }];
    text.reveal(coding.start);
    text.scroller.focus({ preventScroll: true });
    say(t("holding", { code: labelled(page.book.codes[coding.code]), coder: coding.coder }));
    side_();
  }

  /** From a field back to the text; from the text: give up recoding, then let go of the words. */
  function backToText() {
    if (document.activeElement === text.scroller || !root.contains(document.activeElement)) letGo();
    recoding = null;
    text.scroller.focus({ preventScroll: true });
    side_();
  }

  function letGo() {
    [mode, current, picked, recoding] = ["read", null, null, null];
    text.scroller.focus({ preventScroll: true });
    side_();
  }

  function move(step, extend, byTurn) {
    const turns = page.turns;
    const from = picked?.head ?? wordAt(turns, at);
    if (!from) return;
    let head;
    if (byTurn && extend) head = headAtEdge(turns, from, step);
    else if (byTurn) head = turnBeside(turns, from.start, step) ?? from;
    else head = picked || mode !== "read" ? wordBeside(turns, asWord(from, step), step) : from;
    picked = { anchor: extend && picked ? picked.anchor : head, head };
    if (!(mode === "coding" && extend)) [mode, current] = ["select", null];
    at = head.start;
    text.reveal(head.start);
    side_();
  }

  /** The first or last word of what is picked, whichever the step goes from. */
  const asWord = (span, step) => (step > 0 ? wordAt(page.turns, Math.max(span.start, span.end - 1)) : wordAt(page.turns, span.start)) ?? span;

  function whole() {
    const span = wholeTurn(page.turns[Math.max(0, turnAt(page.turns, at))]);
    if (span.end > span.start) take(span);
  }

  // verbs -----------------------------------------------------------------------------------------------

  async function chosen(place) {
    const code = page.book.codes[place];
    if (recoding) {
      const coding = recoding;
      recoding = null;
      choose.clear();
      await line.ask("recode", { coding, code: code.key });
      return hold(coding);
    }
    const span = spanNow();
    if (!span) return say(t("select_first"));
    choose.clear();
    text.scroller.focus({ preventScroll: true });
    await optimistic(place, span, () => line.ask("code", { ...span, code: code.key }));
  }

  async function optimistic(code, { start, end }, ask) {
    const guid = `pending-${++guesses}`;
    pending.set(guid, { guid, start, end, code, coder: page.coder, layer: page.layer, at: "", memo: "", dimensions: {} });
    refresh();
    await ask();
    pending.delete(guid);
    refreshSoon();
  }

  async function invent(name) {
    const span = spanNow();
    if (!span || recoding) return say(t("select_first"));
    const words = name || wordsOf(page.turns, span.start, span.end);
    choose.clear();
    text.scroller.focus({ preventScroll: true });
    await line.ask("invent", { ...span, name: words.slice(0, 80) });
  }

  async function remove(coding) {
    place(page.codings.get(coding)?.start ?? at, false);
    text.scroller.focus({ preventScroll: true });
    if (await line.ask("uncode", { coding })) say(t("removed"));
  }

  function startRecode(coding) {
    recoding = coding;
    choose.clear();
    side_();
    choose.input.focus();
  }

  async function setBoundary(coding) {
    const span = spanNow();
    const held = page.codings.get(coding);
    if (!span || (span.start === held.start && span.end === held.end)) return say(t("boundary_how"));
    if (await line.ask("recode", { coding, ...span })) hold(coding);
  }

  function memo() {
    if (mode === "coding" && current) return editor.toMemo();
    const span = spanNow() ?? turnSpan(at);
    over.memo((note) => line.ask("memo", { ...span, text: note }));
  }

  // jumping ---------------------------------------------------------------------------------------------

  function toCoding(step) {
    const place_ = codings.findIndex((c) => c.guid === current);
    const next = place_ >= 0 ? codings[place_ + step] : step > 0 ? codings.find((c) => c.start >= at) : codings.findLast((c) => c.start < at);
    if (next) hold(next.guid);
    else say(t("no_more"));
  }

  function toUncoded() {
    const coded = new Set();
    for (const c of codings) {
      const [first, last] = turnsTouching(page.turns, c.start, c.end);
      for (let n = first; n <= last; n++) coded.add(n);
    }
    const bare = (turn) => !coded.has(turn.index) && turn.role !== "moderator" && turn.role !== "notulist" && (!filter.speaker || turn.label === filter.speaker);
    const word = turnBeside(page.turns, at, 1, bare);
    if (!word) return say(t("no_more"));
    place(word.start, true);
    text.scroller.focus({ preventScroll: true });
  }

  function toMemo() {
    const places = [...[...page.memos.values()], ...codings.filter((c) => c.memo)].map((one) => one.start).sort((a, b) => a - b);
    const next = places.find((start) => start > at);
    if (next === undefined) return say(t("no_more"));
    place(next, true);
    text.scroller.focus({ preventScroll: true });
  }

  function seek() {
    hits = found(page.turns, search.value);
    hit = hits.findIndex((one) => one.start >= at) - 1;
    count.textContent = search.value.trim() ? t("hits", { n: hits.length }) : "";
    side_();
  }

  function toHit(step) {
    if (!hits.length) return;
    hit = (hit + step + hits.length) % hits.length;
    count.textContent = t("hit_of", { n: hit + 1, all: hits.length });
    at = hits[hit].start;
    [picked, current, mode] = [{ anchor: hits[hit], head: hits[hit] }, null, "select"];
    text.reveal(at);
    side_();
  }

  search.addEventListener("input", seek);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") toHit(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      search.value = "";
      hits = [];
      count.textContent = "";
      text.scroller.focus({ preventScroll: true });
      side_();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // keys ------------------------------------------------------------------------------------------------

  const arrows = { ArrowRight: [1, false], ArrowLeft: [-1, false], ArrowDown: [1, true], ArrowUp: [-1, true] };
  const commands = {
    c: () => choose.input.focus(), n: () => toCoding(1), p: () => toCoding(-1), u: toUncoded, j: toMemo, m: memo, w: () => over.definition(page.book),
    r: () => current && startRecode(current), b: () => current && setBoundary(current), d: () => current && editor.toDimensions(), "?": over.help,
  };

  function withControl(event) {
    const key = event.key.toLowerCase();
    const typing = isTyping(event.target) && event.target.value;
    if (key === "s") say(t("kept"));
    else if (key === "f") search.focus();
    else if (key === "z" && !typing) line.ask(event.shiftKey ? "redo" : "undo");
    else if (key === "y" && !typing) line.ask("redo");
    else if (key === "a" && event.target === text.scroller) whole();
    else return false;
    return true;
  }

  function plainKey(event) {
    const key = event.key;
    if (key in arrows) {
      const [step, byTurn] = arrows[key];
      move(step, event.shiftKey, byTurn);
    } else if (key === "Escape") backToText();
    else if (key === "Enter") mode === "coding" ? editor.toDimensions() : choose.input.focus();
    else if ((key === "Delete" || key === "Backspace") && current) remove(current);
    else if (key === "F1") over.help();
    else if (!singleKeys || key.length !== 1) return false;
    else if (mode !== "read" && /^[1-9]$/.test(key)) {
      const recent = recentCodes(page)[Number(key) - 1];
      if (recent === undefined) return false;
      chosen(recent);
    } else if (key === "?") over.help();
    else if (mode === "select" && /\p{L}/u.test(key)) choose.type(key);
    else if (key in commands) commands[key]();
    else return false;
    return true;
  }

  root.addEventListener("keydown", (event) => {
    if (!page || event.isComposing || over.element.open) return;
    const control = event.ctrlKey || event.metaKey;
    const done = control ? withControl(event) : !event.altKey && event.target === text.scroller ? plainKey(event) : event.key === "Escape" ? (backToText(), true) : false;
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  });

  // light and dark --------------------------------------------------------------------------------------

  const dress = () => {
    root.dataset.theme = themeOf(model.get("theme"));
    text.setTheme(root.dataset.theme);
  };
  const onHeight = () => (root.style.height = model.get("height"));
  const dresser = new MutationObserver(dress);
  dresser.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  model.on("change:theme", dress);
  model.on("change:height", onHeight);
  dress();
  line.hello();

  return () => {
    model.off("change:theme", dress);
    model.off("change:height", onHeight);
    dresser.disconnect();
    cancelAnimationFrame(due);
    text.close();
    line.close();
  };
}

export default { render: codingDesk };
