// The codebook desk: a tree to walk through and a form to write in; what a change does is said before it is done.

import { changing } from "./changing.mjs";
import { frame } from "./frame.mjs";
import { dotOf, el, icon, keepTyping, labelled, replace } from "./parts.mjs";
import { parentsFor, rowsOf, stepped, targetsFor } from "./tree.mjs";
import { compareVersions } from "./versions.mjs";

function codebookDesk(context) {
  let book = null;
  let chosen = null; // key of the code in hand
  let dragged = null;
  const closed = new Set();
  const edge = frame(context, {
    onPage: (content) => {
      book = content;
      name.textContent = `${book.name} ${book.version}`.trim();
      if (!book.codes.some(({ key }) => key === chosen)) chosen = book.codes[0]?.key ?? null;
      drawTree();
      drawForm();
      edge.ready();
    },
    onPatch: (message, _, mine) => mine && message.said && edge.say(message.said),
    // what was refused goes back to what stands
    onTrouble: () => {
      delete form.dataset.code;
      if (book) drawForm();
    },
  });
  const { t, lang, root, line, over } = edge;
  const change = changing({ t, line, over, bookOf: () => book, choose });

  const search = el("input", { type: "search", class: "qc-input qc-search", placeholder: t("find_code"), "aria-label": t("find_code"), oninput: () => drawTree() });
  const retired = el("input", { type: "checkbox", onchange: () => drawTree() });
  const tree = el("div", { class: "qc-tree", role: "tree", "aria-label": t("tree_label") });
  const form = el("div", { class: "qc-form" });
  const name = el("strong", {});
  const button = (label, act) => el("button", { class: "qc-button", onclick: act }, t(label));
  edge.fill(
    el("div", { class: "qc-bar", role: "toolbar", "aria-label": t("tools") },
      name, el("span", { class: "qc-gap" }), search, el("label", { class: "qc-check" }, retired, t("show_retired")),
      button("add_code", () => change.askAdd(chosen)), button("name_version", change.askVersion), button("compare_versions", () => compareVersions({ t, lang, line, over })),
      icon("↶", t("undo"), "Ctrl + Z", () => line.ask("undo")), icon("↷", t("redo"), "Ctrl + Y", () => line.ask("redo"))),
    el("div", { class: "qc-book" }, tree, form),
  );
  edge.hint(t("hint_tree"));

  const placeOf = (key) => book.codes.findIndex((code) => code.key === key);
  /** Whether what is dragged may come under this place: not under itself, nor under what stands below it. */
  const takes = (place) => dragged !== null && parentsFor(book.codes, placeOf(dragged)).includes(place);
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
    const made = el("div", {
      class: "qc-row", role: "treeitem", tabindex: -1, "data-key": code.key, "aria-level": String(code.depth + 1), "aria-selected": String(code.key === chosen),
      "aria-expanded": branch ? String(open) : null, draggable: "true", onclick: (event) => (event.target.matches(".qc-fold") ? fold(code.key) : choose(code.key)),
      ondragstart: () => (dragged = code.key), ondragover: (event) => takes(place) && event.preventDefault(), ondrop: (event) => (event.preventDefault(), change.askMove(dragged, code.key)),
    }, el("span", { class: "qc-fold", "aria-hidden": "true" }, branch ? (open ? "▾" : "▸") : ""), dotOf(code), el("span", { class: "qc-id" }, code.id), el("span", { class: "qc-name" }, code.name, code.retired ? el("span", { class: "qc-retired" }, t("retired")) : null), el("span", { class: "qc-small" }, counted(place)));
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
    if (place < 0) return replace(form);
    const inForm = form.contains(document.activeElement);
    // somebody may be writing here when another's work comes in
    if (form.dataset.code === chosen) keepTyping(form, () => fillForm(place, book.codes[place]));
    else fillForm(place, book.codes[place]);
    form.dataset.code = chosen;
    if (inForm && !root.contains(document.activeElement)) tree.querySelector("[tabindex='0']")?.focus();
  }

  function fillForm(place, code) {
    const save = (field) => (event) => line.ask("edit", { code: code.key, fields: { [field]: event.target.value } });
    const area = (field, value, rows) => el("label", { class: "qc-field" }, el("span", {}, t(`field_${field}`)), el("textarea", { rows, value, "data-field": field, onchange: save(field) }));
    const short = (field, value, type = "text") => el("label", { class: "qc-field" }, el("span", {}, t(`field_${field}`)), el("input", { type, value, "data-field": field, onchange: save(field) }));
    const needs = (name) => (event) => line.ask("edit", { code: code.key, fields: { requires: event.target.checked ? [...code.needs, name] : code.needs.filter((one) => one !== name) } });
    // what a theme asks for holds for all below it: there it is seen, and changed at the theme
    const need = ({ name, definition }) => el("label", { class: "qc-check", title: definition }, el("input", { type: "checkbox", "data-field": `needs-${name}`, checked: code.requires.includes(name), disabled: code.requires.includes(name) && !code.needs.includes(name), onchange: needs(name) }), name);
    const rule = (other, text) => el("label", { class: "qc-field qc-pair" }, el("span", {}, t("not_to_confuse", { code: labelled(other) })), el("textarea", { rows: 2, value: text, "data-field": `pair-${other.key}`, title: t("pair_hint"), onchange: (event) => line.ask("pair", { code: code.key, other: other.key, rule: event.target.value }) }));
    const pairs = book.pairs.filter(([a, b]) => a === place || b === place);
    replace(form,
      el("h2", {}, labelled(code)), el("p", { class: "qc-path" }, code.path), el("p", { class: "qc-small" }, counted(place)),
      el("div", { class: "qc-buttons" },
        button("move", () => change.askMove(code.key)),
        code.codable ? button("merge", () => change.askMerge(code.key)) : null,
        code.codable ? button("split", () => change.askSplit(code.key)) : null,
        code.retired ? button("restore", () => change.askRestore(code.key)) : button("retire", () => change.askRetire(code.key))),
      short("name", code.name), area("definition", code.definition, 3), area("include", code.include, 2), area("exclude", code.exclude, 2), area("examples", code.examples.join("\n"), 3),
      el("div", { class: "qc-pairs" }, short("source", code.source), short("colour", code.colour || "#808080", "color")),
      el("label", { class: "qc-check" }, el("input", { type: "checkbox", "data-field": "codable", checked: code.codable, onchange: (event) => line.ask("edit", { code: code.key, fields: { codable: event.target.checked } }) }), t("is_codable")),
      book.dimensions.length ? el("fieldset", { class: "qc-needs" }, el("legend", {}, t("requires")), ...book.dimensions.map(need)) : null,
      ...pairs.map(([a, b, text]) => rule(book.codes[a === place ? b : a], text)),
      targetsFor(book.codes, place).length ? el("div", { class: "qc-buttons" }, button("add_pair", () => change.askPair(code.key))) : null);
  }

  root.addEventListener("keydown", (event) => {
    if (!edge.control(event, { search, kept: t("kept_book") })) return;
    event.preventDefault();
    event.stopPropagation();
  });
  line.hello();
  return edge.leave;
}

export default { render: codebookDesk };
