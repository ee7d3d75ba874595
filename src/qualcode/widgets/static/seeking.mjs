// Searching the study: one question in the language of queries, its answers a line each with the words around them and what they are coded with.

import { listing } from "./listing.mjs";
import { el } from "./parts.mjs";

export function seeking(desk, walk, act) {
  const { t, line } = desk;
  const question = el("input", { type: "text", class: "qc-input qc-question", "aria-label": t("seek_label"), placeholder: t("seek_hint"), spellcheck: "false" });
  const everywhere = el("select", { "aria-label": t("seek_where"), onchange: () => question.value.trim() && ask() }, el("option", { value: "" }, t("seek_here")), el("option", { value: "1" }, t("seek_everywhere")));
  const state = el("span", { class: "qc-small", role: "status" });
  const list = listing({ label: t("seek_answers"), onChoose: go });
  const how = el("details", { class: "qc-small" }, el("summary", {}, t("seek_how")), ...t("seek_examples").split("\n").map((one) => el("p", {}, one)));
  const element = el("section", { class: "qc-seeking", hidden: true, "aria-label": t("seek_label") },
    el("div", { class: "qc-bar" }, question, everywhere, el("button", { class: "qc-button", onclick: ask }, t("seek")), state, el("span", { class: "qc-gap" }), el("button", { class: "qc-icon", "aria-label": t("close"), title: `${t("close")} (Esc)`, onclick: close }, "✕")),
    how, list.element);
  list.element.hidden = true;
  let rows = [];
  let asked = 0;

  async function ask() {
    const text = question.value.trim();
    if (!text) return question.focus();
    state.textContent = t("seek_busy");
    rows = [];
    const answer = await line.ask("find", { text, everywhere: everywhere.value === "1" });
    if (answer) asked = answer.req;
    else state.textContent = "";
  }

  function answered(found) {
    if (element.hidden || found.asked < asked) return;
    state.textContent = found.trouble ?? t(found.all > found.rows.length ? "seek_more" : "seek_found", { n: found.all, shown: found.rows.length, documents: found.documents });
    rows = found.rows ?? [];
    list.element.hidden = Boolean(found.trouble);
    list.show(rows.map((row, n) => ({
      key: String(n),
      mark: "qc-line",
      parts: [el("span", { class: "qc-small" }, `${row.document} ${row.turn} ${row.speaker}`), el("span", { class: "qc-left" }, row.left), el("mark", {}, row.hit), el("span", { class: "qc-right" }, row.right), el("span", { class: "qc-small qc-codes" }, row.codes.replaceAll("|", " ") || t("uncoded"))],
    })), null, t("seek_nothing"));
    if (rows.length) list.element.focus();
  }

  async function go(key) {
    const row = rows[Number(key)];
    if (!row) return;
    if (row.document !== desk.page.document) await act.open(row.document);
    if (row.document === desk.page.document) walk.show({ start: row.start, end: row.end });
  }

  function open() {
    element.hidden = false;
    if (!question.value) question.value = desk.bars.search.value.trim();
    question.focus();
    question.select();
  }

  function close() {
    element.hidden = true;
    walk.toText();
  }

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === question) ask();
    else if (event.key === "Enter" && event.target === list.element) walk.toText();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element, open, close, answered };
}
