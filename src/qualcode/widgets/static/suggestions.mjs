// A queue of passages that wait for a person: its grounds beside it, one key to decide, the next one at once.

import { listing } from "./listing.mjs";
import { el, keepTyping, labelled, replace } from "./parts.mjs";
import { reading } from "./reading.mjs";

const CHOICES = [["accept", "a"], ["other", "o"], ["refuse", "x"], ["later", "l"]];

/** Draws the queue; `choosing` are the controls above its list. */
export function passageQueue({ t, lang, line, say }, choosing) {
  let page = null; // {rows, done, whole, notes}
  let codes = [];
  let order = []; // keys; what is put off stands last
  let held = null;
  let reason = null;
  let other = null;
  const looked = new Map();
  const progress = el("p", { class: "qc-small", role: "status" });
  const notes = el("div", {});
  const list = listing({ label: t("waiting"), onChoose: (key) => ((held = key), draw()) });
  const matter = el("div", { class: "qc-matter" });
  const rowOf = (key) => page?.rows.find((row) => row.key === key);
  const codeOf = (key) => codes.find((code) => code.key === key);
  const named = (key) => (codeOf(key) ? labelled(codeOf(key)) : t("no_code"));
  const doneOf = (key) => page.done[key] ?? null;

  function show(queue, known) {
    page = queue;
    codes = known;
    const keys = page.rows.map(({ key }) => key);
    order = [...order.filter((key) => keys.includes(key)), ...keys.filter((key) => !order.includes(key))];
    if (!keys.includes(held)) held = order.find((key) => !doneOf(key)) ?? order[0] ?? null;
    replace(notes, ...page.notes.map((text) => el("p", { class: "qc-small" }, text)), page.whole > page.rows.length ? el("p", { class: "qc-small" }, t("first_of", { n: page.rows.length, all: page.whole })) : null);
    drawList();
    draw();
  }

  function patch(done) {
    page.done = done;
    drawList();
    draw();
  }

  function drawList() {
    const settled = order.filter(doneOf).length;
    progress.textContent = order.length ? t("settled_of", { n: settled, all: order.length }) : "";
    list.show(order.map(rowOf).map((row) => ({
      key: row.key,
      mark: doneOf(row.key) ? "qc-done" : "",
      parts: [el("span", { class: "qc-small" }, `${row.document} ${row.turn}`), el("span", { class: "qc-what" }, row.code ? named(row.code) : row.speaker), el("span", { class: "qc-small" }, mark(row))],
    })), held, t("nothing_waits"));
  }

  function mark(row) {
    const [state, code] = doneOf(row.key) ?? [];
    if (!state) return row.chance === null ? "" : number(row.chance);
    if (state === "rejected" || state === "gone") return t(`done_${state}`);
    return `✓ ${codeOf(code)?.id ?? ""}`;
  }

  const number = (value) => value.toLocaleString(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  async function draw() {
    const row = rowOf(held);
    if (!row) {
      matter.dataset.key = "";
      return replace(matter, el("p", { class: "qc-none" }, t("nothing_waits_long")));
    }
    const key = row.key;
    if (!looked.has(key)) {
      const found = await line.ask("look", { key });
      if (!found) return;
      looked.set(key, found);
    }
    if (key !== held) return;
    const { turns, like, unlike } = looked.get(key);
    const before = matter.dataset.key === key ? [reason?.value ?? "", other?.value ?? ""] : ["", ""];
    matter.dataset.key = key;
    const [state, code] = doneOf(key) ?? [];
    const definition = codeOf(row.code)?.definition;
    keepTyping(matter, () => {
      reason = el("textarea", { rows: 2, "data-field": "reason", value: before[0] });
      other = el("select", { class: "qc-wide", "data-field": "other" }, el("option", { value: "" }, t("choose_code")), ...codes.filter((one) => one.codable && !one.retired && one.key !== row.code).map((one) => el("option", { value: one.key }, one.path)));
      other.value = before[1];
      replace(matter,
        el("h2", {}, row.code ? t(row.coding ? "better_as" : "maybe", { code: named(row.code) }) : t("without_proposal")),
        el("p", { class: "qc-small" }, [`${row.document}, ${t("turn", { n: row.turn })}`, row.speaker, row.chance === null ? "" : t("chance", { n: number(row.chance) }), row.measured].filter(Boolean).join(" · ")),
        definition ? el("p", { class: "qc-small" }, definition) : null,
        reading(turns, [[row.start, row.end]]),
        row.why ? el("p", { class: "qc-rule" }, row.why) : null,
        like || unlike ? el("div", { class: "qc-sides" }, ground("like", like), ground("unlike", unlike)) : null,
        state ? el("p", { class: "qc-rule" }, t(`was_${state}`, { code: code ? named(code) : "" })) : null,
        el("div", { class: "qc-two" }, el("label", { class: "qc-field" }, el("span", {}, t("reason")), reason), el("label", { class: "qc-field" }, el("span", {}, t("other_code")), other)),
        el("div", { class: "qc-take", role: "group", "aria-label": t("decide") }, ...CHOICES.filter(([name]) => row.code || name === "other" || name === "later").map(([name, sign]) => el("button", { class: `qc-button ${name === "accept" ? "qc-primary" : ""}`, "data-choice": name, onclick: () => decide(name) }, row.coding && (name === "accept" || name === "refuse") ? t(`coding_${name}`) : t(`choice_${name}`), el("kbd", {}, sign)))));
    });
  }

  const ground = (name, one) => (one ? el("section", { class: "qc-side-of", "aria-label": t(name) }, el("p", { class: "qc-small" }, t(name)), el("h3", {}, one.code), el("p", {}, one.text), el("p", { class: "qc-small" }, `${one.document}, ${t("turn", { n: one.turn })}`)) : null);

  async function decide(name) {
    const row = rowOf(held);
    if (!row) return;
    if (name === "accept" && !row.code) return;
    if (name === "refuse" && !row.code) return;
    if (name === "refuse" && !reason.value.trim()) {
      say(t("reason_first"));
      return reason.focus();
    }
    if (name === "other" && !other.value) {
      say(t("code_first"));
      return other.focus();
    }
    const at = order.indexOf(row.key);
    if (name === "later") {
      const next = order[at + 1] ?? order[0];
      order = [...order.filter((key) => key !== row.key), row.key];
      held = next;
      drawList();
      draw();
      return list.element.focus();
    }
    const done = await line.ask(name === "refuse" ? "refuse" : "accept", { key: row.key, reason: reason.value, code: name === "other" ? other.value : "" });
    if (!done) return;
    const next = order.slice(at + 1).find((key) => !doneOf(key)) ?? order.find((key) => !doneOf(key));
    if (next) {
      held = next;
      drawList();
      draw();
    }
    list.element.focus();
  }

  return {
    element: el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, choosing ? el("div", { class: "qc-map qc-choosing" }, choosing, notes, progress) : el("div", { class: "qc-map qc-choosing" }, notes, progress), list.element), matter),
    show, patch, list, waiting: () => order.filter((key) => !doneOf(key)).length,
    key: (name) => {
      const choice = CHOICES.find(([, sign]) => sign === name)?.[0];
      if (choice) decide(choice);
      else if (name === "r") reason?.focus();
      else return false;
      return true;
    },
  };
}
