// Likely codes for the words in hand, only when asked for: quiet, with how often they proved right; a person takes one over or puts it aside.

import { dotOf, el, labelled, replace } from "./parts.mjs";

export function likely(desk, walk) {
  const { t, line, over, say } = desk;
  const ask = el("button", { class: "qc-quiet qc-guess", onclick: begin }, t("likely_ask"), el("kbd", {}, "."));
  const body = el("div", { class: "qc-likely-list", role: "status" });
  const element = el("section", { class: "qc-likely", "aria-label": t("likely_label") }, ask, body);
  let about = null; // the words that were asked about
  let asked = 0;

  async function begin() {
    const span = walk.spanNow();
    if (!span) return say(t("select_first"));
    if (about && about.start === span.start && about.end === span.end && body.querySelector("button")) return body.querySelector("button").focus();
    about = { ...span };
    replace(body, el("p", { class: "qc-small" }, t("likely_busy")));
    const answer = await line.ask("suggest", { ...span });
    if (answer) asked = answer.req;
    else clear();
  }

  function clear() {
    about = null;
    body.replaceChildren();
  }

  function answered(found) {
    if (!about || found.asked < asked) return;
    if (found.trouble) return replace(body, el("p", { class: "qc-small" }, found.trouble));
    about = { ...about, words: { start: found.start, end: found.end } };
    const notes = el("details", { class: "qc-small" }, el("summary", {}, t("likely_grounds")), ...found.notes.map((one) => el("p", {}, one)));
    replace(body, found.codes.length ? el("ul", { class: "qc-here-list" }, ...found.codes.map(row)) : el("p", { class: "qc-small" }, t("likely_none")), notes);
    element.scrollIntoView({ block: "nearest" });
  }

  function row(one) {
    const code = desk.page.book.codes.find(({ key }) => key === one.code_guid);
    if (!code) return null;
    const chance = t("likely_chance", { percent: Math.round(one.chance * 100), measured: one.measured });
    return el("li", { class: "qc-likely-item", "data-likely": one.code },
      el("span", {}, dotOf(code), " ", labelled(code)), el("span", { class: "qc-small" }, chance),
      el("span", { class: "qc-buttons" },
        el("button", { class: "qc-button", onclick: () => take(one) }, t("likely_take")), el("button", { class: "qc-button", onclick: () => refuse(one, labelled(code)) }, t("likely_refuse"))));
  }

  const gone = (one) => {
    body.querySelector(`[data-likely="${CSS.escape(one.code)}"]`)?.remove();
    walk.toText();
  };

  async function take(one) {
    if (await line.ask("accept", { ...about.words, code: one.code_guid, chance: one.chance })) gone(one);
  }

  function refuse(one, name) {
    const reason = el("input", { type: "text", class: "qc-wide", "aria-label": t("likely_reason") });
    over.ask(t("likely_refuse_code", { code: name }), [el("label", { class: "qc-field" }, el("span", {}, t("likely_reason")), reason)], t("likely_refuse_do"), () => {
      if (!reason.value.trim()) return reason.focus() ?? false;
      line.ask("refuse", { ...about.words, code: one.code_guid, chance: one.chance, reason: reason.value.trim() }).then((done) => done && gone(one));
    });
  }

  return {
    element, begin, answered,
    /** Other words are in hand: what was likely for those before is no longer shown. */
    meet: (span) => {
      if (about && (!span || span.start !== about.start || span.end !== about.end)) clear();
      ask.hidden = !span;
    },
  };
}
