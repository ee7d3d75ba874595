// From what a person selects with the mouse to a span of the text.

import { spanOf, toPoint } from "./offsets.mjs";

/** Watch selections made in `list`; `nodes` gives the text node of each turn. */
export function selecting({ scroller, list, turns, nodes, onSelect, onPlace }) {
  function placeOf(node, offset) {
    const row = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".qc-turn");
    if (node.nodeType === Node.TEXT_NODE && row && nodes()[row.dataset.turn] === node) return { turn: Number(row.dataset.turn), unit: offset };
    // a boundary beside the words: the nearest place in the text before it
    const probe = document.createRange();
    probe.setStart(node, offset);
    const all = nodes();
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (probe.comparePoint(all[middle], 0) <= 0) low = middle + 1;
      else high = middle;
    }
    return low ? { turn: low - 1, unit: all[low - 1].length } : { turn: 0, unit: 0 };
  }

  function look() {
    const selection = scroller.getRootNode().getSelection?.() ?? document.getSelection();
    if (!selection.rangeCount || !list.contains(selection.anchorNode) || !turns().length) return;
    if (selection.isCollapsed) {
      const { turn, unit } = placeOf(selection.anchorNode, selection.anchorOffset);
      return onPlace(toPoint(turns()[turn], unit), false);
    }
    const range = selection.getRangeAt(0);
    const span = spanOf(turns(), placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset));
    if (span) onSelect(span);
  }

  let pressed = false;
  list.addEventListener("pointerdown", () => (pressed = true));
  const released = () => {
    if (!pressed) return;
    pressed = false;
    // the browser sets the selection after this event
    requestAnimationFrame(look);
  };
  document.addEventListener("pointerup", released);
  return {
    clear: () => document.getSelection()?.removeAllRanges(),
    close: () => document.removeEventListener("pointerup", released),
  };
}
