// The palette: type two letters, see the definition beside the choice, press Enter.

import { matching } from "./find.mjs";
import { dotOf, el, labelled, replace, write } from "./parts.mjs";

let palettes = 0;

export function palette({ t, onChoose, onInvent, onLeave, onNotes, noting }) {
  const id = `qcp${++palettes}`;
  const input = el("input", {
    type: "text", class: "qc-input", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "true",
    "aria-controls": `${id}-list`, "aria-label": t("palette_label"), placeholder: t("palette_hint"),
  });
  const recent = el("div", { class: "qc-recent", role: "group", "aria-label": t("recent_label") });
  const list = el("div", { class: "qc-options", role: "listbox", id: `${id}-list`, "aria-label": t("palette_label") });
  const invent = el("button", { class: "qc-quiet", onclick: () => onInvent(input.value.trim()) });
  const card = el("div", { class: "qc-card", "aria-live": "off" });
  const purpose = el("p", { class: "qc-purpose" });
  const element = el("div", { class: "qc-palette" }, purpose, input, recent, list, invent, card);
  let book = { codes: [], pairs: [] };
  let places = [];
  let active = 0;
  let words = "";
  let shownRecent = null;

  function option(place, number) {
    const code = book.codes[place];
    const above = code.path.split(" › ").slice(0, -1).join(" › ");
    return el(
      "div",
      {
        class: "qc-option", role: "option", id: `${id}-${number}`, "aria-selected": String(number === active), "data-code": code.key,
        onpointerdown: (event) => event.preventDefault(), onclick: () => onChoose(place), onpointermove: () => number !== active && activate(number, false),
      },
      dotOf(code), el("span", { class: "qc-id" }, code.id), el("span", { class: "qc-name" }, code.name), el("span", { class: "qc-above" }, above),
    );
  }

  function list_() {
    places = matching(book.codes, input.value);
    active = 0;
    replace(list, ...places.map(option));
    if (!places.length) list.append(el("p", { class: "qc-none" }, t("no_match")));
    activate(0, true);
    offer();
  }

  function offer() {
    const name = input.value.trim() || words;
    invent.hidden = !words && !input.value.trim();
    const short = name.length > 44 ? `${name.slice(0, 44)}…` : name;
    invent.textContent = input.value.trim() ? t("invent", { name: short }) : t("in_vivo", { name: short });
  }

  function activate(number, scroll) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = Math.max(0, Math.min(number, places.length - 1));
    const chosen = places.length ? list.children[active] : null;
    chosen?.setAttribute("aria-selected", "true");
    if (scroll) chosen?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", chosen ? chosen.id : "");
    again();
  }

  /** Show the code under the choice anew, with its memos. */
  function again() {
    describe(card, book, places[active], t);
    if (places.length) card.append(noting(places[active]));
  }

  function clear() {
    if (!input.value) return active && activate(0, true);
    input.value = "";
    list_();
  }

  input.addEventListener("input", list_);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) activate(active + steps[event.key], true);
    else if (event.key === "Enter" && event.altKey) places.length && onNotes(places[active]);
    else if (event.key === "Enter" && event.ctrlKey) onInvent(input.value.trim());
    else if (event.key === "Enter" && places.length) onChoose(places[active]);
    else if (event.key === "Escape") {
      clear();
      onLeave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    input,
    setBook: (next) => {
      book = next;
      shownRecent = null;
      list_();
    },
    setRecent: (codes) => {
      if (shownRecent === (shownRecent = codes.join())) return;
      replace(recent, ...codes.map((place, n) => el("button", { class: "qc-chip", title: labelled(book.codes[place]), onclick: () => onChoose(place) }, el("kbd", {}, String(n + 1)), ` ${book.codes[place].id || book.codes[place].name.slice(0, 10)}`)));
    },
    setPurpose: (text) => write(purpose, text),
    setWords: (text) => {
      if (words === (words = text)) return;
      offer();
    },
    clear,
    again,
    type: (letter) => {
      input.value += letter;
      input.focus();
      list_();
    },
  };
}

/** What a code means, when it is right, when it is not, and what it is easily taken for. */
export function describe(card, book, place, t) {
  const code = book.codes[place];
  if (!code) return replace(card);
  const part = (name, text) => (text ? el("p", {}, el("strong", {}, t(name)), " ", text) : null);
  const pairs = book.pairs.filter(([a, b]) => a === place || b === place);
  replace(
    card,
    el("h3", {}, labelled(code)),
    el("p", { class: "qc-path" }, code.path),
    code.definition ? el("p", {}, code.definition) : null,
    part("include", code.include),
    part("exclude", code.exclude),
    code.examples.length ? el("p", {}, el("strong", {}, t("examples")), " ", code.examples.map((one) => `“${one}”`).join(" ")) : null,
    ...pairs.map(([a, b, rule]) => el("p", { class: "qc-pair" }, el("strong", {}, t("not_to_confuse", { code: labelled(book.codes[a === place ? b : a]) })), " ", rule)),
    code.requires.length ? part("requires", code.requires.join(", ")) : null,
  );
}
