// A list to walk along with the arrows: one row in hand, all others a step away.

import { el, replace } from "./parts.mjs";

let lists = 0;

export function listing({ label, onChoose }) {
  const id = `qcl${++lists}`;
  const element = el("div", { class: "qc-list", role: "listbox", tabindex: 0, "aria-label": label });
  let rows = [];
  let at = -1;

  function hold(place, scroll = true) {
    element.children[at]?.setAttribute?.("aria-selected", "false");
    at = rows.length ? Math.max(0, Math.min(place, rows.length - 1)) : -1;
    const row = element.children[at];
    element.setAttribute("aria-activedescendant", at < 0 ? "" : row.id);
    if (at < 0) return;
    row.setAttribute("aria-selected", "true");
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
  const choose = (place) => {
    hold(place);
    onChoose(rows[at]?.key ?? null);
  };
  element.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -rows.length, End: rows.length };
    if (!(event.key in steps) || event.ctrlKey || event.altKey) return;
    choose(at + steps[event.key]);
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element,
    choose: (key) => choose(rows.findIndex((row) => row.key === key)),
    step: (by) => choose(at + by),
    /** Show rows `{key, parts, mark}`; the one in hand stays in hand. */
    show: (next, key, empty) => {
      rows = next;
      replace(element, ...rows.map((row, n) => el("div", { class: `qc-item ${row.mark ?? ""}`, role: "option", id: `${id}-${n}`, "aria-selected": "false", "data-key": row.key, onclick: () => choose(n) }, ...row.parts)));
      if (!rows.length) element.append(el("p", { class: "qc-none", role: "option", "aria-selected": "false" }, empty));
      hold(rows.findIndex((row) => row.key === key), false);
    },
  };
}
