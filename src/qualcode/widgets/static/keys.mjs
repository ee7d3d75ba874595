// The keyboard of the coding desk: in the text every key is a gesture, in a field it writes.

import { showDefinition } from "./help.mjs";
import { recentCodes } from "./state.mjs";

const ARROWS = { ArrowRight: [1, false], ArrowLeft: [-1, false], ArrowDown: [1, true], ArrowUp: [-1, true] };

/** Returns what takes a keydown and tells whether it was for the desk. */
export function keyboard(desk, walk, act, control) {
  const { hand, over, t } = desk;
  const letters = {
    c: () => desk.choose.input.focus(), n: () => walk.toCoding(1), p: () => walk.toCoding(-1), u: walk.toUncoded, g: walk.toUnread, j: walk.toMemo,
    q: () => (desk.queue ? act.stepQueue(1) : act.startQueue()), Q: () => act.stepQueue(-1), m: act.memo, ",": act.memo, M: () => desk.notes.show(), "/": () => desk.seek.open(), ".": () => desk.guess.begin(), e: () => desk.here.first() && act.openMemo(desk.here.first()),
    w: () => showDefinition(over, t, desk.page.book), "?": desk.help,
    k: () => hand.current && desk.notes.show(desk.page.codings.get(hand.current).code),
    r: () => hand.current && act.startRecode(hand.current), b: () => hand.current && act.setBoundary(hand.current), d: () => hand.current && desk.editor.toDimensions(),
  };

  function inText(event) {
    const key = event.key;
    if (key in ARROWS) walk.move(ARROWS[key][0], event.shiftKey, ARROWS[key][1]);
    else if (key === "Escape") walk.back();
    else if (key === "Enter") hand.mode === "coding" ? desk.editor.toDimensions() : desk.choose.input.focus();
    else if ((key === "Delete" || key === "Backspace") && hand.current) act.remove(hand.current);
    else if (key === "F1") desk.help();
    else if (!desk.singleKeys || key.length !== 1) return false;
    else return letter(key);
    return true;
  }

  function letter(key) {
    if (hand.mode !== "read" && /^[1-9]$/.test(key)) {
      const recent = recentCodes(desk.page)[Number(key) - 1];
      if (recent === undefined) return false;
      act.choose(recent);
    } else if (key !== "?" && hand.mode === "select" && /\p{L}/u.test(key)) desk.choose.type(key);
    else if (key in letters) letters[key]();
    else return false;
    return true;
  }

  return (event) => {
    if (!desk.page || event.isComposing || over.isOpen()) return false;
    if (control(event, { search: desk.bars.search, kept: t("kept") })) return true;
    const inIt = event.target === desk.text.scroller;
    if (event.ctrlKey || event.metaKey) return inIt && event.key.toLowerCase() === "a" && (walk.whole(), true);
    if (!event.altKey && inIt) return inText(event);
    return event.key === "Escape" && (walk.back(), true);
  };
}
