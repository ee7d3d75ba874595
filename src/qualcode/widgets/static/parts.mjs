// Small pieces of page. Words of people only ever become text nodes.

/** An element; every one that can have the focus keeps JupyterLab's own shortcuts away. */
export function el(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = made.defaultWords = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  if ("tabindex" in attributes || /^(button|input|select|textarea|summary|dialog|a)$/.test(tag)) made.setAttribute("data-lm-suppress-shortcuts", "true");
  if (tag === "button" && !attributes.type) made.type = "button";
  made.append(...inside.filter((part) => part !== null && part !== undefined && part !== false));
  return made;
}

/** Write words where others stand: a browser lays out again whatever is written, also when it is the same. */
export const write = (element, words) => element.textContent === words || (element.textContent = words);

export const replace = (element, ...inside) => element.replaceChildren(...inside.filter(Boolean));

/** Sentences of the catalogue, with their facts filled in. */
export const speaker = (words) => (name, facts = {}) => {
  if (!(name in words)) throw new Error(`no sentence ${name}`);
  return words[name].replace(/\{(\w+)\}/g, (_, fact) => String(facts[fact]));
};

/** Light or dark: as asked, else as JupyterLab, else as the system. */
export function themeOf(asked) {
  if (asked === "light" || asked === "dark") return asked;
  const lab = document.body.dataset.jpThemeLight;
  if (lab !== undefined) return lab === "true" ? "light" : "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export const tint = (theme, hue) => (theme === "dark" ? `oklch(0.34 0.07 ${hue})` : `oklch(0.9 0.07 ${hue})`);
export const stripe = (hue) => `oklch(0.58 0.13 ${hue})`;
export const shownTime = (at, lang) => (at ? new Date(at).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" }) : "");
export const labelled = (code) => `${code.id} ${code.name}`.trim();
export const isTyping = (target) => target.matches("textarea, input:not([type=checkbox])");

/** A button that is a sign: its name for who hears it, name and keys for who points at it. */
export const icon = (sign, name, keys, act) => el("button", { class: "qc-icon", title: keys ? `${name} (${keys})` : name, "aria-label": name, onclick: act }, sign);
export const dotOf = (code) => {
  const dot = el("span", { class: "qc-dot", "aria-hidden": "true" });
  dot.style.background = stripe(code.hue);
  return dot;
};

/** Draw a form again without taking away what somebody is writing or choosing in it: the field with the focus keeps its words and its caret. */
export function keepTyping(form, draw) {
  const held = form.contains(document.activeElement) ? document.activeElement : null;
  const field = held?.dataset.field;
  const [words, from, to, was] = field && (isTyping(held) || held.matches("select")) ? [held.value, held.selectionStart, held.selectionEnd, held.defaultWords] : [];
  draw();
  const again = field && form.querySelector(`[data-field="${field}"]`);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (words === undefined || words === was) return;
  again.value = words;
  again.setSelectionRange?.(from, to);
}
