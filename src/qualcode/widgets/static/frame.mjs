// What every desk has around it: a banner for trouble, one window over it, a line that tells what was done, light and dark,
// and the wire to the study. A desk fills the middle and says what a page and a patch mean to it.

import { el, isTyping, replace, speaker, themeOf, write } from "./parts.mjs";
import { wire } from "./wire.mjs";

/**
 * Make the frame of a desk.
 *
 * `onPage(content, numbers, rev)` and `onPatch(message, numbers, mine)` draw; `onTrouble()` and `onTheme(theme)` may follow.
 * Returns `t`, `lang`, `root`, `line` (ask, hello, again), `over` (open, close), `say`, `hint`, `trouble`, `fill`, `ready`, `control`,
 * and `leave`, which lets go of everything.
 */
export function frame({ model, el: host }, { onPage, onPatch, onTrouble = () => {}, onTheme = () => {} }) {
  const t = speaker(model.get("_t"));
  const lang = model.get("lang");
  const banner = el("div", { class: "qc-banner", role: "alert", hidden: true });
  const status = el("p", { class: "qc-status", role: "status", "aria-live": "polite" });
  const hint = el("p", { class: "qc-hint" });
  const foot = el("div", { class: "qc-foot" }, hint, status);
  const over = dialog(t);
  const root = el("div", { class: "qc-desk", lang, "data-jp-suppress-context-menu": "true" }, banner, foot, over.element);
  host.append(root);

  const shut = () => el("button", { class: "qc-icon", "aria-label": t("close"), onclick: () => (banner.hidden = true) }, "✕");
  function trouble(sentence) {
    replace(banner, el("span", {}, sentence), shut());
    delete banner.dataset.lost;
    banner.hidden = false;
    onTrouble();
  }

  function connection({ waiting, lost }) {
    root.dataset.waiting = String(waiting);
    root.dataset.lost = lost ? "1" : "";
    if (lost) {
      replace(banner, el("span", {}, t("lost", { n: waiting })), el("button", { class: "qc-button", onclick: () => line.again() }, t("try_again")));
      banner.dataset.lost = "1";
      banner.hidden = false;
    } else if (banner.dataset.lost) {
      delete banner.dataset.lost;
      banner.hidden = true;
    }
  }

  const line = wire(model, { onPage, onPatch, onTrouble: trouble, onState: connection });
  const say = (sentence) => (status.textContent = sentence);

  const dress = () => {
    root.dataset.theme = themeOf(model.get("theme"));
    onTheme(root.dataset.theme);
  };
  const grow = () => (root.style.height = model.get("height"));
  const dresser = new MutationObserver(dress);
  dresser.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  model.on("change:theme", dress);
  model.on("change:height", grow);
  grow();

  return {
    t, lang, root, line, over, say, trouble,
    hint: (sentence) => write(hint, sentence),
    /** Put the parts of the desk between the banner and the foot. */
    fill: (...parts) => {
      foot.before(...parts);
      dress();
    },
    /** Tell tests and notebooks that all is drawn: once laid out, once with tints. */
    ready: () => requestAnimationFrame(() => requestAnimationFrame(() => (root.dataset.ready = "1"))),
    /** Do what Ctrl with s, f, z and y mean at every desk; true when the key was one of these. */
    control: (event, { search, kept }) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || over.isOpen()) return false;
      const key = event.key.toLowerCase();
      const typing = isTyping(event.target) && event.target.value;
      if (key === "s") say(kept);
      else if (key === "f") search.focus();
      else if (key === "z" && !typing) line.ask(event.shiftKey ? "redo" : "undo");
      else if (key === "y" && !typing) line.ask("redo");
      else return false;
      return true;
    },
    leave: () => {
      model.off("change:theme", dress);
      model.off("change:height", grow);
      dresser.disconnect();
      line.close();
    },
  };
}

/** A window over the desk; the focus comes back where it was. */
function dialog(t) {
  const inside = el("div", { class: "qc-window-text" });
  const element = el("dialog", { class: "qc-window" }, inside);
  const close = () => element.close();
  let before = null;
  element.addEventListener("close", () => before?.focus());
  // showModal puts the dialog above everything, so a click on the backdrop lands on the dialog itself
  element.addEventListener("click", (event) => event.target === element && close());
  return {
    element,
    close,
    isOpen: () => element.open,
    open: (title, ...parts) => {
      if (!element.open) before = document.activeElement;
      element.setAttribute("aria-label", title);
      inside.onkeydown = null;
      const shut = el("button", { class: "qc-icon", "aria-label": t("close"), onclick: close }, "✕");
      replace(inside, el("div", { class: "qc-detail-head" }, el("h2", {}, title), shut), ...parts);
      if (!element.open) element.showModal();
    },
    /** Ask before doing: `act` returns false to stay open. */
    ask: (title, parts, label, act) => {
      const go = () => act() !== false && close();
      const given = parts.flat().filter(Boolean);
      element.setAttribute("aria-label", title);
      if (!element.open) before = document.activeElement;
      const keep = el("button", { class: "qc-button qc-primary", onclick: go }, label);
      replace(inside, el("h2", {}, title), ...given, el("div", { class: "qc-buttons" }, keep, el("button", { class: "qc-button", onclick: close }, t("cancel"))));
      // a handler set like this that returns false would keep every key from the field: it returns nothing
      inside.onkeydown = (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.target.matches("input"))) return;
        event.preventDefault();
        go();
      };
      if (!element.open) element.showModal();
      (inside.querySelector("input,select,textarea") ?? keep).focus();
    },
  };
}
