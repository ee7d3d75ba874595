// Two views of the review desk: the framework matrix, and who signed what.

import { listing } from "./listing.mjs";
import { el, keepTyping, replace, shownTime } from "./parts.mjs";

export function matrixView({ t, line, say }) {
  let page = null;
  let held = null; // [document, column]
  let text = null;
  const theme = el("select", { "aria-label": t("theme"), onchange: (event) => line.ask("tab", { tab: "matrix", theme: event.target.value }) });
  const table = el("table", {});
  const matter = el("div", { class: "qc-matter" });
  const grid = el("div", { class: "qc-grid" }, el("div", { class: "qc-buttons" }, theme), table);

  function show(content) {
    page = content;
    const focused = table.contains(document.activeElement);
    replace(theme, ...page.themes.map(({ id, name }) => el("option", { value: id }, name)));
    theme.value = page.theme;
    if (!held || !page.columns.some(({ id }) => id === held[1])) held = page.rows.length && page.columns.length ? [page.rows[0].document, page.columns[0].id] : null;
    replace(table,
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("session")), ...page.columns.map(({ name }) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...page.rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.document), ...row.cells.map((cell, n) => el("td", {}, button(row.document, page.columns[n].id, cell)))))));
    if (focused) table.querySelector("[aria-pressed='true']")?.focus();
    draw();
  }

  function button(document_, code, cell) {
    const on = held && held[0] === document_ && held[1] === code;
    return el("button", { class: "qc-cell", "aria-pressed": String(Boolean(on)), "data-cell": `${document_}/${code}`, onclick: () => ((held = [document_, code]), show(page)) },
      el("span", { class: "qc-small" }, cell.state ? t(`state_${cell.state}`) : "", ` (${cell.codings}) `), cell.text || (cell.codings ? t("not_written") : "–"));
  }

  table.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move || !held) return;
    const row = page.rows.findIndex((one) => one.document === held[0]) + move[0];
    const column = page.columns.findIndex((one) => one.id === held[1]) + move[1];
    if (page.rows[row] && page.columns[column]) {
      held = [page.rows[row].document, page.columns[column].id];
      show(page);
      table.querySelector("[aria-pressed='true']")?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  async function draw() {
    if (!held) return replace(matter, el("p", { class: "qc-none" }, t("no_sessions")));
    const [name, code] = held;
    const cell = page.rows.find((row) => row.document === name).cells[page.columns.findIndex(({ id }) => id === code)];
    const theirs = cell.guid && cell.coder !== page.me; // nobody agrees with themselves
    const key = `${name}/${code}`;
    const same = matter.dataset.key === key;
    const found = await line.ask("cell", { document: name, code });
    if (!held || `${held[0]}/${held[1]}` !== key) return;
    const typed = same && text && text.value !== text.defaultWords ? text.value : null;
    matter.dataset.key = key;
    keepTyping(matter, () => {
      const count = el("span", { class: "qc-small", role: "status" });
      const tell = () => (count.textContent = t("words_of", { n: text.value.split(/\s+/).filter(Boolean).length, most: page.most }));
      text = el("textarea", { rows: 4, class: "qc-wide", "data-field": "summary", value: cell.text, "aria-label": t("summary"), oninput: tell });
      if (typed !== null) text.value = typed;
      tell();
      const state = (one) => el("button", { class: "qc-button", "data-state": one, onclick: () => line.ask("cell", { document: name, code, state: one }) }, t(`state_${one}`));
      replace(matter, el("h2", {}, `${name}, ${code}`), el("p", { class: "qc-small" }, cell.state ? `${t(`state_${cell.state}`)}, ${cell.coder}` : t("not_written")), text, count,
        el("div", { class: "qc-take" }, el("button", { class: "qc-button qc-primary", "data-act": "keep", onclick: keep }, t("keep"), el("kbd", {}, "Ctrl + Enter")), theirs ? state("gezien") : null, theirs ? state("akkoord") : null, theirs ? el("button", { class: "qc-button", "data-act": "remark", onclick: remark }, t("remark_on_cell")) : null),
        el("h3", {}, t("behind", { n: found?.fragments.length ?? 0 })), ...(found?.fragments ?? []).map(([turn, id, said]) => el("p", { class: "qc-said" }, el("span", { class: "qc-who" }, `${turn} ${id}`), " ", said)));
      text.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && (event.preventDefault(), keep()));
      function keep() {
        line.ask("cell", { document: name, code, text: text.value });
      }
      function remark() {
        if (text.value === cell.text || !text.value.trim()) return say(t("write_remark"));
        line.ask("review", { target: cell.guid, verdict: "change", reason: text.value });
        text.value = cell.text;
      }
    });
  }

  return { element: el("div", { class: "qc-judge qc-wide-left" }, grid, matter), show, list: { element: table, focus: () => table.querySelector("button")?.focus() }, key: () => false };
}

export function signingView({ t, lang, line, say }) {
  let page = null;
  let held = null;
  let why = null;
  const list = listing({ label: t("signing"), onChoose: (key) => ((held = key), draw()) });
  const matter = el("div", { class: "qc-matter" });
  const keyOf = (row) => `${row.on}:${row.what}`;

  function show(content) {
    page = content;
    if (!page.signing.some((row) => keyOf(row) === held)) held = page.signing.length ? keyOf(page.signing[0]) : null;
    const mark = (row) => (!row.signed.length ? "" : row.signed.every(({ standing }) => standing) ? `✓ ${row.signed.map(({ coder }) => coder).join(", ")}` : `⟳ ${t("changed_since")}`);
    list.show(page.signing.map((row) => ({ key: keyOf(row), parts: [el("span", { class: "qc-small" }, t(`on_${row.on}`)), el("span", { class: "qc-what" }, row.label), el("span", { class: "qc-small" }, mark(row))] })), held, "");
    draw();
  }

  async function draw() {
    const row = page.signing.find((one) => keyOf(one) === held);
    if (!row) return replace(matter);
    const found = await line.ask("points", { on: row.on, what: row.what });
    if (keyOf(row) !== held || !found) return;
    const mine = row.signed.find(({ coder }) => coder === page.me);
    why = el("textarea", { rows: 2, class: "qc-wide", "aria-label": t("sign_despite") });
    replace(matter, el("h2", {}, row.label),
      ...row.signed.map((one) => el("p", { class: one.standing ? "" : "qc-rule" }, t(one.standing ? "signed_by" : "signed_before", { coder: one.coder, at: shownTime(one.at, lang) }), one.reason ? ` ${one.reason}` : "")),
      el("h3", {}, t("open_points", { n: found.points.length })), el("ul", {}, ...found.points.slice(0, 60).map((sentence) => el("li", {}, sentence))),
      found.points.length ? el("label", { class: "qc-field" }, el("span", {}, t("sign_despite")), why) : null,
      el("div", { class: "qc-take" }, el("button", { class: "qc-button qc-primary", "data-act": "sign", onclick: () => sign(row, found.points.length) }, t("sign"), el("kbd", {}, "t")), mine ? el("button", { class: "qc-button", onclick: () => line.ask("unsign", { on: row.on, what: row.what }) }, t("unsign")) : null));
  }

  function sign(row, open) {
    if (open && !why.value.trim()) {
      say(t("sign_why"));
      return why.focus();
    }
    line.ask("sign", { on: row.on, what: row.what, despite: why.value });
  }

  return { element: el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, list.element), matter), show, list, key: (name) => name === "t" && (matter.querySelector("[data-act=sign]")?.click(), true) };
}
