/* The figures' data, as objects, as tables and as CSV: always the same rows. */
(() => {
  "use strict";
  const { el, format } = Hex;
  const SHOWN = 400; // rows of a table before one asks for more

  const data = JSON.parse(document.getElementById("report-data").textContent);
  Hex.runs = data.runs;
  Hex.several = data.runs.length > 1;
  const tables = new Map(data.figures.map((figure) => [figure.id, figure]));

  /* Rows of a figure as objects by column; of one run, where `run` is given. */
  Hex.rows = (id, run) => {
    const { columns, rows } = tables.get(id);
    const found = rows.map((row) => Object.fromEntries(columns.map(([key], place) => [key, row[place]])));
    return run === undefined ? found : found.filter((row) => row.run === run);
  };

  /* The columns worth a place: the run's where there are several, and those that are not empty throughout. */
  const shown = ({ columns, rows }) => columns.map((column, place) => [...column, place])
    .filter(([key, , , place]) => (Hex.several || key !== "run") && rows.some((row) => row[place] !== null && row[place] !== ""));

  const cell = (value, label, form) => el("td", { class: form === "text" ? "words" : "number", "data-label": label }, format(form, value));

  Hex.table = (id, caption) => {
    const figure = tables.get(id);
    const columns = shown(figure);
    const body = el("tbody");
    const table = el("table", {}, el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, ...columns.map(([, label, form]) => el("th", { scope: "col", class: form === "text" ? "words" : "number" }, label)))), body);
    const more = el("button", { type: "button", class: "quiet" });
    const add = (until) => {
      for (const row of figure.rows.slice(body.rows.length, until)) {
        body.append(el("tr", {}, ...columns.map(([, label, form, place]) => cell(row[place], label, form))));
      }
      const left = figure.rows.length - body.rows.length;
      more.hidden = left === 0;
      more.textContent = `Show ${format("count", Math.min(left, SHOWN))} more of ${format("count", left)} rows`;
    };
    more.addEventListener("click", () => add(body.rows.length + SHOWN));
    add(SHOWN);
    return el("div", {}, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table), more);
  };

  /* A text that a spreadsheet would take for a formula gets an apostrophe before it. */
  const field = (value) => {
    if (value === null || value === undefined) return "";
    let text = String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  Hex.csv = (id) => {
    const { columns, rows } = tables.get(id);
    return [columns.map(([key]) => key), ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
  };

  Hex.csvOf = (columns, rows) => [columns, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
})();
