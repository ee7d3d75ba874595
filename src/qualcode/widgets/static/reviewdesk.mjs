// The review desk: four views under one roof; 1 to 4 go from one to the other.

import { frame } from "./frame.mjs";
import { matrixView, signingView } from "./matrix.mjs";
import { el, icon, isTyping } from "./parts.mjs";
import { queueView, threadView } from "./reviewing.mjs";

const VIEWS = ["queue", "threads", "matrix", "signing"];

function reviewDesk(context) {
  const edge = frame(context, { onPage, onPatch: (message, _, mine) => mine && message.said && edge.say(message.said) });
  const { t, root, line, over } = edge;
  const views = { queue: queueView(edge), threads: threadView(edge), matrix: matrixView(edge), signing: signingView(edge) };
  let now = "queue";
  const notice = el("p", { class: "qc-notice", hidden: true });
  const tab = (name, n) => el("button", { class: "qc-tab", role: "tab", "data-tab": name, "aria-selected": "false", onclick: () => turnTo(name) }, el("span", {}, t(`tab_${name}`)), el("kbd", {}, String(n + 1)));
  const tabs = el("div", { class: "qc-tabs", role: "tablist", "aria-label": t("views") }, ...VIEWS.map(tab));
  const middle = el("div", { class: "qc-middle" });
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") }, tabs, el("span", { class: "qc-gap" }), icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    notice, middle,
  );

  function onPage(page) {
    now = page.tab;
    notice.textContent = page.notice;
    notice.hidden = !page.notice;
    for (const one of tabs.children) {
      one.setAttribute("aria-selected", String(one.dataset.tab === now));
      if (one.dataset.tab === "threads") one.firstChild.textContent = t("tab_threads") + (page.waiting ? ` (${page.waiting})` : "");
    }
    if (middle.firstChild !== views[now].element) middle.replaceChildren(views[now].element);
    views[now].show(page);
    edge.hint(t(`hint_${now}`));
    edge.ready();
  }

  async function turnTo(name) {
    await line.ask("tab", { tab: name });
    const list = views[name].list;
    (list.focus ?? (() => list.element.focus()))();
  }

  root.addEventListener("keydown", (event) => {
    const free = !isTyping(event.target) && !event.target.matches("select") && !event.ctrlKey && !event.metaKey && !event.altKey && !over.isOpen();
    if (edge.control(event, { search: views[now].list.element, kept: t("kept_reviews") })) event.preventDefault();
    else if (event.key === "Escape" && isTyping(event.target)) views[now].list.element.focus();
    else if (free && VIEWS[Number(event.key) - 1]) turnTo(VIEWS[Number(event.key) - 1]);
    else if (!(free && views[now].key(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  });

  line.hello();
  return edge.leave;
}

export default { render: reviewDesk };
