// Topics in a list, one in hand: its words, where it lives, how far it holds, its passages; and what a person makes of it.

import { listing } from "./listing.mjs";
import { el, labelled, replace } from "./parts.mjs";
import { reading } from "./reading.mjs";

const ACTS = [["link", "k"], ["propose", "c"], ["rename", "n"], ["merge", "s"], ["split", "d"], ["reject", "x"]];
const [STABLE, DOUBTFUL] = [0.75, 0.5];

export function topicView({ t, lang, line, over, say }) {
  let page = { topics: [], codes: [], notes: [] };
  let held = null;
  let state = "";
  let decision = "";
  let narrowed = null; // guids of the branch that was clicked
  let opened = null; // what of the topic in hand is shown: {topic, all, document, passages}
  const pick = (label, name, options, act) => el("select", { "aria-label": t(label), "data-field": name, onchange: (event) => (act(event.target.value), drawList()) }, ...options.map(([value, shown]) => el("option", { value }, shown)));
  const states = pick("only_state", "state", [["", t("every_state")], ...["uncovered", "mixed", "covered"].map((name) => [name, t(`state_${name}`)])], (value) => (state = value));
  const decisions = pick("only_decision", "decision", [["", t("every_decision")], ...["pending", "accepted", "rejected"].map((name) => [name, t(`decision_${name}`)])], (value) => (decision = value));
  const branch = el("button", { class: "qc-quiet", hidden: true, onclick: () => ((narrowed = null), drawList()) }, t("show_all"));
  const list = listing({ label: t("topics"), onChoose: (key) => ((held = key), draw()) });
  const matter = el("div", { class: "qc-matter", tabindex: -1 });
  const topicOf = (guid) => page.topics.find((one) => one.guid === guid);
  const codeOf = (key) => page.codes.find((code) => code.key === key);
  const named = (key) => (codeOf(key) ? labelled(codeOf(key)) : "");
  const shown = () => page.topics.filter((one) => (!state || one.state === state) && (!decision || one.decision === decision) && (!narrowed || narrowed.includes(one.guid)));

  function show(content) {
    page = content;
    drawList();
  }

  function patch({ fresh = [], gone = [], open }) {
    const byGuid = new Map(page.topics.map((one) => [one.guid, one]));
    for (const guid of gone) byGuid.delete(guid);
    for (const one of fresh) byGuid.set(one.guid, one);
    page.topics = [...byGuid.values()];
    if (fresh.some(({ guid }) => guid === opened?.topic)) opened = null;
    if (open) return openAt(open);
    if (fresh.length || gone.length) drawList();
  }

  /** What was pointed at in a picture: a passage, a topic in a session, or a branch of topics. */
  async function openAt({ topics, document: name, start }) {
    const there = topics.filter(topicOf);
    if (!there.length) return say(t("topic_gone"));
    state = decision = states.value = decisions.value = "";
    narrowed = there.length > 1 ? there : null;
    held = there[0];
    drawList();
    if (there.length === 1) {
      await read({ document: name ?? undefined, all: true });
      const at = opened?.passages.findIndex((one) => one.start === start) ?? -1;
      matter.querySelectorAll(".qc-passage")[Math.max(at, 0)]?.scrollIntoView({ block: "center" });
    }
    list.element.focus({ preventScroll: true });
  }

  function drawList() {
    const rows = shown();
    branch.hidden = !narrowed;
    if (!rows.some(({ guid }) => guid === held)) held = rows[0]?.guid ?? null;
    list.show(rows.map((one) => ({
      key: one.guid,
      mark: one.decision === "pending" ? "" : "qc-done",
      parts: [el("span", { class: "qc-small" }, t("people", { n: one.people })), el("span", { class: "qc-what" }, one.label), el("span", { class: "qc-small" }, mark(one))],
    })), held, t("no_topics"));
    draw();
  }

  const mark = (one) => (one.decision === "accepted" ? `✓ ${codeOf(one.code)?.id ?? ""}` : one.decision === "rejected" ? t("decision_rejected") : t(`state_${one.state}`));

  // one topic ---------------------------------------------------------------------------------------------

  function draw() {
    const one = topicOf(held);
    if (!one) return replace(matter, ...page.notes.map((text) => el("p", {}, text)), el("p", { class: "qc-none" }, t("no_topics")));
    if (opened?.topic !== one.guid) {
      opened = null;
      matter.scrollTop = 0;
      read({});
    }
    const inside = matter.contains(document.activeElement);
    const fact = (name, ...parts) => [el("dt", {}, t(name)), el("dd", {}, ...parts)];
    const codes = (keys) => (keys.length ? keys.map((key) => el("button", { class: "qc-button", title: codeOf(key)?.definition ?? "", "data-code": key, onclick: () => asks.link(one, key) }, named(key))) : [t("none")]);
    replace(matter,
      el("h2", {}, one.label),
      el("p", { class: "qc-small" }, one.words.join(" · ")),
      one.decision === "pending" ? null : el("p", { class: "qc-rule" }, t(`was_${one.decision}_topic`, { code: named(one.code), coder: one.by, reason: one.reason })),
      el("dl", { class: "qc-facts" },
        ...fact("lives", t("lives_in", { people: one.people, groups: one.groups, interviews: one.interviews }), " ", el("span", { class: "qc-sessions" }, ...one.sessions.map(([name, people, passages]) =>
          el("button", { class: "qc-quiet", "data-session": name, "aria-pressed": String(opened?.document === name), title: t("open_session", { name, people, passages }), "aria-label": t("open_session", { name, people, passages }), onclick: () => read({ document: name, all: true }) }, `${name} (${people})`)))),
        ...fact("stability", one.stability === null ? t("made_by_hand") : t(one.stability >= STABLE ? "stable" : one.stability >= DOUBTFUL ? "fairly_stable" : "unstable", { n: number(one.stability) })),
        ...fact("in_codebook", `${t(`state_${one.state}`)}: ${t("coded_of", { n: one.coded, all: one.size })}`, one.codes.length ? `${t("mostly_with")} ${one.codes.map(named).join(", ")}` : ""),
        ...fact("nearest", el("span", { class: "qc-buttons" }, ...codes(one.nearest)))),
      el("h3", {}, opened?.all ? t(opened.document ? "passages_in" : "all_passages", { n: opened.passages.length, name: opened.document }) : t("best_passages")),
      ...(opened?.passages ?? []).map(passageOf),
      el("div", { class: "qc-buttons" }, opened?.all ? el("button", { class: "qc-button", "data-act": "fewer", onclick: () => read({}) }, t("show_best")) : el("button", { class: "qc-button", "data-act": "all", onclick: () => read({ all: true }) }, t("show_passages", { n: one.size }), el("kbd", {}, "p"))),
      el("div", { class: "qc-take", role: "group", "aria-label": t("decide") }, ...ACTS.map(([name, sign]) => el("button", { class: "qc-button", "data-act": name, onclick: () => asks[name](one) }, t(`act_${name}`), el("kbd", {}, sign)))));
    if (inside) matter.focus({ preventScroll: true });
  }

  const number = (value) => value.toLocaleString(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const passageOf = (one) => el("article", { class: "qc-passage", "aria-label": `${one.document}, ${t("turn", { n: one.turn })}` }, el("p", { class: "qc-small" }, `${one.document}, ${t("turn", { n: one.turn })}, ${one.speaker}`), reading(one.turns, [[one.start, one.end]]));

  async function read({ document: name, all = false }) {
    const topic = held;
    opened = { topic, document: name ?? null, all, passages: opened?.topic === topic ? opened.passages : [] };
    const found = await line.ask("passages", { topic, document: name, all });
    if (!found || topic !== held) return;
    opened = { topic, document: name ?? null, all, passages: found.passages };
    draw();
  }

  // decisions, each in a window that asks why ---------------------------------------------------------------

  const field = (label, input) => el("label", { class: "qc-field" }, el("span", {}, t(label)), input);
  const select = (label, options, value) => {
    const made = el("select", { class: "qc-wide", "aria-label": t(label) }, ...options.map(([key, text]) => el("option", { value: key }, text)));
    if (value) made.value = value;
    return made;
  };

  /** Ask for `parts`, and why; nothing is done without a reason unless `free`. */
  function ask(title, parts, act, { free = false } = {}) {
    const why = el("textarea", { rows: 2, class: "qc-wide", "aria-label": t("reason") });
    const missing = el("p", { class: "qc-small", role: "alert" });
    over.ask(title, [...parts, field(free ? "reason_free" : "reason", why), missing], t("keep"), () => {
      const empty = parts.flatMap((part) => [...part.querySelectorAll("input, select")]).find((one) => !one.value.trim());
      if (empty || (!free && !why.value.trim())) {
        missing.textContent = t(empty ? "fill_in" : "reason_first");
        (empty ?? why).focus();
        return false;
      }
      act(why.value);
    });
  }

  const done = async (kind, facts) => {
    const answer = await line.ask(kind, facts);
    list.element.focus();
    return answer;
  };
  const asks = {
    rename: (one) => {
      const name = el("input", { type: "text", class: "qc-input qc-wide", value: ownName(one) });
      ask(t("act_rename"), [field("topic_name", name)], (reason) => done("rename", { topic: one.guid, name: name.value, reason }), { free: true });
    },
    reject: (one) => ask(t("reject_title", { name: one.label }), [], (reason) => done("reject", { topic: one.guid, reason })),
    merge: (one) => {
      const into = select("merge_into_topic", one.near.filter(topicOf).map((guid) => [guid, topicOf(guid).label]));
      ask(t("merge_topic_title", { name: one.label }), [field("merge_into_topic", into)], (reason) => done("merge", { topic: one.guid, into: into.value, reason }));
    },
    split: (one) => {
      if (one.merged) return ask(t("split_merged_title", { n: one.merged + 1 }), [], (reason) => done("split", { topic: one.guid, reason }));
      const parts = select("how_many_parts", ["2", "3", "4"].map((n) => [n, n]));
      ask(t("split_topic_title", { name: one.label }), [field("how_many_parts", parts)], (reason) => done("split", { topic: one.guid, parts: Number(parts.value), reason }));
    },
    link: (one, near) => {
      const code = select("code", page.codes.filter((known) => known.codable && !known.retired).map((known) => [known.key, known.path]), near ?? one.nearest[0]);
      ask(t("link_title", { name: one.label }), [field("code", code)], (reason) => done("link", { topic: one.guid, code: code.value, reason }));
    },
    propose: (one) => {
      const under = page.codes.filter((known) => !known.codable && !known.retired);
      const parent = select("code_under", under.map((known) => [known.key, known.path]), codeParent(one));
      const id = el("input", { type: "text", class: "qc-input qc-wide", value: freeId(parent.value) });
      const name = el("input", { type: "text", class: "qc-input qc-wide", value: ownName(one) });
      parent.addEventListener("change", () => (id.value = freeId(parent.value)));
      ask(t("propose_title"), [field("code_name", name), field("code_under", parent), field("code_id", id)], (reason) => done("propose", { topic: one.guid, id: id.value, name: name.value, parent: parent.value, reason }));
    },
  };

  /** Words a machine found are no name: that is for a person to give. */
  const ownName = (one) => (one.words.slice(0, 3).join(", ") === one.label ? "" : one.label);

  /** The place of the code that lies nearest is a first guess for a new one. */
  const codeParent = (one) => page.codes[codeOf(one.nearest[0])?.parent ?? -1]?.key;

  /** An id nobody has: the letter of the theme and the next number. */
  function freeId(parent) {
    const letter = codeOf(parent)?.id.slice(0, 1) || "N";
    const taken = new Set(page.codes.map(({ id }) => id));
    for (let n = 1; ; n++) if (!taken.has(`${letter}${String(n).padStart(2, "0")}`)) return `${letter}${String(n).padStart(2, "0")}`;
  }

  return {
    element: el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, el("div", { class: "qc-map" }, states, decisions, branch), list.element), matter),
    show, patch, list,
    key: (name) => {
      const one = topicOf(held);
      const act = ACTS.find(([, sign]) => sign === name)?.[0];
      if (one && act) asks[act](one);
      else if (one && name === "p") read({ all: !opened?.all });
      else return false;
      return true;
    },
  };
}
