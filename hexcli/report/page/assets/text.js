/* Elements and texts. Nothing here, or in any other script, makes HTML of a text: it goes in as text nodes only. */
(() => {
  "use strict";

  /* An element: attributes by name, `on...` listeners as functions, children as elements or texts. */
  Hex.el = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  /* Characters that hide, or turn the text around: shown by their numbers. */
  const HIDDEN = new RegExp(`[${JSON.parse(document.getElementById("report-data").textContent).hidden}]`, "gu");
  const code = (one) => one.codePointAt(0).toString(16);
  const escape = (one) => (code(one).length > 2 ? `\\u${code(one).padStart(4, "0")}` : `\\x${code(one).padStart(2, "0")}`);

  Hex.visible = (text) => String(text).replace(HIDDEN, escape);

  /* Append a text of a model's, its hidden characters as marks. */
  Hex.say = (parent, text) => {
    let from = 0;
    for (const match of text.matchAll(HIDDEN)) {
      if (match.index > from) parent.append(text.slice(from, match.index));
      parent.append(Hex.el("span", { class: "hidden-character" }, escape(match[0])));
      from = match.index + match[0].length;
    }
    if (from < text.length) parent.append(text.slice(from));
    return parent;
  };

  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });

  /* A value of a figure's column, for people. */
  Hex.format = (form, value) => {
    if (value === null || value === undefined) return "";
    if (form === "share") return `${(100 * value).toFixed(1)} %`;
    if (form === "points" && Math.abs(value) < 0.0005) return "0.0";
    if (form === "points") return `${value < 0 ? "−" : "+"}${Math.abs(100 * value).toFixed(1)}`;
    if (form === "p") return value < 0.001 ? "< 0.001" : value.toFixed(3);
    if (form === "count") return whole.format(value);
    if (form === "number") return Math.abs(value) >= 1000 ? whole.format(value) : short.format(value);
    return Hex.visible(value);
  };

  Hex.percent = (value, digits = 1) => `${(100 * value).toFixed(digits)} %`;
  Hex.plural = (count, noun) => `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;
  Hex.calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* Offer a text as a file. */
  Hex.download = (name, text, type) => {
    const link = Hex.el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
})();
