// The consensus desk: the differences in a list, the two readings beside each other, one key to choose.

import { frame } from "./frame.mjs";
import { listing } from "./listing.mjs";
import { el, icon, isTyping, keepTyping, labelled, replace } from "./parts.mjs";
import { lines, reading } from "./reading.mjs";

const TAKES = [["a", "a"], ["b", "b"], ["both", "s"], ["neither", "g"], ["new", "n"]];

function consensusDesk(context) {
  const edge = frame(context, { onPage, onPatch });
  const { t, root, line, say, over } = edge;
  let page = null;
  let held = null; // key of the difference in hand
  let pair = null; // [code, code] the list is narrowed to
  let kind = "";
  let place = "";
  let openOnly = false;
  let nameless = false;

  const title = el("strong", {});
  const progress = el("span", { class: "qc-small", role: "status" });
  const documents = el("select", { "aria-label": t("pick_document"), onchange: (event) => ((place = event.target.value), drawList()) });
  const kinds = el("select", { "aria-label": t("pick_kind"), onchange: (event) => ((kind = event.target.value), drawList()) });
  const check = (label, act) => el("label", { class: "qc-check" }, el("input", { type: "checkbox", onchange: (event) => act(event.target.checked) }), t(label));
  const notice = el("p", { class: "qc-notice", hidden: true });
  const map = el("div", { class: "qc-map", role: "group", "aria-label": t("which_for_which") });
  const list = listing({ label: t("differences"), onChoose: (key) => ((held = key), drawMatter()) });
  const matter = el("div", { class: "qc-matter", tabindex: -1 });
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
      title, progress, el("span", { class: "qc-gap" }), documents, kinds, check("open_only", (on) => ((openOnly = on), drawList())), check("hide_names", (on) => ((nameless = on), draw())),
      el("button", { class: "qc-button", onclick: () => line.ask("agree") }, t("take_agreed")),
      icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    notice,
    el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, map, list.element), matter),
  );
  edge.hint(t("hint_consensus"));

  function onPage(content) {
    page = content;
    notice.textContent = page.notice;
    notice.hidden = !page.notice;
    const option = (value, label) => el("option", { value }, label);
    replace(documents, option("", t("all_documents")), ...[...new Set(page.differences.map((one) => one.document))].map((name) => option(name, name)));
    replace(kinds, option("", t("all_kinds")), ...[...new Set(page.differences.map((one) => one.kind))].map((name) => option(name, name)));
    documents.value = place;
    kinds.value = kind;
    if (!page.differences.some(({ key }) => key === held)) held = page.differences[0]?.key ?? null;
    draw();
    edge.ready();
  }

  function onPatch(message, _, mine) {
    Object.assign(page.chosen, message.chosen ?? {});
    if (mine && message.said) say(message.said);
    if (message.pair) pair = message.pair;
    draw();
  }

  const who = (side) => (nameless ? t(side ? "coder_b" : "coder_a") : page.coders[side]);
  const takeOf = (one) => page.chosen[one.key]?.[0] ?? null;
  const sames = (one) => !pair || (one.sides[0].code === pair[0] && one.sides[1].code === pair[1]);
  const shown = () => page.differences.filter((one) => sames(one) && (!kind || one.kind === kind) && (!place || one.document === place) && (!openOnly || !takeOf(one)));
  const codeOf = (id) => page.book.codes.find((code) => code.id === id);

  function draw() {
    title.textContent = `${who(0)} – ${who(1)}, ${page.layer}`;
    const done = page.differences.filter(takeOf).length;
    progress.textContent = t("decided_of", { n: done, all: page.differences.length });
    drawMap();
    drawList();
  }

  /** Which code stood for which, most often first: a click narrows the list. */
  function drawMap() {
    const times = new Map();
    for (const one of page.differences) {
      const key = JSON.stringify(one.sides.map(({ code }) => code));
      if (one.sides[0].code !== one.sides[1].code) times.set(key, (times.get(key) ?? 0) + 1);
    }
    const rows = [...times].sort((a, b) => b[1] - a[1]).filter(([, n]) => n > 1 || times.size < 12);
    const button = ([key, n]) => {
      const codes = JSON.parse(key);
      const on = pair && JSON.stringify(pair) === key;
      return el("button", { class: "qc-button qc-chosen", "aria-pressed": String(Boolean(on)), onclick: () => ((pair = on ? null : codes), draw()) }, `${codes[0] || "–"} ↔ ${codes[1] || "–"} ${n}×`);
    };
    const all = pair ? el("button", { class: "qc-quiet", onclick: () => ((pair = null), draw()) }, t("show_all")) : null;
    replace(map, el("h3", {}, t("which_for_which")), ...rows.map(button), all);
  }

  function drawList() {
    const rows = shown();
    if (!rows.some(({ key }) => key === held)) held = rows[0]?.key ?? null;
    list.show(rows.map((one) => ({
      key: one.key,
      mark: takeOf(one) ? "qc-done" : "",
      parts: [el("span", { class: "qc-small" }, `${one.document} ${one.turn}`), el("span", { class: "qc-what" }, one.sides[0].code === one.sides[1].code ? `${one.sides[0].code} · ${one.kind}` : `${one.sides[0].code || "–"} ↔ ${one.sides[1].code || "–"}`), el("span", { class: "qc-small" }, mark(one))],
    })), held, t("no_differences"));
    drawMatter();
  }

  const mark = (one) => (!takeOf(one) ? "" : page.chosen[one.key][4] ? `⟳ ${t("again")}` : `✓ ${t(`take_${takeOf(one)}`)}`);

  // one difference ----------------------------------------------------------------------------------------

  let reason = null;
  let memo = null;

  function drawMatter() {
    const one = page.differences.find(({ key }) => key === held);
    if (!one) return replace(matter, el("p", { class: "qc-none" }, t("no_differences")));
    if (matter.dataset.key !== one.key) reason = memo = null;
    matter.dataset.key = one.key;
    keepTyping(matter, () => {
      const [take, by, why, note] = page.chosen[one.key] ?? [];
      reason = el("textarea", { rows: 2, "data-field": "reason", value: why ?? "" });
      memo = el("textarea", { rows: 2, "data-field": "memo", value: note ?? "" });
      replace(matter,
        el("h2", {}, t("difference_in", { document: one.document, turn: one.turn })),
        el("p", { class: "qc-small" }, one.kind, take ? ` · ${t("chosen_by", { take: t(`take_${take}`), coder: by })}` : ""),
        el("div", { class: "qc-sides" }, side(one, 0, take), side(one, 1, take)),
        one.rule ? el("p", { class: "qc-rule" }, el("strong", {}, t("decision_rule")), " ", one.rule) : null,
        el("div", { class: "qc-two" }, el("label", { class: "qc-field" }, el("span", {}, t("reason")), reason), el("label", { class: "qc-field" }, el("span", {}, t("memo")), memo)),
        el("div", { class: "qc-take", role: "group", "aria-label": t("choose") }, ...TAKES.filter(([name]) => possible(one, name)).map(([name, key]) =>
          el("button", { class: `qc-button ${take === name ? "qc-primary" : ""}`, "data-take": name, onclick: () => choose(one, name) }, takeLabel(one, name), el("kbd", {}, key)))));
    });
  }

  const takeLabel = (one, take) => (take === "a" || take === "b" ? `${who(take === "a" ? 0 : 1)}: ${one.sides[take === "a" ? 0 : 1].code}` : t(`take_${take}`));
  const possible = (one, take) => (take === "a" ? one.sides[0].code : take === "b" ? one.sides[1].code : take === "both" ? one.sides[0].code && one.sides[1].code : true);

  function side(one, number, take) {
    const { code, spans, memo: note } = one.sides[number];
    const known = codeOf(code);
    const taken = take === (number ? "b" : "a") || take === "both";
    const values = Object.entries(one.dimensions).map(([name, held_]) => el("p", { class: "qc-small" }, `${name}: ${held_[number] ?? "–"}`));
    return el("section", { class: `qc-side-of ${taken ? "qc-taken" : ""}`, "aria-label": who(number) },
      el("p", { class: "qc-small" }, who(number)), el("h3", {}, known ? labelled(known) : t("nothing_coded")),
      known?.definition ? el("p", { class: "qc-small" }, known.definition) : null, ...values, reading(one.turns, spans), note ? el("p", {}, el("em", {}, note)) : null);
  }

  async function choose(one, take) {
    if (take === "new") return askNew(one);
    if (take === "neither" && !reason.value.trim()) {
      say(t("reason_first"));
      return reason.focus();
    }
    const done = await line.ask("choose", { difference: one.key, take, reason: reason.value, memo: memo.value });
    if (done) onward();
  }

  /** After a choice: the next difference that is open. */
  function onward() {
    const rows = shown();
    const at = rows.findIndex(({ key }) => key === held);
    const next = rows.slice(at + 1).find((one) => !takeOf(one)) ?? rows.find((one) => !takeOf(one));
    if (next) list.choose(next.key);
    list.element.focus();
  }

  /** Another range or another code: words are selected in a field of their own, with the mouse or with Shift and the arrows. */
  function askNew(one) {
    const { text, place: at, unit } = lines(one.turns);
    const words = el("textarea", { rows: 7, class: "qc-wide", "aria-readonly": "true", value: text, "aria-label": t("select_words"), onbeforeinput: (event) => event.preventDefault() });
    const codes = el("select", { class: "qc-wide", "aria-label": t("code") }, ...page.book.codes.filter((code) => code.codable && !code.retired).map((code) => el("option", { value: code.key }, code.path)));
    codes.value = codeOf(one.sides[0].code || one.sides[1].code)?.key ?? codes.value;
    const why = el("textarea", { rows: 2, class: "qc-wide", value: reason.value, "aria-label": t("reason") });
    over.ask(t("take_new"), [el("label", { class: "qc-field" }, el("span", {}, t("select_words")), words), el("label", { class: "qc-field" }, el("span", {}, t("code")), codes), el("label", { class: "qc-field" }, el("span", {}, t("reason")), why)], t("keep"), () => {
      const span = words.selectionEnd > words.selectionStart ? { start: at(words.selectionStart), end: at(words.selectionEnd) } : {};
      if (!why.value.trim()) {
        why.focus();
        return false;
      }
      line.ask("choose", { difference: one.key, take: "new", code: codes.value, ...span, reason: why.value, memo: memo.value }).then((done) => done && onward());
    });
    words.focus();
    words.setSelectionRange(unit(one.start), unit(one.end));
  }

  root.addEventListener("keydown", (event) => {
    if (edge.control(event, { search: list.element, kept: t("kept_choices") })) event.preventDefault();
    else if (event.key === "Escape" && isTyping(event.target)) list.element.focus();
    else if (!isTyping(event.target) && !event.target.matches("select") && !event.ctrlKey && !event.metaKey && !event.altKey && !over.isOpen()) {
      const one = page?.differences.find(({ key }) => key === held);
      const take = TAKES.find(([, key]) => key === event.key)?.[0];
      if (one && take && possible(one, take)) choose(one, take);
      else if (one && event.key === "r") reason.focus();
      else if (one && event.key === "m") memo.focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
  });

  line.hello();
  return edge.leave;
}

export default { render: consensusDesk };
