// The margin of a turn: a stripe for each coding that passes through, and the label of each that begins here.

import { dotOf, el, labelled, replace, stripe } from "./parts.mjs";

const LANE = 9;
const CHIP = 26;

export function margins({ t, onCoding, onPlace }) {
  const tip = (codes, coding) => `${labelled(codes[coding.code])} · ${coding.coder}`;

  function bar(codes, { coding, top, height, lane }, pending) {
    const made = el("div", { class: "qc-stripe", "data-coding": coding.guid, title: tip(codes, coding), onclick: () => onCoding(coding.guid) });
    made.classList.toggle("qc-pending", pending);
    Object.assign(made.style, { top: `${top}px`, height: `${height}px`, left: `${lane * LANE + 3}px`, background: stripe(codes[coding.code].hue) });
    return made;
  }

  function chip(codes, coding, pending) {
    const code = codes[coding.code];
    const made = el("button", { class: "qc-chip", tabindex: -1, title: tip(codes, coding), "data-chip": coding.guid, onclick: () => onCoding(coding.guid) }, dotOf(code), code.id || code.name.slice(0, 8));
    made.classList.toggle("qc-pending", pending);
    return made;
  }

  /** Draw a margin: `stripes` are {coding, top, height, lane} in pixels, `room` the height of the turn. */
  return (cell, { codes, turn, stripes, room, memos, isPending }) => {
    const beginning = stripes.filter(({ coding }) => coding.start >= turn.start);
    const lanes = Math.max(0, ...stripes.map(({ lane }) => lane + 1));
    const most = Math.max(2, Math.floor(room / CHIP) * 2);
    const fitting = beginning.length > most ? beginning.slice(0, most - 1) : beginning;
    const chips = el("div", { class: "qc-chips" }, ...fitting.map(({ coding }) => chip(codes, coding, isPending(coding.guid))));
    chips.style.left = `${lanes * LANE + 7}px`;
    if (beginning.length > fitting.length) chips.append(el("button", { class: "qc-chip", tabindex: -1, onclick: () => onPlace(turn.start, true) }, `+${beginning.length - fitting.length}`));
    for (const memo of memos) chips.append(el("button", { class: "qc-chip qc-memo", tabindex: -1, title: memo.text, "aria-label": t("memo_here"), onclick: () => onPlace(memo.start, true) }, "✎"));
    replace(cell, ...stripes.filter(({ lane }) => lane >= 0).map((one) => bar(codes, one, isPending(one.coding.guid))), chips);
  };
}
