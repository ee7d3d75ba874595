// The bars above the text: which document and how far, searching, jumping, what is shown, and the queue of what waits to be coded again.

import { showDefinition } from "./help.mjs";
import { notesOn } from "./notes.mjs";
import { el, icon, labelled, replace, write } from "./parts.mjs";
import { progressOf } from "./state.mjs";

/** Fill a list of choices, only when something in it changed. */
function fill(select, all, options, chosen) {
  const look = JSON.stringify([all, options, chosen]);
  if (select.look === look) return;
  select.look = look;
  replace(select, el("option", { value: "" }, all), ...options.map(([value, name]) => el("option", { value, selected: value === chosen }, name)));
}

export function bars(desk, walk, act) {
  const { t, lang, line, over } = desk;
  const documents = el("select", { class: "qc-documents", "aria-label": t("document"), onchange: (e) => act.open(e.target.value) });
  const meter = el("span", { class: "qc-progress" });
  const bar = el("progress", { max: 1, value: 0, "aria-label": t("progress_label") });
  const memos = el("button", { class: "qc-icon qc-document-memos", title: `${t("memo_on_document")} (M)`, "aria-label": t("memo_on_document"), onclick: () => desk.notes.show() }, "✎");
  const search = el("input", { type: "search", class: "qc-input qc-search", placeholder: t("find"), "aria-label": t("find"), oninput: () => walk.seek(search.value, forms.checked ? [] : undefined) });
  const forms = el("input", { type: "checkbox", onchange: () => walk.seek(search.value, forms.checked ? [] : undefined) });
  const notice = el("p", { class: "qc-bar qc-small qc-notice", hidden: true });
  const count = el("span", { class: "qc-small qc-hits", "aria-live": "polite" });
  const chooser = (name, label) => el("select", { "aria-label": t(label), "data-filter": name, onchange: (e) => desk.filterBy(name, e.target.value === "" ? undefined : name === "code" ? Number(e.target.value) : e.target.value) });
  const [speakers, codes, coders, layers] = [chooser("speaker", "filter_speaker"), chooser("code", "filter_code"), chooser("coder", "filter_coder"), chooser("layer", "filter_layer")];
  const everything = el("button", { class: "qc-quiet qc-all", hidden: true, onclick: () => desk.filterBy() }, t("show_everything"));
  const along = el("button", { class: "qc-quiet qc-along", hidden: true, onclick: () => act.startQueue(desk.page.book.codes[desk.filter.code].key) }, t("queue_along"));
  const jump = (name, key, go) => el("button", { class: "qc-quiet", onclick: go }, t(name), el("kbd", {}, key));
  const waiting = el("button", { class: "qc-quiet qc-waiting", hidden: true, onclick: () => act.startQueue() });
  const where = el("strong", { class: "qc-queue-at", "aria-live": "polite" });
  const queue = el("div", { class: "qc-bar qc-queue", hidden: true, role: "group", "aria-label": t("queue_label") },
    where, jump("queue_previous", "Q", () => act.stepQueue(-1)), jump("queue_next", "q", () => act.stepQueue(1)), el("span", { class: "qc-small" }, t("queue_hint")), el("span", { class: "qc-gap" }),
    el("button", { class: "qc-quiet", onclick: () => act.stopQueue() }, t("queue_stop")));

  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") toHit(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      clear();
      walk.toText();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let asked = ""; // the words whose forms the study looked for
  async function toHit(step) {
    const words = search.value.trim();
    if (forms.checked && words && (asked !== words || !desk.hits.length)) {
      const answer = await line.ask("search", { words });
      if (!answer) return;
      asked = words;
      walk.seek(words, answer.hits.map(([start, end]) => ({ start, end })));
      counted();
    }
    walk.toHit(step);
  }

  function clear() {
    search.value = "";
    walk.seek("", []);
  }

  let people = new Set();
  let rounds = new Set();
  /** Who coded, and in which rounds: they stay in the list when their last coding goes. */
  function meet(codings) {
    for (const { coder, layer } of codings) {
      people.add(coder);
      rounds.add(layer);
    }
  }

  /** What follows from the page: documents, speakers, codes. */
  function show(page) {
    notice.textContent = page.notice;
    notice.hidden = !page.notice;
    [people, rounds] = [new Set(), new Set()];
    meet(page.codings.values());
    replace(documents, ...page.documents.map((d) => el("option", { value: d.name, selected: d.name === page.document }, d.name)));
    const labels = [...new Set(page.turns.map((turn) => turn.label))].filter(Boolean).sort(new Intl.Collator(lang, { numeric: true }).compare);
    fill(speakers, t("all_speakers"), labels.map((label) => [label, label]), desk.filter.speaker);
    fill(codes, t("all_codes"), page.book.codes.map((code, n) => [n, `${"\u2003".repeat(code.depth)}${labelled(code)}${code.retired ? ` (${t("retired")})` : ""}`]), desk.filter.code);
  }

  /** What follows from the codings: who coded, in which rounds, how far it is. */
  function measure() {
    const { page, filter } = desk;
    fill(coders, t("all_coders"), [...people].sort().map((one) => [one, one]), filter.coder);
    fill(layers, t("all_layers"), [...rounds].sort().map((one) => [one, one]), filter.layer);
    layers.hidden = layers.options.length < 3 && !filter.layer;
    everything.hidden = !Object.values(filter).some((one) => one !== undefined);
    along.hidden = filter.code === undefined || !page.book.codes[filter.code].codable;
    const noted = notesOn(page).length;
    write(memos, noted ? `✎ ${noted}` : "✎");
    waiting.hidden = !page.waiting || desk.queue !== null;
    write(waiting, t("queue_start", { n: page.waiting }));
    queue.hidden = !desk.queue;
    if (desk.queue) where.textContent = t("queue_at", { at: desk.queue.at + 1, n: desk.queue.items.length });
    progress();
  }

  function progress() {
    const { turns, coded, seen } = progressOf(desk.page, desk.all);
    bar.value = turns ? coded / turns : 0;
    write(meter, t("progress", { coded, turns, seen }));
  }

  const counted = () => write(count, !search.value.trim() ? "" : desk.hit >= 0 && desk.hits.length ? t("hit_of", { n: desk.hit + 1, all: desk.hits.length }) : t("hits", { n: desk.hits.length }));

  return {
    search, show, meet, measure, progress, counted, clear,
    parts: [
      el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
        documents, memos, bar, meter, waiting, el("span", { class: "qc-gap" }),
        search, icon("↑", t("find_previous"), "Shift + Enter", () => toHit(-1)), icon("↓", t("find_next"), "Enter", () => toHit(1)), el("label", { class: "qc-check", title: t("find_forms_hint") }, forms, t("find_forms")), count, el("button", { class: "qc-quiet", title: `${t("seek_open")} (/)`, "aria-label": t("seek_open"), onclick: () => desk.seek.open() }, "⌕", el("kbd", {}, "/")), el("span", { class: "qc-gap" }),
        icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo")),
        icon("¶", t("working_definition"), "w", () => showDefinition(over, t, desk.page.book)), icon("?", t("help"), "?", () => desk.help())),
      el("div", { class: "qc-bar qc-second" },
        jump("previous_coding", "p", () => walk.toCoding(-1)), jump("next_coding", "n", () => walk.toCoding(1)), jump("next_uncoded", "u", () => walk.toUncoded()), jump("next_memo", "j", () => walk.toMemo()),
        el("span", { class: "qc-gap" }), everything, speakers, codes, along, coders, layers),
      queue,
      notice,
    ],
  };
}
