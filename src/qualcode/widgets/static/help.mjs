// Windows over the coding desk: all keys, the working definition, a memo.

import { el } from "./parts.mjs";

const KEYS = [
  ["→ ←", "key_word"], ["↓ ↑", "key_turn"], ["Shift + → ← ↓ ↑", "key_extend"], ["Ctrl + A", "key_whole"], ["A–Z", "key_type"], ["Enter", "key_enter"], ["1–9", "key_recent"],
  ["c", "key_palette"], ["Ctrl + Enter", "key_invent"], ["n p", "key_codings"], ["u", "key_uncoded"], ["g", "key_unread"], ["j", "key_memos"], ["q Q", "key_queue"], ["r", "key_recode"], ["b", "key_boundary"],
  ["m", "key_memo"], [",", "key_memo_words"], ["e", "key_edit_memo"], ["M", "key_document_memo"], ["k", "key_code_memo"], ["Alt + Enter", "key_palette_memo"], ["d", "key_dimensions"], ["Delete", "key_remove"], ["Ctrl + Z", "key_undo"], ["Ctrl + Y", "key_redo"], ["Ctrl + F", "key_find"], ["/", "key_seek"], [".", "key_likely"],
  ["w", "key_definition"], ["Tab", "key_tab"], ["Esc", "key_escape"], ["? F1", "key_help"],
];

export function showHelp(over, t, { keysOn, onKeys }) {
  const box = el("input", { type: "checkbox", checked: keysOn, onchange: (event) => onKeys(event.target.checked) });
  const rows = KEYS.map(([keys, name]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, keys)), el("td", {}, t(name))));
  over.open(t("help"), el("table", { class: "qc-keys" }, el("tbody", {}, ...rows)), el("label", { class: "qc-check" }, box, t("single_keys")));
}

export function showDefinition(over, t, book) {
  const rules = book.rules.length ? [el("h3", {}, t("rules")), el("ol", {}, ...book.rules.map((rule) => el("li", {}, rule)))] : [];
  const source = book.definition_source ? el("p", { class: "qc-small" }, book.definition_source) : null;
  over.open(t("working_definition"), el("p", { class: "qc-definition" }, book.definition || t("no_definition")), source, ...rules);
}

/** Ask for the words of a memo; one that is there already can also be taken away. */
export function askMemo(over, t, { text = "", onKeep, onRemove = null }) {
  const area = el("textarea", { rows: 4, "aria-label": t("memo"), value: text });
  const done = () => {
    if (!area.value.trim()) return area.focus();
    over.close();
    onKeep(area.value.trim());
  };
  const gone = () => {
    over.close();
    onRemove();
  };
  area.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && done());
  const keep = el("button", { class: "qc-button qc-primary", onclick: done }, t("keep"), el("kbd", {}, "Ctrl + Enter"));
  over.open(t("memo_on_words"), area, el("div", { class: "qc-buttons" }, keep, onRemove ? el("button", { class: "qc-button", onclick: gone }, t("remove_memo")) : null));
  area.focus();
}
