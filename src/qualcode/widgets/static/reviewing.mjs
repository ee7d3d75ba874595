// Two views of the review desk: the queue of codings that wait for a verdict, and the threads about them.

import { listing } from "./listing.mjs";
import { el, keepTyping, labelled, replace, shownTime } from "./parts.mjs";
import { reading } from "./reading.mjs";

const VERDICTS = [["accept", "a"], ["change", "w"], ["reject", "x"], ["remark", "v"]];

/** The words of a place, fetched once and kept. */
const passages = (line) => {
  const held = new Map();
  return async (row) => {
    const key = `${row.document}:${row.start}:${row.end}`;
    if (!held.has(key)) {
      const found = await line.ask("read", { document: row.document, start: row.start, end: row.end });
      if (!found) return [];
      held.set(key, found.turns);
    }
    return held.get(key);
  };
};

export function queueView({ t, line, say }) {
  let page = null;
  let held = null;
  let reason = null;
  let instead = null;
  const words = passages(line);
  const list = listing({ label: t("queue"), onChoose: (key) => ((held = key), draw()) });
  const choice = el("div", { class: "qc-map", role: "group", "aria-label": t("choose_queue") });
  const matter = el("div", { class: "qc-matter" });
  const rowOf = () => page.queue.find(({ coding }) => coding === held);
  const codeOf = (id) => page.codes.find((code) => code.id === id);

  function pick(name, label, options) {
    const made = el("select", { "aria-label": label, "data-field": name, onchange: (event) => line.ask("choose", { [name]: event.target.value }) }, ...options.map(([value, shown]) => el("option", { value }, shown)));
    made.value = page.choice[name];
    return made;
  }
  const number = (name, label) => el("label", { class: "qc-check" }, label, el("input", { type: "text", inputmode: "numeric", class: "qc-input", "data-field": name, value: String(page.choice[name]), onchange: (event) => line.ask("choose", { [name]: Math.max(Number.parseInt(event.target.value, 10) || 0, name === "sample" ? 1 : 0) }) }));

  function show(content) {
    page = content;
    keepTyping(choice, () => replace(choice,
      pick("order", t("order"), ["text", "doubt", "sample"].map((name) => [name, t(`order_${name}`)])),
      pick("document", t("document_label"), [["", t("all_documents")], ...page.documents.map((name) => [name, name])]),
      pick("code", t("code"), [["", t("every_code")], ...page.codes.filter((code) => !code.retired).map((code) => [code.key, `${"  ".repeat(code.depth)}${labelled(code)}`])]),
      pick("coder", t("coder_label"), [["", t("every_coder")], ...page.coders.map((name) => [name, name])]),
      page.choice.order === "sample" ? number("sample", t("how_many")) : null, page.choice.order === "sample" ? number("seed", t("seed")) : null));
    if (!rowOf()) held = (page.queue.find((row) => !row.verdict) ?? page.queue[0])?.coding ?? null;
    list.show(page.queue.map((row) => ({
      key: row.coding,
      mark: row.verdict ? "qc-done" : "",
      parts: [el("span", { class: "qc-small" }, `${row.document} ${row.turn ?? ""}`), el("span", { class: "qc-what" }, row.code, row.doubts ? el("span", { class: "qc-small" }, ` ${row.doubts.replaceAll("|", " · ")}`) : null), el("span", { class: "qc-small" }, row.verdict ? `✓ ${t(`did_${row.verdict}`)}` : "")],
    })), held, t("queue_done"));
    draw();
  }

  async function draw() {
    const row = rowOf();
    if (!row) return replace(matter, el("p", { class: "qc-none" }, t("queue_done")));
    const key = row.coding;
    const turns = await words(row);
    if (key !== held) return;
    const code = codeOf(row.code);
    const same = matter.dataset.key === key;
    const before = same ? [reason?.value ?? "", instead?.value ?? ""] : ["", ""];
    matter.dataset.key = key;
    keepTyping(matter, () => {
      reason = el("textarea", { rows: 2, "data-field": "reason", value: before[0] });
      instead = el("select", { class: "qc-wide", "data-field": "instead" }, el("option", { value: "" }, t("no_other_code")), ...page.codes.filter((one) => one.codable && !one.retired && one.id !== row.code).map((one) => el("option", { value: one.key }, one.path)));
      instead.value = before[1];
      const pairs = [code?.definition, code?.exclude].filter(Boolean);
      replace(matter,
        el("h2", {}, code ? labelled(code) : row.code), el("p", { class: "qc-small" }, `${row.document}, ${row.coder}, ${row.layer}`, row.doubts ? ` · ${row.doubts.replaceAll("|", " · ")}` : ""),
        ...pairs.map((text) => el("p", { class: "qc-small" }, text)), reading(turns, [[row.start, row.end]]), row.memo ? el("p", {}, el("em", {}, row.memo)) : null,
        row.verdict ? el("p", { class: "qc-rule" }, t("last_verdict", { verdict: t(`did_${row.verdict}`) })) : null,
        el("div", { class: "qc-two" }, el("label", { class: "qc-field" }, el("span", {}, t("reason")), reason), el("label", { class: "qc-field" }, el("span", {}, t("other_code")), instead)),
        el("div", { class: "qc-take", role: "group", "aria-label": t("verdict") }, ...VERDICTS.map(([name, sign]) => el("button", { class: "qc-button", "data-verdict": name, onclick: () => judge(name) }, t(`verdict_${name}`), el("kbd", {}, sign)))));
    });
  }

  async function judge(verdict) {
    const row = rowOf();
    if (!row) return;
    if (verdict !== "accept" && !reason.value.trim() && !(verdict === "change" && instead.value)) {
      say(t("reason_first"));
      return reason.focus();
    }
    const next = page.queue.slice(page.queue.indexOf(row) + 1).find((one) => !one.verdict)?.coding;
    const done = await line.ask("review", { target: row.coding, verdict, reason: reason.value, code: verdict === "change" ? instead.value : "" });
    if (!done) return;
    matter.dataset.key = "";
    if (next) list.choose(next);
    list.element.focus();
  }

  return {
    element: el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, choice, list.element), matter), show, list,
    key: (name) => {
      const verdict = VERDICTS.find(([, sign]) => sign === name)?.[0];
      if (verdict) judge(verdict);
      else if (name === "r") reason?.focus();
      else return false;
      return true;
    },
  };
}

export function threadView({ t, lang, line, say }) {
  let page = null;
  let held = null;
  let text = null;
  let apply = null;
  const words = passages(line);
  const list = listing({ label: t("threads"), onChoose: (key) => ((held = key), draw()) });
  const matter = el("div", { class: "qc-matter" });

  function show(content) {
    page = content;
    const rows = [...page.threads].sort((a, b) => b.mine - a.mine || b.open - a.open || (a.at < b.at ? 1 : -1));
    if (!rows.some(({ review }) => review === held)) held = rows[0]?.review ?? null;
    list.show(rows.map((row) => ({
      key: row.review,
      mark: row.open ? "" : "qc-done",
      parts: [el("span", { class: "qc-small" }, row.reviewer), el("span", { class: "qc-what" }, `${row.what || row.document || ""} · ${t(`did_${row.verdict}`)}`), el("span", { class: "qc-small" }, row.mine ? `● ${t("your_turn")}` : row.open ? "" : "✓")],
    })), held, t("no_threads"));
    draw();
  }

  async function draw() {
    const row = page.threads.find(({ review }) => review === held);
    if (!row) return replace(matter, el("p", { class: "qc-none" }, t("no_threads")));
    const turns = row.start === null ? [] : await words(row);
    if (row.review !== held) return;
    const before = matter.dataset.key === row.review ? text?.value ?? "" : "";
    matter.dataset.key = row.review;
    const does = row.on === "coding" && row.open && (row.code || row.verdict === "reject");
    const said = (who, at, what) => el("div", {}, el("p", { class: "qc-small" }, `${who}, ${shownTime(at, lang)}`), el("p", {}, what));
    keepTyping(matter, () => {
      text = el("textarea", { rows: 2, class: "qc-wide", "data-field": "answer", value: before, "aria-label": t("your_answer") });
      apply = el("input", { type: "checkbox" });
      replace(matter,
        el("h2", {}, row.what || row.document || ""), row.start === null ? null : reading(turns, [[row.start, row.end]]),
        el("div", { class: "qc-talk" }, said(row.reviewer, row.at, `${t(`did_${row.verdict}`)}${row.code ? ` → ${row.code}` : ""}. ${row.text}`), ...row.answers.map((one) => said(one.coder, one.at, one.text))),
        row.open ? null : el("p", { class: "qc-rule" }, t("closed_with", { decision: row.decision })),
        text, does ? el("label", { class: "qc-check" }, apply, row.code ? t("apply_code", { code: row.code }) : t("apply_reject")) : null,
        el("div", { class: "qc-take" }, el("button", { class: "qc-button", "data-act": "answer", onclick: () => act("answer") }, t("send_answer"), el("kbd", {}, "Ctrl + Enter")), row.open ? el("button", { class: "qc-button", "data-act": "settle", onclick: () => act("settle") }, t("settle")) : null));
      text.addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && (event.preventDefault(), act("answer")));
    });
  }

  async function act(kind) {
    if (!text.value.trim()) {
      say(t("write_first"));
      return text.focus();
    }
    const done = await line.ask(kind, { review: held, text: text.value, apply: apply.checked });
    if (!done) return;
    text.value = "";
    text.defaultWords = "";
    draw();
    list.element.focus();
  }

  return { element: el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, list.element), matter), show, list, key: (name) => name === "r" && (text?.focus(), true) };
}
