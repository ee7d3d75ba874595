// The desk of suggestions: which queue, for which code, and when they are made anew.

import { frame } from "./frame.mjs";
import { el, icon, isTyping, labelled, replace } from "./parts.mjs";
import { passageQueue } from "./suggestions.mjs";

function suggestionDesk(context) {
  const edge = frame(context, { onPage, onPatch });
  const { t, root, line, over } = edge;
  const source = el("select", { "aria-label": t("which_queue"), class: "qc-wide", onchange: (event) => line.ask("choose", { source: event.target.value }) });
  const code = el("select", { "aria-label": t("only_code"), class: "qc-wide", onchange: (event) => line.ask("choose", { code: event.target.value }) });
  const notice = el("p", { class: "qc-notice", hidden: true });
  const told = el("p", { class: "qc-small" });
  const busy = el("p", { class: "qc-busy", role: "status", hidden: true }, t("busy"));
  const again = el("button", { class: "qc-button", "data-act": "again", onclick: anew }, t("again_now"), el("kbd", {}, "v"));
  const queue = passageQueue(edge, el("div", { class: "qc-choosing" }, source, code, told, busy));
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") }, el("strong", {}, t("suggestions")), el("span", { class: "qc-small" }, t("made_when_asked")), el("span", { class: "qc-gap" }), again, icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    notice, el("div", { class: "qc-middle" }, queue.element));
  edge.hint(t("hint_queue"));

  function onPage(page) {
    notice.textContent = page.notice;
    notice.hidden = !page.notice;
    replace(source, ...page.sources.map((name) => el("option", { value: name }, t(`source_${name}`))));
    source.value = page.queue.source;
    replace(code, el("option", { value: "" }, t("every_code")), ...page.codes.filter((one) => one.codable && !one.retired).map((one) => el("option", { value: one.key }, labelled(one))));
    code.value = page.queue.code;
    told.textContent = t(`about_${page.queue.source}`);
    working(page.busy);
    queue.show(page.queue, page.codes);
    edge.ready();
  }

  function onPatch(message, _, mine) {
    if (mine && message.said) edge.say(message.said);
    if (message.note) edge.say(message.note);
    if (message.busy !== undefined) working(message.busy);
    if (message.done) queue.patch(message.done);
  }

  function working(on) {
    busy.hidden = !on;
    again.disabled = on;
  }

  function anew() {
    if (!again.disabled) line.ask("again");
  }

  root.addEventListener("keydown", (event) => {
    const free = !isTyping(event.target) && !event.target.matches("select") && !event.ctrlKey && !event.metaKey && !event.altKey && !over.isOpen();
    if (edge.control(event, { search: queue.list.element, kept: t("kept_decisions") })) event.preventDefault();
    else if (event.key === "Escape" && (isTyping(event.target) || event.target.matches("select"))) queue.list.element.focus();
    else if (free && event.key === "v") anew();
    else if (!(free && queue.key(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  });

  line.hello();
  return edge.leave;
}

export default { render: suggestionDesk };
