// What the person does: each gesture is a verb of the study. It shows at once, and solid when it stands in the database.

import { askMemo } from "./help.mjs";
import { wordsOf } from "./offsets.mjs";

const READ_EVERY = 15_000;
// milliseconds: most answers come within two frames, and a frame drawn before them would only hold them up
const AT_ONCE = 25;
// milliseconds: for an answer sooner than this, drawing label and stripe twice would only make it come later and flicker
const SOON = 60;

export function acting(desk, walk) {
  const { t, line, say, hand, over } = desk;
  const unsent = new Set(); // numbers of turns that were read but not yet kept
  let timer = 0;
  let guesses = 0;

  // coding ----------------------------------------------------------------------------------------------

  async function choose(place) {
    const code = desk.page.book.codes[place];
    if (hand.recoding) return recodeTo(code);
    const span = walk.spanNow();
    if (!span) return say(t("select_first"));
    desk.choose.clear();
    walk.toText();
    await optimistic({ ...span, code: place }, () => line.ask("code", { ...span, code: code.key }));
  }

  const waits = new Set(); // spans that are being coded
  const underline = () => desk.text.setMarks({ waiting: [...waits] });

  /** Show a coding as waiting until the study confirms it: dots under its words at once, its colour and label when that takes longer than a person sees. */
  async function optimistic(coding, ask) {
    const guid = `pending-${++guesses}`;
    const soon = setTimeout(() => {
      waits.add(coding);
      underline();
    }, AT_ONCE);
    const late = setTimeout(() => {
      desk.pending.set(guid, { guid, coder: desk.page.coder, layer: desk.page.layer, at: "", memo: "", dimensions: {}, ...coding });
      desk.changed({ fresh: [desk.pending.get(guid)] });
    }, SOON);
    await ask();
    clearTimeout(soon);
    clearTimeout(late);
    if (waits.delete(coding)) underline();
    if (desk.pending.delete(guid)) desk.changed({ gone: [guid] });
  }

  async function recodeTo(code) {
    const coding = hand.recoding;
    hand.recoding = null;
    desk.choose.clear();
    if ((await line.ask("recode", { coding, code: code.key })) && desk.queue) return stepQueue(1);
    walk.hold(coding);
  }

  async function invent(name) {
    const span = walk.spanNow();
    if (!span || hand.recoding) return say(t("select_first"));
    const words = name || wordsOf(desk.page.turns, span.start, span.end);
    desk.choose.clear();
    walk.toText();
    await line.ask("invent", { ...span, name: words.slice(0, 80) });
  }

  async function remove(coding) {
    walk.place(desk.page.codings.get(coding)?.start ?? hand.at, false);
    walk.toText();
    if (await line.ask("uncode", { coding })) say(t("removed"));
  }

  function startRecode(coding) {
    hand.recoding = coding;
    desk.choose.clear();
    desk.drawHand();
    desk.choose.input.focus();
  }

  async function setBoundary(coding) {
    const span = walk.spanNow();
    const held = desk.page.codings.get(coding);
    if (!span || (span.start === held.start && span.end === held.end)) return say(t("boundary_how"));
    if (await line.ask("recode", { coding, ...span })) walk.hold(coding);
  }

  // memos -----------------------------------------------------------------------------------------------

  function memo() {
    if (hand.mode === "coding" && hand.current) return desk.editor.toMemo();
    const span = walk.spanNow() ?? walk.turnSpan(hand.at);
    askMemo(over, t, { onKeep: (text) => line.ask("memo", { ...span, text }) });
  }

  function openMemo(guid) {
    const held = desk.page.memos.get(guid) ?? desk.page.notes.get(guid);
    if (!held) return;
    walk.toText(); // where the focus comes back: the memo's own button may be gone by then
    askMemo(over, t, {
      text: held.text,
      onKeep: (text) => line.ask("edit_memo", { memo: guid, text }),
      onRemove: async () => (await line.ask("remove_memo", { memo: guid })) && say(t("memo_removed")),
    });
  }

  // reading ---------------------------------------------------------------------------------------------

  function saw(indexes) {
    if (!desk.page) return;
    for (const { number } of indexes.map((index) => desk.page.turns[index]).filter(Boolean)) {
      if (!number || desk.page.seen.has(number)) continue;
      desk.page.seen.add(number);
      unsent.add(number);
    }
    if (unsent.size) timer ||= setTimeout(keepRead, READ_EVERY);
    desk.measure();
  }

  /** Keep what was read, once in a while and before the page goes; reading is no gesture, so nothing waits for it. */
  async function keepRead() {
    clearTimeout(timer);
    timer = 0;
    if (!unsent.size) return;
    const turns = [...unsent];
    unsent.clear();
    await line.ask("read", { document: desk.page.document, turns });
  }

  async function open(name) {
    await keepRead();
    return line.ask("open", { document: name });
  }

  // the codings that wait to be coded again --------------------------------------------------------------

  async function startQueue(code) {
    const answer = await line.ask("queue", code ? { code } : {});
    if (!answer) return;
    desk.queue = answer.queue.length ? { items: answer.queue, at: -1 } : null;
    if (!desk.queue) say(t("queue_empty"));
    await stepQueue(1);
  }

  /** Go to the next coding of the queue that is still there. */
  async function stepQueue(step) {
    const queue = desk.queue;
    if (!queue) return;
    for (let at = queue.at + step; at >= 0 && at < queue.items.length; at += step) {
      const [guid, name] = queue.items[at];
      if (name !== desk.page.document) await open(name);
      if (!desk.page.codings.has(guid)) continue;
      queue.at = at;
      walk.hold(guid);
      return desk.bars.measure();
    }
    say(t("no_more"));
  }

  function stopQueue() {
    desk.queue = null;
    walk.letGo();
    desk.bars.measure();
  }

  addEventListener("pagehide", keepRead);
  const close = () => {
    keepRead();
    removeEventListener("pagehide", keepRead);
  };
  return { choose, invent, remove, startRecode, setBoundary, memo, openMemo, saw, keepRead, open, startQueue, stepQueue, stopQueue, close };
}
