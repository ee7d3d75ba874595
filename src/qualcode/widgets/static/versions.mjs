// Two versions of the codebook side by side: per code what changed, with the words that differ marked.

import { el, replace, shownTime } from "./parts.mjs";

const side = (pieces) => el("td", {}, ...pieces.map(([words, mark]) => (mark === "same" ? words : el(mark === "gone" ? "del" : "ins", {}, words))));

// that a code left or came back into use is said by the change itself
const named = ({ field }) => field && field !== "retired";

export async function compareVersions({ t, lang, line, over }) {
  const answer = await line.ask("versions");
  if (!answer) return;
  const found = answer.versions;
  if (found.length < 2) return over.open(t("compare_versions"), el("p", {}, t("one_version")));
  const name = (version) => [version.label || t("unnamed_version"), shownTime(version.at, lang), version.coder].filter(Boolean).join(" · ");
  const chooser = (label, chosen) => el("select", { "aria-label": label, onchange: draw }, ...found.map((one) => el("option", { value: one.key, selected: one.key === chosen, title: one.changes }, name(one))));
  // the last version with a name, else the one before the present
  const from = found.slice(1).find(({ label }) => label) ?? found[1];
  const [before, after] = [chooser(t("version_before"), from.key), chooser(t("version_after"), found[0].key)];
  const table = el("div", { class: "qc-versions", "aria-live": "polite" });

  async function draw() {
    const compared = await line.ask("compare", { before: before.value, after: after.value });
    if (!compared) return;
    const byCode = new Map();
    for (const row of compared.changes) byCode.set(row.code, [...(byCode.get(row.code) ?? []), row]);
    const parts = [...byCode].map(([code, rows]) => [
      el("h3", {}, code || t("whole_codebook")),
      el("table", { class: "qc-sides" }, el("tbody", {}, ...rows.map((row) => el("tr", {}, el("th", { scope: "row" }, t(`change_${row.change}`), el("span", { class: "qc-small" }, named(row) ? t(`part_${row.field}`) : "")), ...(named(row) || !row.field ? [side(row.before), side(row.after)] : [el("td", {}), el("td", {})]))))),
    ]);
    replace(table, ...parts.flat(), parts.length ? null : el("p", {}, t("same_version")));
  }

  const label = (text, select) => el("label", { class: "qc-field" }, el("span", {}, text), select);
  over.open(t("compare_versions"), el("div", { class: "qc-pairs qc-even" }, label(t("version_before"), before), label(t("version_after"), after)), table);
  draw();
}
