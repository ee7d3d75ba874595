// The report desk: a list of sections to walk through, and beside it why one is not agreed on and which quotes there are.

import { frame } from "./frame.mjs";
import { el, icon, replace, shownTime } from "./parts.mjs";

const SIGNS = { leeg: "○", concept: "◐", "te herzien": "!", akkoord: "●" };

function reportDesk(context) {
  let page = null;
  let chosen = null; // name of the section in hand
  let quotes = null;
  let talks = [];
  const edge = frame(context, {
    onPage: (content) => {
      page = content;
      if (!page.sections.some(({ section }) => section === chosen)) chosen = page.sections[0]?.section ?? null;
      if (page.trouble) edge.trouble(page.trouble);
      drawAll();
      if (!quotes) opened();
      edge.ready();
    },
    onPatch: (message, _, mine) => {
      if (mine && message.said) edge.say(message.said);
      if (mine && message.candidates && message.section === chosen) {
        quotes = message.candidates;
        talks = message.talks;
        drawQuotes();
      }
    },
  });
  const { t, lang, root, line } = edge;

  const name = el("strong", {});
  const tally = el("span", { class: "qc-small" });
  const list = el("div", { class: "qc-sections", role: "listbox", "aria-label": t("report_sections") });
  const side = el("div", { class: "qc-side" });
  const found = el("div", { class: "qc-quotes" });
  const button = (label, act) => el("button", { class: "qc-button", onclick: act }, t(label));
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
      name, tally, el("span", { class: "qc-gap" }), button("report_again", () => line.ask("again")),
      icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    el("div", { class: "qc-report" }, list, el("div", { class: "qc-beside" }, side, found)),
  );
  edge.hint(t("report_hint"));

  // the quote desk shows what there is to choose from at once
  const opened = () => page.opens === "quotes" && chosen && line.ask("quotes", { section: chosen });
  const inHand = () => page.sections.find(({ section }) => section === chosen);

  function drawAll() {
    const focused = list.contains(document.activeElement);
    name.textContent = page.name;
    const { leeg = 0, concept = 0, akkoord = 0 } = page.counts;
    tally.textContent = page.sections.length ? t("report_tally", { leeg, concept, stale: page.counts["te herzien"] ?? 0, akkoord }) : "";
    replace(list, ...page.sections.map(row));
    if (focused) list.querySelector("[aria-selected='true']")?.focus();
    drawSide();
  }

  function row(one) {
    const held = one.section === chosen;
    return el("div", {
      class: "qc-section", role: "option", tabindex: held ? 0 : -1, "aria-selected": String(held), "data-section": one.section, "data-state": one.state, onclick: () => choose(one.section),
    }, el("span", { class: "qc-sign", "aria-hidden": "true" }, SIGNS[one.state]), el("span", { class: "qc-title" }, one.title), el("span", { class: "qc-state" }, one.state));
  }

  function choose(section) {
    chosen = section;
    quotes = null;
    drawAll();
    opened();
    list.querySelector("[aria-selected='true']")?.focus();
  }

  function drawSide() {
    const one = inHand();
    replace(found);
    if (!one) return replace(side);
    const changed = one.changed.map(([ref, was, now]) => el("tr", {}, el("th", { scope: "row" }, ref), el("td", {}, el("del", {}, was)), el("td", {}, el("ins", {}, now))));
    replace(side,
      el("h2", {}, one.title), el("p", { class: "qc-small" }, t("report_file", { file: `${page.folder}/${one.file}`, words: one.words })),
      el("p", { class: "qc-why", "data-state": one.state }, one.state === "akkoord" ? t("report_by", { by: one.by ?? "", at: shownTime(one.at, lang) }) : one.why),
      changed.length ? el("table", { class: "qc-numbers" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("report_ref")), el("th", { scope: "col" }, t("report_was")), el("th", { scope: "col" }, t("report_now")))), el("tbody", {}, ...changed)) : null,
      el("div", { class: "qc-buttons" },
        one.state === "leeg" || one.state === "akkoord" ? null : button("report_agree", agree),
        button("report_quotes", () => line.ask("quotes", { section: chosen }))));
    if (quotes) drawQuotes();
  }

  const agree = () => {
    const one = inHand();
    if (one && one.state !== "leeg" && one.state !== "akkoord") line.ask("agree", { section: chosen });
  };

  function drawQuotes() {
    if (!quotes.length && !talks.length) return replace(found, el("p", { class: "qc-none" }, t("report_no_quotes")));
    const part = (title, cards) => (cards.length ? [el("h3", {}, t(title)), ...cards] : []);
    replace(found, ...part("report_quotes", quotes.map(card)), ...part("report_talks", talks.map(talkCard)));
  }

  function talkCard(talk) {
    return el("article", { class: "qc-card", "data-ref": talk.ref },
      ...talk.turns.map(([who, text]) => el("p", {}, el("strong", {}, `${who}: `), text)),
      el("p", { class: "qc-small" }, talk.session, " · ", t("report_talk_place"), " ", el("code", {}, talk.placeholder)));
  }

  function card(quote) {
    const edited = el("textarea", { rows: 3, value: quote.edited || quote.text, "aria-label": t("report_edited", { ref: quote.ref }) });
    const decision = el("input", { type: "text", value: quote.decision, placeholder: t("report_decision"), "aria-label": t("report_decision") });
    const keep = (sort) => line.ask("choose", { ref: quote.ref, sort, edited: edited.value === quote.text ? "" : edited.value, decision: decision.value }).then((done) => done && line.ask("quotes", { section: chosen }));
    return el("article", { class: "qc-card", "data-ref": quote.ref },
      el("p", {}, "“", quote.text, "” ", el("span", { class: "qc-small" }, `${quote.session}, ${quote.participant}`)),
      quote.sensitive ? el("p", { class: "qc-warn" }, t("report_sensitive")) : null,
      el("details", {}, el("summary", {}, t("report_readable")), edited, decision),
      el("div", { class: "qc-buttons" }, ...page.sorts.map((sort) => el("button", { class: "qc-button", "aria-pressed": String(quote.sort === sort), onclick: () => keep(sort) }, sort)), el("code", {}, quote.placeholder)));
  }

  list.addEventListener("keydown", (event) => {
    const at = page.sections.findIndex(({ section }) => section === chosen);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: page.sections.length - 1 }[event.key];
    if (to !== undefined) page.sections[to] && choose(page.sections[to].section);
    else if (event.key === "Enter") agree();
    else if (event.key.toLowerCase() === "c" && !event.ctrlKey && !event.metaKey) line.ask("quotes", { section: chosen });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("keydown", (event) => {
    if (!edge.control(event, { search: list, kept: t("report_kept") })) return;
    event.preventDefault();
    event.stopPropagation();
  });
  line.hello();
  return edge.leave;
}

export default { render: reportDesk };
