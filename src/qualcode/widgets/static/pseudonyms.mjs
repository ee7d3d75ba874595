// The pseudonym desk: what may identify somebody in a list, the words around it beside, one key to decide.

import { frame } from "./frame.mjs";
import { listing } from "./listing.mjs";
import { el, icon, isTyping, keepTyping, replace } from "./parts.mjs";
import { reading } from "./reading.mjs";

function pseudonymDesk(context) {
  const edge = frame(context, { onPage, onPatch });
  const { t, root, line, say, over } = edge;
  let page = null;
  let held = null; // key of the proposal in hand
  let openOnly = false;
  let instead = null;

  const title = el("strong", {});
  const progress = el("span", { class: "qc-small", role: "status" });
  const list = listing({ label: t("proposals"), onChoose: (key) => ((held = key), drawMatter()) });
  const matter = el("div", { class: "qc-matter", tabindex: -1 });
  const notes = el("div", { class: "qc-bar qc-small qc-notice", hidden: true });
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
      title, progress, el("span", { class: "qc-gap" }),
      el("label", { class: "qc-check" }, el("input", { type: "checkbox", onchange: (event) => ((openOnly = event.target.checked), drawList()) }), t("only_open")),
      el("button", { class: "qc-button", onclick: askCarryOut }, t("carry_out")),
      icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    notes,
    el("div", { class: "qc-judge" }, el("div", { class: "qc-column" }, list.element), matter),
  );
  edge.hint(t("hint_pseudonyms"));

  function onPage(content) {
    page = content;
    title.textContent = page.name;
    replace(notes, ...page.notes.map((one) => el("span", {}, one)));
    notes.hidden = !page.notes.length;
    draw();
    edge.ready();
  }

  function onPatch(message, _, mine) {
    Object.assign(page.decided, message.decided ?? {});
    if (mine && message.said) say(message.said);
    draw();
  }

  const stateOf = (one) => page.decided[one.key]?.[0] ?? null;
  const shown = () => page.proposals.filter((one) => !openOnly || !stateOf(one) || one.key === held);
  const current = () => page?.proposals.find(({ key }) => key === held);

  function draw() {
    const done = page.proposals.filter(stateOf).length;
    progress.textContent = t("progress_of", { n: done, all: page.proposals.length });
    drawList();
  }

  function drawList() {
    const rows = shown();
    if (!rows.some(({ key }) => key === held)) held = rows[0]?.key ?? null;
    const mark = (one) => (stateOf(one) === "accept" ? `✓ ${page.decided[one.key][1]}` : stateOf(one) === "reject" ? `– ${t("state_reject")}` : "");
    list.show(rows.map((one) => ({
      key: one.key,
      mark: stateOf(one) ? "qc-done" : "",
      parts: [el("span", { class: "qc-small" }, one.document), el("span", { class: "qc-what" }, one.text), el("span", { class: "qc-small" }, mark(one))],
    })), held, page.proposals.length ? t("all_judged") : t("no_proposals"));
    drawMatter();
  }

  function drawMatter() {
    const one = current();
    if (!one) return replace(matter, el("p", { class: "qc-none" }, page.proposals.length ? t("all_judged") : t("no_proposals")));
    if (matter.dataset.key !== one.key) instead = null;
    matter.dataset.key = one.key;
    keepTyping(matter, () => {
      const [state, words] = page.decided[one.key];
      instead = el("input", { type: "text", "data-field": "instead", value: words ?? "", class: "qc-wide" });
      const button = (name, key, act, on) => el("button", { class: "qc-button qc-chosen", "aria-pressed": String(on), title: key, onclick: act }, t(name));
      replace(matter,
        el("h2", {}, t("in_document", one)),
        reading(one.turns, [[one.start, one.end]]),
        el("p", { class: "qc-rule" }, one.why),
        el("label", { class: "qc-field" }, el("span", {}, t("instead")), instead),
        el("div", { class: "qc-take" },
          button("accept", "V", () => decide("accept"), state === "accept"), button("reject", "L", () => decide("reject"), state === "reject"),
          button("accept_person", "O", everywhere, false)));
    });
  }

  async function decide(decision) {
    const one = current();
    if (one && (await line.ask("decide", { key: one.key, decision, replacement: instead.value }))) onward();
  }

  async function everywhere() {
    const one = current();
    if (one && (await line.ask("person", { key: one.key, replacement: instead.value }))) onward();
  }

  /** After a decision: the next proposal that is open. */
  function onward() {
    const at = page.proposals.findIndex(({ key }) => key === held);
    const next = page.proposals.slice(at + 1).find((one) => !stateOf(one)) ?? page.proposals.find((one) => !stateOf(one));
    if (next) list.choose(next.key);
    list.element.focus();
  }

  function askCarryOut() {
    const file = el("input", { type: "text", class: "qc-wide", value: "sleutel.key" });
    const phrase = el("input", { type: "password", class: "qc-wide", autocomplete: "new-password" });
    const field = (name, input) => el("label", { class: "qc-field" }, el("span", {}, t(name)), input);
    over.ask(t("carry_out"), [el("p", {}, t("carry_out_how")), field("key_file", file), field("passphrase", phrase)], t("carry_out"), () => {
      say(t("carrying_out"));
      line.ask("carry_out", { file: file.value, passphrase: phrase.value }).then((done) => done || say(""));
    });
  }

  root.addEventListener("keydown", (event) => {
    if (edge.control(event, { search: list.element, kept: t("kept_decisions") })) event.preventDefault();
    else if (isTyping(event.target)) {
      if (event.key === "Escape") list.element.focus();
      else if (event.key === "Enter" && event.target === instead) decide("accept");
      else return;
      event.preventDefault();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !over.isOpen() && page) {
      const acts = { v: () => decide("accept"), l: () => decide("reject"), o: everywhere, w: () => instead?.select() };
      if (!(event.key in acts)) return;
      acts[event.key]();
      event.preventDefault();
      event.stopPropagation();
    }
  });

  line.hello();
  return edge.leave;
}

export default { render: pseudonymDesk };
