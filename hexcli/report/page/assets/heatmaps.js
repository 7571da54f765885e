/* Heat maps: agreement of schedules, rescues, categories, flips, order of commits. */
(() => {
  "use strict";
  const { el, rows, percent } = Hex;

  /* Cells with their numbers in them. */
  function grid(width, data, { x, y, xs, ys, value, said, hue = "heat", most, tip, label, xLabel, yLabel, tilt, tallest = 44 }) {
    const left = Hex.margin(ys.map((name) => Hex.clip(name, width < 420 ? 12 : 20)), 30, 150) + (yLabel ? 14 : 0);
    const top = tilt ? Math.min(Hex.margin(xs.map((name) => Hex.clip(name, 18)), 30, 120), 110) : 26;
    const cell = Math.min((width - left - 8) / xs.length, 64);
    const height = Math.min(Math.max(cell, 24), tallest);
    const strength = (row) => (most ? row[value] / most : 0);
    const numbers = cell >= 26;
    return Hex.plot({ width: left + cell * xs.length + 8 + (tilt ? 40 : 0), height: top + height * ys.length + (xLabel ? 30 : 8), marginLeft: left, marginTop: top + (xLabel ? 18 : 0), marginRight: 8 + (tilt ? 40 : 0), marginBottom: 4, padding: 0.04,
      x: { domain: xs, label: xLabel || null, axis: "top", tickSize: 0, tickRotate: tilt ? -35 : 0, tickFormat: (name) => Hex.clip(name, 18) },
      y: { domain: ys, label: yLabel || null, tickSize: 0, tickFormat: (name) => Hex.clip(name, width < 420 ? 12 : 20) }, color: { type: "identity" },
      marks: [Plot.cell(data, { x, y, fill: (row) => Hex.heat(strength(row), hue), rx: 2, tip: { lineWidth: 36 }, title: tip }),
        numbers ? Plot.text(data, { x, y, text: said, fill: (row) => Hex.onHeat(strength(row)), fontSize: 11, pointerEvents: "none" }) : null] }, label);
  }

  const points = (key) => (row) => `${Math.round(100 * row[key])}`;

  function pairPanel(width, run, value, heading, hue, tip) {
    const data = rows("pairs", run.name);
    const most = d3.max(rows("pairs"), (row) => row[value]); // one scale for all runs
    return el("div", { class: "panel" }, el("h5", {}, heading), grid(width, data, { x: "second", y: "first", xs: run.schedules, ys: run.schedules, value, most, hue, said: points(value), tip,
      label: `${heading}, in per cent, for every pair of schedules`, tilt: run.schedules.some((name) => name.length > 6) }));
  }

  Hex.draws("pairs", (width) => Hex.panels(width, (run, own) => {
    if (!rows("pairs", run.name).length) return null;
    const side = own > 620 ? 2 : 1, each = side === 2 ? (own - 24) / 2 : own;
    if (rows("pairs", run.name)[0].rescued === null) {
      return pairPanel(each, run, "agree", "Same answer, %", "heat", (row) => `blocks ${row.first} and ${row.second}\n${percent(row.agree)} of the problems: the same answer\n${Hex.plural(row.problems, "problem")}`);
    }
    return el("div", { class: "panels", style: `--columns: ${side}` },
      pairPanel(each, run, "agree_right", "Same answer, and right, %", "right", (row) => `blocks ${row.first} and ${row.second}\n${percent(row.agree_right)} of the problems: the same answer, right\n${Hex.plural(row.problems, "problem")}`),
      pairPanel(each, run, "agree_wrong", "Same answer, and wrong, %", "wrong", (row) => `blocks ${row.first} and ${row.second}\n${percent(row.agree_wrong)} of the problems: the same answer, wrong\n${Hex.plural(row.problems, "problem")}`));
  }, "Nothing to compare: one schedule with one sample."));

  Hex.draws("rescues", (width) => Hex.panels(width, (run, own) => {
    const data = rows("pairs", run.name).filter((row) => row.first !== row.second && row.rescued !== null);
    if (!data.length) return null;
    const lone = rows("alone", run.name);
    const side = own > 620 ? 2 : 1, each = side === 2 ? (own - 24) / 2 : own;
    return el("div", { class: "panels", style: `--columns: ${side}` },
      el("div", { class: "panel" }, el("h5", {}, "Row is right where column is not, %"), grid(each, data, { x: "second", y: "first", xs: run.schedules, ys: run.schedules, value: "rescued", most: d3.max(rows("pairs").filter((row) => row.first !== row.second), (row) => row.rescued), said: points("rescued"),
        tip: (row) => `block ${row.first} is right where ${row.second} is not\non ${percent(row.rescued)} of the problems`, label: "Share of problems on which one schedule is right and another is not", tilt: run.schedules.some((name) => name.length > 6) })),
      el("div", { class: "panel" }, el("h5", {}, "Right on problems that no other has right"), el("ul", { class: "lone" }, ...lone.map((row) =>
        el("li", {}, el("b", {}, `block ${Hex.visible(row.schedule)}`), ` ${Hex.plural(row.alone, "problem")}`, ...(row.alone ? [": ", ...links(run, row.ids.split(" "))] : []))))));
  }, "Nothing to compare: one schedule, or no targets."));

  /* Links to problems in the browser; the first few, and how many more. */
  function links(run, ids, most = 12) {
    const place = Hex.runs.indexOf(run);
    const found = ids.slice(0, most).flatMap((id, number) => [number ? ", " : null, el("a", { href: Hex.linkTo(place, id) }, Hex.visible(id))]);
    return ids.length > most ? [...found, ` and ${ids.length - most} more`] : found;
  }

  Hex.linkTo = (run, id) => `#problem/${run}/${encodeURIComponent(id)}`;

  Hex.draws("categories", (width) => Hex.panels(width, (run, own) => {
    const data = rows("categories", run.name).map((row) => ({ ...row, column: row.kind === "schedule" ? row.name : row.kind === "oracle" ? "oracle" : row.name }));
    if (!data.length) return null;
    const xs = [...new Set(data.map((row) => row.column))];
    const sizes = new Map(data.map((row) => [row.category, row.problems]));
    const ys = [...sizes.keys()].map((name) => `${Hex.clip(Hex.visible(name), 16)} (${sizes.get(name)})`);
    const named = data.map((row) => ({ ...row, y: `${Hex.clip(Hex.visible(row.category), 16)} (${row.problems})` }));
    return grid(own, named, { x: "column", y: "y", xs, ys, value: "accuracy", most: 1, said: points("accuracy"), tilt: true, tallest: 26,
      tip: (row) => `${row.kind === "schedule" ? "block " : ""}${row.name} on ${row.category}\n${percent(row.accuracy)} (${percent(row.low)} to ${percent(row.high)})\n${Hex.plural(row.problems, "problem")}`, label: "Accuracy in per cent by category, for every schedule, aggregator and the oracle" });
  }, "The problems have no categories."));

  Hex.draws("flips", (width) => Hex.panels(width, (run, own) => {
    const data = rows("flips", run.name);
    if (run.aggregators.length < 2) return null;
    const names = run.aggregators;
    const cells = names.flatMap((first, i) => names.slice(i + 1).map((second) => {
      const flips = data.filter((row) => row.first === first && row.second === second);
      const of = (outcome) => flips.filter((row) => row.outcome === outcome);
      return { first, second, count: flips.length, won: of("only the first is right"), lost: of("only the second is right"), rest: flips.filter((row) => !row.outcome.startsWith("only")) };
    }));
    const most = 8; // pairs listed at once: those that differ most
    const items = d3.sort(cells.filter((cell) => cell.count), (cell) => -cell.count).map((cell) => el("li", {}, el("details", {},
      el("summary", {}, el("b", {}, `${cell.first} and ${cell.second}`), ` differ on ${Hex.plural(cell.count, "problem")}`),
      ...[[`only ${cell.first} is right`, cell.won], [`only ${cell.second} is right`, cell.lost], [run.scored ? "neither is right" : "they differ", cell.rest]]
        .filter(([, own]) => own.length).map(([said, own]) => el("p", {}, `${said} (${own.length}): `, ...links(run, own.map((row) => row.problem), 60))))));
    const list = el("div", {}, el("ul", { class: "lone" }, ...items.slice(0, most)),
      items.length > most ? el("details", { class: "rest" }, el("summary", {}, Hex.plural(items.length - most, "more pair")), el("ul", { class: "lone" }, ...items.slice(most))) : null);
    return el("div", {}, grid(own, cells, { x: "second", y: "first", xs: names.slice(1), ys: names.slice(0, -1), value: "count", most: d3.max(cells, (cell) => cell.count) || 1, said: (cell) => `${cell.count}`, tilt: true,
      tip: (cell) => `${cell.first} and ${cell.second} differ on ${Hex.plural(cell.count, "problem")}\n${cell.won.length} only the first has right, ${cell.lost.length} only the second`, label: "Number of problems on which two aggregators differ" }), list);
  }, "One aggregator: nothing to flip."));

  /* Position (across) by step (down): where on the canvas tokens come when. */
  Hex.commitMap = (width, data, { color, most, label }) => Hex.plot({ width, height: Math.min(width * 0.85, 240), marginLeft: 28, marginBottom: 34, marginTop: 20, marginRight: 4,
    x: { domain: [0, d3.max(data, (row) => row.position_to) + 1], label: "position", ticks: 4, tickSize: 3 }, y: { domain: [0, d3.max(data, (row) => row.step_to) + 1], reverse: true, label: "step", labelArrow: "none", ticks: 4, tickSize: 3 }, color: { type: "identity" },
    marks: [Plot.frame({ fill: "var(--card)", stroke: "var(--rule)" }),
      Plot.rect(data, { x1: "position", x2: (row) => row.position_to + 1, y1: "step", y2: (row) => row.step_to + 1, fill: color, fillOpacity: (row) => 0.12 + 0.88 * Math.sqrt(row.tokens / most), shapeRendering: "crispEdges" })] }, label);

  Hex.draws("commits", (width) => Hex.panels(width, (run, own) => {
    const data = rows("commits", run.name);
    if (!data.length) return null;
    const names = run.schedules.filter((name) => data.some((row) => row.schedule === name));
    const columns = Math.max(1, Math.min(names.length, Math.floor(own / 200)));
    const each = (own - 18 * (columns - 1)) / columns;
    return el("div", { class: "panels tight", style: `--columns: ${columns}` }, ...names.map((name) => {
      const part = data.filter((row) => row.schedule === name);
      return el("div", { class: "panel" }, el("h5", {}, `block ${Hex.visible(name)}`), Hex.commitMap(each, part, { color: Hex.scheduleColor(run.schedules.indexOf(name), run.schedules.length), most: d3.max(part, (row) => row.tokens),
        label: `Block ${name}: tokens committed by position on the canvas and denoising step, over ${part[0].generations} generations` }));
    }));
  }, "Not known: these generations have no tokens."));
})();
