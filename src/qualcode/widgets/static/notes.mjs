// Memos on the whole document and on a code: read, written anew and added in one window.

import { el, labelled, replace, shownTime } from "./parts.mjs";

/** Memos that are not on words: those on the document, or on one code (its place in the codebook). */
export const notesOn = (page, place = null) => [...page.notes.values()].filter((memo) => memo.code === (place === null ? "" : page.book.codes[place].key));

export function notes(desk, act) {
  const { t, lang, line, over, say } = desk;

  function show(place = null) {
    const code = place === null ? null : desk.page.book.codes[place];
    const area = el("textarea", { rows: 3, "aria-label": t("memo"), placeholder: t("memo_new") });
    const keep = async () => {
      if (!area.value.trim()) return area.focus();
      over.close();
      if (await line.ask("memo", { text: area.value.trim(), ...(code ? { code: code.key } : {}) })) say(t("memo_kept"));
    };
    area.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && keep());
    const list = el("ul", { class: "qc-here-list" });
    const item = (memo) => el("li", {}, el("button", { class: "qc-note", title: t("edit_memo"), onclick: () => act.openMemo(memo.guid) }, `✎ ${memo.text}`, el("span", { class: "qc-small" }, `${memo.coder} · ${shownTime(memo.at, lang)}`)));
    const there = notesOn(desk.page, place);
    replace(list, ...there.map(item));
    const title = code ? t("memos_on_code", { code: labelled(code) }) : t("memos_on_document", { document: desk.page.document });
    over.open(title, there.length ? list : el("p", { class: "qc-small" }, t("no_memos")), area, el("div", { class: "qc-buttons" }, el("button", { class: "qc-button qc-primary", onclick: keep }, t("keep"), el("kbd", {}, "Ctrl + Enter"))));
    area.focus();
  }

  /** The button that opens the window for a code, with how many there are. */
  const button = (place) => {
    const n = notesOn(desk.page, place).length;
    return el("button", { class: "qc-quiet qc-noting", onclick: () => show(place) }, n ? t("memos_on_this_code", { n }) : t("memo_on_code"));
  };
  return { show, button };
}
