// The codebook desk: a tree to walk through and a form to write in; what a change does is said before it is done.

import { el, isTyping, labelled, replace, speaker, stripe, themeOf } from "./parts.mjs";
import { parentsFor, rowsOf, stepped, targetsFor } from "./tree.mjs";
import { wire } from "./wire.mjs";

function codebookDesk({ model, el: host }) {
  const t = speaker(model.get("_t"));
  let book = null;
  let chosen = null; // key of the code in hand
  let dragged = null;
  const closed = new Set();

  const banner = el("div", { class: "qc-banner", role: "alert", hidden: true });
  const status = el("p", { class: "qc-status", role: "status", "aria-live": "polite" });
  const search = el("input", { type: "search", class: "qc-input qc-search", placeholder: t("find_code"), "aria-label": t("find_code"), oninput: () => drawTree() });
  const retired = el("input", { type: "checkbox", onchange: () => drawTree() });
  const tree = el("div", { class: "qc-tree", role: "tree", "aria-label": t("tree_label") });
  const form = el("div", { class: "qc-form" });
  const inside = el("div", { class: "qc-window-text" });
  const dialog = el("dialog", { class: "qc-window" }, inside);
  const name = el("strong", {});
  const icon = (sign, label, keys, act) => el("button", { class: "qc-icon", title: `${label} (${keys})`, "aria-label": label, onclick: act }, sign);
  const bar = el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
    name, el("span", { class: "qc-gap" }), search, el("label", { class: "qc-check" }, retired, t("show_retired")),
    el("button", { class: "qc-button", onclick: () => askAdd() }, t("add_code")),
    el("button", { class: "qc-button", onclick: askVersion }, t("name_version")),
    icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo")));
  const root = el("div", { class: "qc-desk", lang: model.get("lang"), "data-jp-suppress-context-menu": "true" }, banner, bar, el("div", { class: "qc-book" }, tree, form), el("div", { class: "qc-foot" }, el("p", { class: "qc-hint" }, t("hint_tree")), status), dialog);
  root.style.height = model.get("height");
  host.append(root);

  const line = wire(model, {
    onPage: (content) => {
      book = content;
      name.textContent = `${book.name} ${book.version}`.trim();
      if (!book.codes.some(({ key }) => key === chosen)) chosen = book.codes[0]?.key ?? null;
      drawTree();
      drawForm();
      root.dataset.ready = "1";
    },
    onPatch: (message, _, mine) => mine && message.said && (status.textContent = message.said),
    onTrouble: (sentence) => {
      replace(banner, el("span", {}, sentence), el("button", { class: "qc-icon", "aria-label": t("close"), onclick: () => (banner.hidden = true) }, "✕"));
      banner.hidden = false;
      drawForm();
    },
    onState: ({ waiting, lost }) => {
      root.dataset.waiting = String(waiting);
      root.dataset.lost = lost ? "1" : "";
      if (!lost) return;
      replace(banner, el("span", {}, t("lost", { n: waiting })), el("button", { class: "qc-button", onclick: line.again }, t("try_again")));
      banner.hidden = false;
    },
  });

  const placeOf = (key) => book.codes.findIndex((code) => code.key === key);
  const counted = (place) => (([codings, groups, interviews]) => t("numbers", { codings, groups, interviews }))(book.numbers[place]);

  // the tree --------------------------------------------------------------------------------------------

  function drawTree() {
    const focused = tree.contains(document.activeElement);
    const rows = rowsOf(book.codes, search.value, closed, retired.checked);
    const parents = new Set(book.codes.map(({ parent }) => parent));
    replace(tree, ...rows.map((place) => row(place, parents.has(place))));
    if (!rows.length) tree.append(el("p", { class: "qc-none" }, t("no_match")));
    const held = tree.querySelector("[aria-selected='true']") ?? tree.querySelector("[role=treeitem]");
    if (held) held.tabIndex = 0;
    if (focused) held?.focus();
  }

  function row(place, branch) {
    const code = book.codes[place];
    const open = !closed.has(code.key);
    const dot = el("span", { class: "qc-dot", "aria-hidden": "true" });
    dot.style.background = stripe(code.hue);
    const made = el("div", {
      class: "qc-row", role: "treeitem", tabindex: -1, "data-key": code.key, "aria-level": String(code.depth + 1), "aria-selected": String(code.key === chosen),
      "aria-expanded": branch ? String(open) : null, draggable: "true", onclick: (event) => (event.target.matches(".qc-fold") ? fold(code.key) : choose(code.key)),
      ondragstart: () => (dragged = code.key), ondragover: (event) => !code.codable && event.preventDefault(), ondrop: (event) => (event.preventDefault(), askMove(dragged, code.key)),
    }, el("span", { class: "qc-fold", "aria-hidden": "true" }, branch ? (open ? "▾" : "▸") : ""), dot, el("span", { class: "qc-id" }, code.id), el("span", { class: "qc-name" }, code.name, code.retired ? el("span", { class: "qc-retired" }, t("retired")) : null), el("span", { class: "qc-small" }, counted(place)));
    made.style.paddingLeft = `${8 + 18 * code.depth}px`;
    made.classList.toggle("qc-branch", !code.codable);
    return made;
  }

  function choose(key) {
    chosen = key;
    drawTree();
    drawForm();
    tree.querySelector("[aria-selected='true']")?.focus();
  }

  function fold(key) {
    if (!closed.delete(key)) closed.add(key);
    drawTree();
  }

  tree.addEventListener("keydown", (event) => {
    const rows = [...tree.querySelectorAll("[role=treeitem]")];
    const at = rows.findIndex((one) => one === document.activeElement);
    if (at < 0) return;
    const place = placeOf(rows[at].dataset.key);
    const code = book.codes[place];
    const branch = rows[at].getAttribute("aria-expanded");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey) {
      const position = stepped(book.codes, book.positions, place, step);
      if (position !== null) line.ask("move", { code: code.key, parent: book.codes[code.parent]?.key ?? null, position });
    } else if (step) rows[at + step] && choose(rows[at + step].dataset.key);
    else if (event.key === "Home") choose(rows[0].dataset.key);
    else if (event.key === "End") choose(rows.at(-1).dataset.key);
    else if (event.key === "ArrowRight" && branch === "false") fold(code.key);
    else if (event.key === "ArrowLeft" && branch === "true") fold(code.key);
    else if (event.key === "ArrowLeft" && code.parent >= 0) choose(book.codes[code.parent].key);
    else if (event.key === "Enter" || event.key === "F2") form.querySelector("input,textarea")?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // the form --------------------------------------------------------------------------------------------

  function drawForm() {
    const place = placeOf(chosen);
    const code = book?.codes[place];
    if (!code) return replace(form);
    const save = (field) => (event) => line.ask("edit", { code: code.key, fields: { [field]: event.target.value } });
    const area = (field, value, rows) => el("label", { class: "qc-field" }, el("span", {}, t(`field_${field}`)), el("textarea", { rows, value, "data-field": field, onchange: save(field) }));
    const short = (field, value, type = "text") => el("label", { class: "qc-field" }, el("span", {}, t(`field_${field}`)), el("input", { type, value, "data-field": field, onchange: save(field) }));
    const pairs = book.pairs.filter(([a, b]) => a === place || b === place);
    replace(form,
      el("h2", {}, labelled(code)), el("p", { class: "qc-path" }, code.path), el("p", { class: "qc-small" }, counted(place)),
      el("div", { class: "qc-buttons" },
        el("button", { class: "qc-button", onclick: () => askMove(code.key) }, t("move")),
        code.codable ? el("button", { class: "qc-button", onclick: askMerge }, t("merge")) : null,
        code.codable ? el("button", { class: "qc-button", onclick: askSplit }, t("split")) : null,
        code.retired ? el("button", { class: "qc-button", onclick: () => line.ask("restore", { code: code.key }) }, t("restore")) : el("button", { class: "qc-button", onclick: askRetire }, t("retire"))),
      short("name", code.name), area("definition", code.definition, 3), area("include", code.include, 2), area("exclude", code.exclude, 2), area("examples", code.examples.join("\n"), 3),
      el("div", { class: "qc-pairs" }, short("source", code.source), short("colour", code.colour || "#808080", "color")),
      ...pairs.map(([a, b, rule]) => el("p", { class: "qc-pair" }, el("strong", {}, t("not_to_confuse", { code: labelled(book.codes[a === place ? b : a]) })), " ", rule)));
  }

  // asking before doing ---------------------------------------------------------------------------------

  /** Ask with what it will do in view; `act` gets the dialog's fields. */
  function ask(title, parts, label, act) {
    const before = document.activeElement;
    const go = () => {
      if (act() !== false) dialog.close();
    };
    dialog.setAttribute("aria-label", title);
    replace(inside, el("h2", {}, title), ...parts, el("div", { class: "qc-buttons" }, el("button", { class: "qc-button qc-primary", onclick: go }, label), el("button", { class: "qc-button", onclick: () => dialog.close() }, t("cancel"))));
    dialog.onclose = () => (tree.querySelector("[aria-selected='true']") ?? before)?.focus();
    dialog.showModal();
    inside.querySelector("input,select,textarea")?.focus();
  }

  const picker = (places, label, onPick) => el("select", { "aria-label": label, onchange: (event) => onPick(event.target.value) }, ...places.map((n) => el("option", { value: book.codes[n].key }, `${"  ".repeat(book.codes[n].depth)}${labelled(book.codes[n])}`)));

  async function askMove(key, to) {
    const place = placeOf(key);
    const code = book.codes[place];
    const places = parentsFor(book.codes, place);
    const select = picker(places, t("move_under"), () => {});
    select.prepend(el("option", { value: "" }, t("top")));
    select.value = to ?? book.codes[code.parent]?.key ?? "";
    ask(t("move_title", { code: labelled(code) }), [el("label", { class: "qc-field" }, el("span", {}, t("move_under")), select), el("p", {}, t("move_effect", { n: book.numbers[place][0] }))], t("move"), () => {
      line.ask("move", { code: key, parent: select.value || null });
    });
  }

  function askMerge() {
    const place = placeOf(chosen);
    const code = book.codes[place];
    const places = targetsFor(book.codes, place);
    const effect = el("p", {});
    const tell = (key) => (effect.textContent = t("merge_effect", { n: book.numbers[place][0], code: labelled(code), into: labelled(book.codes[placeOf(key)]), m: book.numbers[placeOf(key)][0] }));
    const select = picker(places, t("merge_into"), tell);
    if (places.length) tell(book.codes[places[0]].key);
    ask(t("merge_title", { code: labelled(code) }), [el("label", { class: "qc-field" }, el("span", {}, t("merge_into")), select), effect], t("merge"), () => {
      line.ask("merge", { code: code.key, into: select.value });
    });
  }

  function askSplit() {
    const place = placeOf(chosen);
    const code = book.codes[place];
    const names = el("textarea", { rows: 3, "aria-label": t("split_names") });
    const box = el("input", { type: "checkbox", checked: true });
    ask(t("split_title", { code: labelled(code) }), [el("label", { class: "qc-field" }, el("span", {}, t("split_names")), names), el("label", { class: "qc-check" }, box, t("split_retire")), el("p", {}, t("split_effect", { n: book.numbers[place][0], code: labelled(code) }))], t("split"), () => {
      const given = names.value.split("\n").filter((one) => one.trim());
      if (!given.length) return false;
      line.ask("split", { code: code.key, names: given, retire: box.checked });
    });
  }

  function askRetire() {
    const place = placeOf(chosen);
    const code = book.codes[place];
    ask(t("retire_title", { code: labelled(code) }), [el("p", {}, t("retire_effect", { n: book.numbers[place][0] }))], t("retire"), () => {
      line.ask("retire", { code: code.key });
    });
  }

  function askAdd() {
    const here = book.codes[placeOf(chosen)];
    const above = here ? (here.codable ? book.codes[here.parent] : here) : null;
    const title = el("input", { type: "text", class: "qc-input", "aria-label": t("field_name") });
    const select = picker(book.codes.map((_, n) => n).filter((n) => !book.codes[n].codable && !book.codes[n].retired), t("move_under"), () => {});
    select.prepend(el("option", { value: "" }, t("top")));
    select.value = above?.key ?? "";
    const codable = el("input", { type: "checkbox", checked: true });
    ask(t("add_code"), [el("label", { class: "qc-field" }, el("span", {}, t("field_name")), title), el("label", { class: "qc-field" }, el("span", {}, t("move_under")), select), el("label", { class: "qc-check" }, codable, t("is_codable"))], t("add"), () => {
      if (!title.value.trim()) return false;
      line.ask("add", { name: title.value, parent: select.value || null, codable: codable.checked }).then((done) => done && choose(done.made));
    });
  }

  function askVersion() {
    const title = el("input", { type: "text", class: "qc-input", value: book.version, "aria-label": t("version") });
    ask(t("name_version"), [el("label", { class: "qc-field" }, el("span", {}, t("version")), title)], t("keep"), () => {
      if (!title.value.trim()) return false;
      line.ask("version", { name: title.value });
    });
  }

  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || dialog.open) return;
    const key = event.key.toLowerCase();
    const typing = isTyping(event.target);
    if (key === "f") search.focus();
    else if (key === "s") status.textContent = t("kept_book");
    else if (key === "z" && !typing) line.ask(event.shiftKey ? "redo" : "undo");
    else if (key === "y" && !typing) line.ask("redo");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const dress = () => (root.dataset.theme = themeOf(model.get("theme")));
  const dresser = new MutationObserver(dress);
  dresser.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  model.on("change:theme", dress);
  dress();
  line.hello();
  return () => {
    model.off("change:theme", dress);
    dresser.disconnect();
    line.close();
  };
}

export default { render: codebookDesk };
