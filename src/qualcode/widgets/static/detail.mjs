// One coding: what it is, who made it, its dimensions and memo, and what can be done with it; and the list of all codings here.

import { describe } from "./palette.mjs";
import { dotOf, el, keepTyping, labelled, replace, shownTime } from "./parts.mjs";

export function hereList({ t, lang, onCoding, onMemo }) {
  const items = el("ul", { class: "qc-here-list" });
  const title = el("h3", {});
  const element = el("section", { class: "qc-here" }, title, items);
  let first = null;
  let drawn = []; // what the list shows
  return {
    element,
    /** The first memo here, for the key that writes it anew. */
    first: () => first,
    show: (page, codings, memos, current) => {
      first = memos[0]?.guid ?? null;
      const next = [page.book, current, codings.length, ...codings, ...memos];
      if (drawn.length === next.length && drawn.every((one, n) => one === next[n])) return;
      drawn = next;
      title.textContent = t("here", { n: codings.length });
      const coded = codings.map((coding) => {
        const code = page.book.codes[coding.code];
        const who = `${coding.coder} · ${coding.layer} · ${shownTime(coding.at, lang)}`;
        const retired = code.retired ? el("span", { class: "qc-retired" }, t("retired")) : null;
        return el("li", {}, el("button", { class: "qc-here-item", "data-here": coding.guid, "aria-current": coding.guid === current ? "true" : null, onclick: () => onCoding(coding.guid) }, dotOf(code), el("span", {}, labelled(code), retired), el("span", { class: "qc-small" }, who), coding.memo ? el("span", { class: "qc-small" }, `✎ ${coding.memo}`) : null));
      });
      const noted = memos.map((memo) => el("li", {}, el("button", { class: "qc-note", "data-memo": memo.guid, title: t("edit_memo"), onclick: () => onMemo(memo.guid) }, `✎ ${memo.text}`, el("span", { class: "qc-small" }, `${memo.coder} · ${shownTime(memo.at, lang)}`))));
      replace(items, ...coded, ...noted, codings.length || memos.length ? null : el("li", { class: "qc-none" }, t("nothing_here")));
    },
  };
}

export function detail({ t, lang, onChange, onRemove, onRecode, onBoundary, onLeave, noting }) {
  const element = el("section", { class: "qc-detail", hidden: true, "aria-label": t("coding_label") });
  let fields = {};
  let drawn = []; // the coding and the codebook that the form shows

  function control(dimension, value, change) {
    const label = dimension.name;
    if (dimension.multiple && dimension.values.length) {
      const held = new Set(value ?? []);
      const boxes = dimension.values.map((one) =>
        el("label", { class: "qc-check" }, el("input", { type: "checkbox", checked: held.has(one), onchange: (e) => (e.target.checked ? held.add(one) : held.delete(one), change([...held])) }), one),
      );
      return el("fieldset", { title: dimension.definition }, el("legend", {}, label), ...boxes);
    }
    const name = el("span", {}, label);
    if (dimension.values.length) {
      const none = el("option", { value: "" }, dimension.default ? t("default_value", { value: dimension.default }) : "–");
      const select = el("select", { "data-field": dimension.name, onchange: (e) => change(e.target.value || null) }, none, ...dimension.values.map((one) => el("option", { value: one, selected: one === value }, one)));
      select.defaultWords = select.value;
      return el("label", { class: "qc-field", title: dimension.definition }, name, select);
    }
    const box = el("input", { type: "text", "data-field": dimension.name, inputmode: dimension.type === "number" ? "decimal" : null, value: value ?? "", onchange: (e) => change(e.target.value || null) });
    return el("label", { class: "qc-field", title: dimension.definition }, name, box);
  }

  function show(page, coding) {
    element.hidden = !coding;
    if (!coding || (drawn[0] === coding && drawn[1] === page.book)) return;
    const same = drawn[0]?.guid === coding.guid;
    drawn = [coding, page.book];
    if (same) keepTyping(element, () => draw(page, coding));
    else draw(page, coding);
  }

  function draw(page, coding) {
    const code = page.book.codes[coding.code];
    const change = (name) => (value) => onChange(coding.guid, { dimensions: { [name]: value } });
    const needed = page.book.dimensions.filter((d) => code.requires.includes(d.name) || d.name in coding.dimensions);
    const others = page.book.dimensions.filter((d) => !needed.includes(d));
    const controls = (list) => list.map((d) => control(d, coding.dimensions[d.name], change(d.name)));
    const memo = el("textarea", { rows: 2, value: coding.memo, "data-field": "memo", onchange: (e) => onChange(coding.guid, { memo: e.target.value }) });
    fields = { memo, dimensions: el("div", { class: "qc-dimensions" }, ...controls(needed)) };
    const rest = el("details", {}, el("summary", {}, t("more_dimensions", { n: others.length })), el("div", { class: "qc-dimensions" }, ...controls(others)));
    const card = el("div", { class: "qc-card" });
    describe(card, page.book, coding.code, t);
    card.append(noting(coding.code));
    const about = el("details", { class: "qc-about" }, el("summary", {}, t("definition")), card);
    const open = element.dataset.coding === coding.guid ? [...element.querySelectorAll("details")].map((one) => one.open) : [];
    element.dataset.coding = coding.guid;
    replace(
      element,
      el("div", { class: "qc-detail-head" }, el("h3", {}, labelled(code), code.retired ? el("span", { class: "qc-retired" }, t("retired")) : null), el("button", { class: "qc-icon", "aria-label": t("close"), title: `${t("close")} (Esc)`, onclick: onLeave }, "✕")),
      el("p", { class: "qc-path" }, code.path),
      el("p", { class: "qc-small" }, `${coding.coder} · ${coding.layer} · ${shownTime(coding.at, lang)}`),
      el("div", { class: "qc-buttons" },
        el("button", { class: "qc-button", onclick: () => onRecode(coding.guid) }, t("recode"), el("kbd", {}, "r")),
        el("button", { class: "qc-button", onclick: () => onBoundary(coding.guid) }, t("boundary"), el("kbd", {}, "b")),
        el("button", { class: "qc-button", onclick: () => onRemove(coding.guid) }, t("remove"), el("kbd", {}, "Del"))),
      el("label", { class: "qc-field qc-wide" }, el("span", {}, t("memo")), memo),
      fields.dimensions,
      others.length ? rest : null,
      about,
    );
    element.querySelectorAll("details").forEach((one, n) => (one.open = open[n] ?? false));
  }

  return {
    element,
    show,
    /** Draw anew at the next showing: memos on the code changed. */
    again: () => (drawn = [drawn[0], null]),
    toMemo: () => fields.memo?.focus(),
    toDimensions: () => {
      const first = fields.dimensions?.querySelector("select,input") ?? element.querySelector("details .qc-dimensions select, details .qc-dimensions input");
      const box = first?.closest("details");
      if (box) box.open = true;
      first?.focus();
    },
  };
}
