// The topic desk: topics on one tab, the passages of topics that were given a code on the other; 1 and 2 go between them.

import { frame } from "./frame.mjs";
import { el, icon, isTyping, replace } from "./parts.mjs";
import { passageQueue } from "./suggestions.mjs";
import { topicView } from "./topics.mjs";

const VIEWS = ["topics", "queue"];

function topicDesk(context) {
  const edge = frame(context, { onPage, onPatch });
  const { t, root, line, over } = edge;
  const views = { topics: topicView(edge), queue: passageQueue(edge, el("p", { class: "qc-small" }, t("about_topics"))) };
  let now = "topics";
  const notice = el("p", { class: "qc-notice", hidden: true });
  const notes = el("details", { class: "qc-notes" });
  const tab = (name, n) => el("button", { class: "qc-tab", role: "tab", "data-tab": name, "aria-selected": "false", onclick: () => turnTo(name) }, el("span", {}, t(`tab_${name}`)), el("kbd", {}, String(n + 1)));
  const tabs = el("div", { class: "qc-tabs", role: "tablist", "aria-label": t("views") }, ...VIEWS.map(tab));
  const middle = el("div", { class: "qc-middle" });
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") }, tabs, el("span", { class: "qc-small" }, t("search_aid")), el("span", { class: "qc-gap" }), icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    notice, notes, middle);

  function onPage(page) {
    notice.textContent = page.notice;
    notice.hidden = !page.notice;
    const open = notes.open;
    replace(notes, el("summary", {}, page.notes[0]), ...page.notes.slice(1).map((text) => el("p", { class: "qc-small" }, text)));
    notes.open = open;
    views.topics.show(page);
    views.queue.show(page.queue, page.codes);
    turn();
    edge.ready();
  }

  function onPatch(message, _, mine) {
    if (mine && message.said) edge.say(message.said);
    if (message.open) now = "topics";
    views.topics.patch(message);
    if (message.done) views.queue.patch(message.done);
    turn();
  }

  function turn() {
    for (const one of tabs.children) one.setAttribute("aria-selected", String(one.dataset.tab === now));
    const waiting = views.queue.waiting();
    tabs.children[1].firstChild.textContent = t("tab_queue") + (waiting ? ` (${waiting})` : "");
    if (middle.firstChild !== views[now].element) middle.replaceChildren(views[now].element);
    edge.hint(t(`hint_${now}`));
  }

  function turnTo(name) {
    now = name;
    turn();
    views[now].list.element.focus();
  }

  root.addEventListener("keydown", (event) => {
    const free = !isTyping(event.target) && !event.target.matches("select") && !event.ctrlKey && !event.metaKey && !event.altKey && !over.isOpen();
    if (edge.control(event, { search: views[now].list.element, kept: t("kept_decisions") })) event.preventDefault();
    else if (event.key === "Escape" && (isTyping(event.target) || event.target.matches("select")) && !over.isOpen()) views[now].list.element.focus();
    else if (free && VIEWS[Number(event.key) - 1]) turnTo(VIEWS[Number(event.key) - 1]);
    else if (!(free && views[now].key(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  });

  line.hello();
  return edge.leave;
}

export default { render: topicDesk };
