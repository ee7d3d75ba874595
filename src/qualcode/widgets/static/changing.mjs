// The windows that ask before the codebook changes: what a change would do is computed by the study and stands there first.

import { el, labelled, replace } from "./parts.mjs";
import { parentsFor, targetsFor } from "./tree.mjs";

const PLAIN = { retire: ["retire_title", "retire_effect"], restore: ["restore_title", "restore_effect"] };

export function changing({ t, line, over, bookOf, choose }) {
  const codes = () => bookOf().codes;
  const placeOf = (key) => codes().findIndex((code) => code.key === key);
  const field = (name, input) => el("label", { class: "qc-field" }, el("span", {}, name), input);
  const picker = (places, label, onPick) =>
    el("select", { "aria-label": label, onchange: onPick }, ...places.map((n) => el("option", { value: codes()[n].key }, `${"\u2003".repeat(codes()[n].depth)}${labelled(codes()[n])}`)));

  /** A table that keeps up with what is filled in: which codes would count more, less, or no longer. */
  function effects(asked) {
    const element = el("div", { class: "qc-effect", "aria-live": "polite" });
    const counted = (numbers) => (numbers ? t("numbers", { codings: numbers[0], groups: numbers[1], interviews: numbers[2] }) : "–");
    let last = 0;
    const look = async () => {
      const mine = ++last;
      const answer = await line.ask("preview", asked());
      if (mine !== last) return;
      if (!answer) return replace(element, el("p", {}, t("not_possible")));
      const rows = answer.effect.map((row) => el("tr", {}, el("th", { scope: "row" }, row.code), el("td", {}, counted(row.before)), el("td", {}, counted(row.after))));
      const head = el("tr", {}, ...["code", "now", "then"].map((name) => el("th", { scope: "col" }, t(`effect_${name}`))));
      replace(element, rows.length ? el("table", { class: "qc-numbers" }, el("thead", {}, head), el("tbody", {}, ...rows)) : el("p", {}, t("effect_none")), answer.waiting ? el("p", {}, t("effect_waiting", { n: answer.waiting })) : null);
    };
    return { element, look };
  }

  function askMove(key, to) {
    const place = placeOf(key);
    const code = codes()[place];
    const effect = effects(() => ({ verb: "move", code: key, to: select.value }));
    const select = picker(parentsFor(codes(), place), t("move_under"), effect.look);
    select.prepend(el("option", { value: "" }, t("top")));
    select.value = to ?? codes()[code.parent]?.key ?? "";
    over.ask(t("move_title", { code: labelled(code) }), [field(t("move_under"), select), el("p", {}, t("move_effect")), effect.element], t("move"), () => {
      line.ask("move", { code: key, parent: select.value || null });
    });
    effect.look();
  }

  function askMerge(key) {
    const code = codes()[placeOf(key)];
    const places = targetsFor(codes(), placeOf(key));
    if (!places.length) return over.open(t("merge_title", { code: labelled(code) }), el("p", {}, t("merge_nothing")));
    const effect = effects(() => ({ verb: "merge", code: key, to: select.value }));
    const select = picker(places, t("merge_into"), effect.look);
    over.ask(t("merge_title", { code: labelled(code) }), [field(t("merge_into"), select), el("p", {}, t("merge_effect", { code: labelled(code) })), effect.element], t("merge"), () => {
      line.ask("merge", { code: key, into: select.value });
    });
    effect.look();
  }

  function askSplit(key) {
    const code = codes()[placeOf(key)];
    const given = () => names.value.split("\n").filter((one) => one.trim());
    const look = () => given().length && effect.look();
    const names = el("textarea", { rows: 3, "aria-label": t("split_names"), onchange: look });
    const box = el("input", { type: "checkbox", checked: true, onchange: look });
    const effect = effects(() => ({ verb: "split", code: key, names: given(), retire: box.checked }));
    over.ask(t("split_title", { code: labelled(code) }), [field(t("split_names"), names), el("label", { class: "qc-check" }, box, t("split_retire")), el("p", {}, t("split_effect", { code: labelled(code) })), effect.element], t("split"), () => {
      if (!given().length) return false;
      line.ask("split", { code: key, names: given(), retire: box.checked });
    });
  }

  /** Retire or restore: nothing to fill in, all to see. */
  function askPlain(verb, key) {
    const code = codes()[placeOf(key)];
    const effect = effects(() => ({ verb, code: key }));
    over.ask(t(PLAIN[verb][0], { code: labelled(code) }), [el("p", {}, t(PLAIN[verb][1])), effect.element], t(verb), () => {
      line.ask(verb, { code: key });
    });
    effect.look();
  }

  function askAdd(key) {
    const here = codes()[placeOf(key)];
    const above = here ? (here.codable ? codes()[here.parent] : here) : null;
    const title = el("input", { type: "text", class: "qc-input", "aria-label": t("field_name") });
    const select = picker(codes().map((_, n) => n).filter((n) => !codes()[n].codable && !codes()[n].retired), t("move_under"), () => {});
    select.prepend(el("option", { value: "" }, t("top")));
    select.value = above?.key ?? "";
    const codable = el("input", { type: "checkbox", checked: true });
    over.ask(t("add_code"), [field(t("field_name"), title), field(t("move_under"), select), el("label", { class: "qc-check" }, codable, t("is_codable"))], t("add"), () => {
      if (!title.value.trim()) return false;
      line.ask("add", { name: title.value, parent: select.value || null, codable: codable.checked }).then((done) => done && choose(done.made));
    });
  }

  /** Another code that this one is easily taken for, with the rule that decides. */
  function askPair(key) {
    const place = placeOf(key);
    const paired = new Set(bookOf().pairs.filter((pair) => pair.includes(place)).flatMap(([a, b]) => [a, b]));
    const select = picker(targetsFor(codes(), place).filter((n) => !paired.has(n)), t("pair_with"), () => {});
    const rule = el("textarea", { rows: 3, "aria-label": t("pair_rule") });
    over.ask(t("pair_title", { code: labelled(codes()[place]) }), [field(t("pair_with"), select), field(t("pair_rule"), rule)], t("add"), () => {
      if (!select.value || !rule.value.trim()) return rule.focus() ?? false;
      line.ask("pair", { code: key, other: select.value, rule: rule.value });
    });
  }

  function askVersion() {
    const title = el("input", { type: "text", class: "qc-input", value: bookOf().version, "aria-label": t("version") });
    over.ask(t("name_version"), [field(t("version"), title)], t("keep"), () => {
      if (!title.value.trim()) return false;
      line.ask("version", { name: title.value });
    });
  }

  return { askMove, askMerge, askSplit, askRetire: (key) => askPlain("retire", key), askRestore: (key) => askPlain("restore", key), askPair, askAdd, askVersion };
}
