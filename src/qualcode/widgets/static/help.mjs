// Windows over the desk: all keys, the working definition, a memo.

import { el, replace } from "./parts.mjs";

const KEYS = [
  ["→ ←", "key_word"], ["↓ ↑", "key_turn"], ["Shift + → ← ↓ ↑", "key_extend"], ["Ctrl + A", "key_whole"], ["A–Z", "key_type"], ["Enter", "key_enter"], ["1–9", "key_recent"],
  ["c", "key_palette"], ["Ctrl + Enter", "key_invent"], ["n p", "key_codings"], ["u", "key_uncoded"], ["j", "key_memos"], ["r", "key_recode"], ["b", "key_boundary"], ["m", "key_memo"], ["d", "key_dimensions"],
  ["Delete", "key_remove"], ["Ctrl + Z", "key_undo"], ["Ctrl + Y", "key_redo"], ["Ctrl + F", "key_find"], ["w", "key_definition"], ["Esc", "key_escape"], ["?", "key_help"],
];

export function windows({ t, keysOn, onKeys }) {
  const inside = el("div", { class: "qc-window-text" });
  const dialog = el("dialog", { class: "qc-window" }, inside);
  const close = () => dialog.close();
  let before = null;
  dialog.addEventListener("close", () => before?.focus());
  // showModal puts the dialog above everything, so a click on the backdrop lands on the dialog itself
  dialog.addEventListener("click", (event) => event.target === dialog && close());

  function open(title, ...parts) {
    before = document.activeElement;
    dialog.setAttribute("aria-label", title);
    replace(inside, el("div", { class: "qc-detail-head" }, el("h2", {}, title), el("button", { class: "qc-icon", "aria-label": t("close"), onclick: close }, "✕")), ...parts);
    if (!dialog.open) dialog.showModal();
  }

  return {
    element: dialog,
    close,
    help: () => {
      const box = el("input", { type: "checkbox", checked: keysOn(), onchange: (event) => onKeys(event.target.checked) });
      const rows = KEYS.map(([keys, name]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, keys)), el("td", {}, t(name))));
      open(t("help"), el("table", { class: "qc-keys" }, el("tbody", {}, ...rows)), el("label", { class: "qc-check" }, box, t("single_keys")));
    },
    definition: (book) => {
      const rules = book.rules.length ? [el("h3", {}, t("rules")), el("ol", {}, ...book.rules.map((rule) => el("li", {}, rule)))] : [];
      open(t("working_definition"), el("p", { class: "qc-definition" }, book.definition || t("no_definition")), book.definition_source ? el("p", { class: "qc-small" }, book.definition_source) : null, ...rules);
    },
    memo: (onDone) => {
      const text = el("textarea", { rows: 4, "aria-label": t("memo") });
      const done = () => {
        if (!text.value.trim()) return text.focus();
        close();
        onDone(text.value.trim());
      };
      text.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && done());
      open(t("memo_on_words"), text, el("div", { class: "qc-buttons" }, el("button", { class: "qc-button qc-primary", onclick: done }, t("keep"), el("kbd", {}, "Ctrl + Enter"))));
      text.focus();
    },
  };
}
