/* Dots, lines and intervals: accuracy, differences, blocks, votes, costs. */
(() => {
  "use strict";
  const { el, rows, percent } = Hex;
  const share = { tickFormat: (value) => `${Math.round(100 * value)}`, label: null };

  const NAMES = { schedule: (row) => `block ${row.name}`, oracle: () => "oracle" };
  const called = (row) => Hex.visible((NAMES[row.kind] || (() => row.name))(row));

  /* Rows of dots with their intervals, runs a little above each other. */
  function intervals(width, data, { value, zero, axis, label, tip }) {
    const names = [...new Set(data.map((row) => row.label))];
    const runs = Hex.several ? Hex.runs.map((run) => run.name).filter((run) => data.some((row) => row.run === run)) : [null];
    const step = 22 + 9 * (runs.length - 1);
    const marginLeft = Hex.margin(names.map((name) => Hex.clip(name)), 60, width < 520 ? 120 : 220);
    const ticks = width < 520 ? 4 : 8;
    const marks = [Plot.gridX({ ticks, stroke: "var(--rule)", strokeOpacity: 1 }), Plot.axisX({ ...axis, ticks, anchor: "top", label: null, tickSize: 0 }),
      Plot.axisY({ label: null, tickSize: 0, tickFormat: (name) => Hex.clip(name, width < 520 ? 16 : 30) })];
    if (zero) marks.push(Plot.ruleX([0], { stroke: "var(--dim)" }));
    runs.forEach((run, place) => {
      const own = data.filter((row) => run === null || row.run === run);
      const dy = 9 * (place - (runs.length - 1) / 2);
      const color = run === null ? (row) => row.color : Hex.runColor(Hex.runs.findIndex((one) => one.name === run));
      marks.push(
        Plot.link(own, { x1: "low", x2: "high", y1: "label", y2: "label", stroke: color, strokeWidth: 1.75, strokeOpacity: 0.55, dy }),
        Plot.dot(own, { x: value, y: "label", fill: color, r: 4, dy, title: tip, tip: { dy, lineWidth: 40 } }),
      );
      if (width >= 520 && run === null) marks.push(Plot.text(own, { x: "high", y: "label", text: (row) => row.said, dx: 8, dy, textAnchor: "start", fill: "var(--dim)", fontVariant: "tabular-nums" }));
    });
    return Hex.plot({ width, height: names.length * step + 40, marginLeft, marginRight: width < 520 || Hex.several ? 14 : 56, marginTop: 26, marginBottom: 8,
      x: { domain: undefined, nice: true, insetLeft: 4, insetRight: 4 }, y: { domain: names, label: null, type: "band" }, color: { type: "identity" }, marks }, label);
  }

  const byKind = { schedule: "var(--accent)", aggregator: "var(--ink)", oracle: "var(--dim)" };

  Hex.draws("accuracy", (width) => {
    const data = rows("accuracy").map((row) => ({ ...row, label: called(row), color: byKind[row.kind], said: percent(row.accuracy) }));
    if (!data.length) return Hex.nothing("No problem has a target: there is nothing to score by.");
    const tip = (row) => `${row.label}${row.partial ? " *" : ""}\n${percent(row.accuracy)} (${percent(row.low)} to ${percent(row.high)})\n${row.correct} of ${row.problems} right\n${row.votes} votes, ${Hex.format("number", row.nfe)} NFE`;
    const legend = Hex.several ? Hex.runLegend() : Hex.legend([["one vote of a schedule", byKind.schedule], ["a vote of many", byKind.aggregator], ["oracle", byKind.oracle]]);
    return el("div", {}, legend, intervals(width, data, { value: "accuracy", axis: share, tip, label: "Accuracy in per cent with 95 % intervals, a row each for schedules, aggregators and the oracle" }));
  });

  Hex.draws("differences", (width) => {
    const chosen = rows("differences").filter((row) => row.rival !== "majority");
    const data = chosen.map((row) => ({ ...row, label: row.name, color: "var(--ink)", said: Hex.format("points", row.difference) }));
    if (!data.length) return Hex.nothing("Nothing to compare.");
    const tip = (row) => `${row.name} beside ${row.rival} (block ${row.rival_name})\n${Hex.format("points", row.difference)} points (${Hex.format("points", row.low)} to ${Hex.format("points", row.high)})\nwon ${row.won}, lost ${row.lost}, p ${Hex.format("p", row.p)}`;
    const axis = { tickFormat: (value) => `${value > 0 ? "+" : ""}${Math.round(100 * value)}` };
    return el("div", {}, Hex.runLegend(), intervals(width, data, { value: "difference", zero: true, axis, tip, label: "Points by which aggregators are better than the best single schedule, with 95 % intervals" }));
  });

  Hex.draws("compared", (width) => {
    const all = rows("compared");
    const couples = [...new Set(all.map((row) => JSON.stringify([row.first, row.second])))].map((pair) => JSON.parse(pair));
    if (!couples.length) return Hex.nothing(Hex.several ? "These runs share no problem with a target: nothing to compare." : "There is one run only.");
    const axis = { tickFormat: (value) => `${value > 0 ? "+" : ""}${Math.round(100 * value)}` };
    const most = Hex.runs.length > 4 ? couples.filter(([first]) => first === Hex.runs[0].name) : couples;
    return el("div", {}, most.length < couples.length ? el("p", { class: "note" }, "Drawn: the first run beside each other one; the table has every two.") : null, ...most.map(([first, second]) => {
      const data = all.filter((row) => row.first === first && row.second === second)
        .map((row) => ({ ...row, run: null, label: called(row), color: byKind[row.kind], said: Hex.format("points", row.difference) }));
      const tip = (row) => `${row.label}\n${percent(row.first_accuracy)} and ${percent(row.second_accuracy)}: ${Hex.format("points", row.difference)} points\nwon ${row.won}, lost ${row.lost}, p ${Hex.format("p", row.p)}`;
      const several = Hex.several;
      Hex.several = false; // one colour a kind: the two runs are what the axis is about
      const plot = intervals(width, data, { value: "difference", zero: true, axis, tip, label: `Points more in ${first} than in ${second}` });
      Hex.several = several;
      return el("div", { class: "couple" }, el("h4", {}, `${Hex.visible(first)} − ${Hex.visible(second)}`),
        el("p", { class: "note" }, `${Hex.plural(data[0].problems, "common problem")}; to the right, ${Hex.visible(first)} is better`), plot);
    }));
  });

  /* One line for schedules that differ in their blocks only. */
  const series = (row) => [Hex.several ? row.run : null, `canvas ${row.gen_length}`, `T = ${row.temperature}`].filter(Boolean).join(", ");

  Hex.draws("blocks", (width) => {
    const data = rows("blocks").map((row) => ({ ...row, series: series(row), tick: Hex.format("number", row.length) }));
    const lengths = [...new Set(data.map((row) => row.length))].sort((a, b) => a - b);
    const alike = lengths.length < 2; // then schedules differ in something else: by name
    const x = alike ? "schedule" : "tick";
    const domain = alike ? [...new Set(data.map((row) => row.schedule))] : lengths.map((length) => Hex.format("number", length));
    const wide = width > 720;
    const own = wide ? (width - 28) / 2 : width;
    const names = [...new Set(data.map((row) => row.series))];
    const color = (row) => (Hex.several ? Hex.runColor(Hex.runs.findIndex((run) => run.name === row.run)) : names.length > 1 ? Hex.runColor(names.indexOf(row.series)) : "var(--accent)");
    const side = (y, low, high, heading, tone, why, label) => {
      const known = data.filter((row) => row[y] !== null);
      const body = known.length ? Hex.plot({ width: own, height: 250, marginLeft: 38, marginBottom: 40, marginTop: 12,
        x: { type: "point", domain, label: alike ? "schedule" : "block length, tokens" }, y: { ...share, domain: y === "early" ? [0, Math.max(0.1, d3.max(known, (row) => row[high]))] : undefined, nice: true, zero: y === "early" }, color: { type: "identity" },
        marks: [Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }), Plot.axisY({ ...share, ticks: 5, tickSize: 0, anchor: "left" }),
          Plot.lineY(known, { x, y, z: "series", stroke: tone || color, strokeWidth: 1.5, strokeDasharray: null }),
          Plot.link(known, { x1: x, x2: x, y1: low, y2: high, stroke: tone || color, strokeWidth: 1.75, strokeOpacity: 0.5 }),
          Plot.dot(known, { x, y, fill: tone || color, r: 4, tip: true, title: (row) => `block ${row.schedule}${Hex.several ? ` of ${row.run}` : ""}\n${percent(row[y])} (${percent(row[low])} to ${percent(row[high])})` })] }, label) : Hex.nothing(why);
      return el("div", { class: "panel" }, el("h4", {}, heading), body);
    };
    const several = alike ? Hex.runLegend() : names.length > 1 ? Hex.legend(names.map((name) => [name, color(data.find((row) => row.series === name))])) : null;
    return el("div", {}, several, el("div", { class: "panels", style: `--columns: ${wide ? 2 : 1}` },
      side("accuracy", "low", "high", "Accuracy of one vote, %", null, "No targets: accuracy is not known.", "Accuracy by block length with 95 % intervals"),
      side("early", "early_low", "early_high", "Outputs that end early, %", Hex.several || names.length > 1 ? null : "var(--wrong)", "Not known: these generations have no tokens.", "Share of outputs that commit end-of-text early, by block length")));
  });

  Hex.draws("votes", (width) => {
    const data = rows("votes");
    if (!data.length) return Hex.nothing("No targets: accuracy is not known.");
    const color = (row) => (Hex.several ? Hex.runColor(Hex.runs.findIndex((run) => run.name === row.run)) : row.method === "oracle" ? "var(--dim)" : "var(--ink)");
    const major = data.filter((row) => row.method === "majority"), oracle = data.filter((row) => row.method === "oracle");
    const last = (own) => Hex.runs.map((run) => own.filter((row) => row.run === run.name).at(-1)).filter(Boolean);
    const tip = (row) => `${row.method} of ${row.votes}${Hex.several ? ` in ${row.run}` : ""}\n${percent(row.accuracy)}`;
    return el("div", {}, Hex.runLegend(), Hex.plot({ width, height: 300, marginLeft: 38, marginRight: 100, marginBottom: 40,
      x: { label: "votes a problem", ticks: d3.ticks(1, d3.max(data, (row) => row.votes), width < 520 ? 5 : 12).filter(Number.isInteger), tickFormat: (value) => `${value}` }, y: { ...share, nice: true }, color: { type: "identity" },
      marks: [Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }), Plot.axisY({ ...share, ticks: 6, tickSize: 0 }),
        Plot.areaY(major, { x: "votes", y1: (row) => row.accuracy - row.sd, y2: (row) => Math.min(row.accuracy + row.sd, 1), z: "run", fill: color, fillOpacity: 0.12 }),
        Plot.lineY(oracle, { x: "votes", y: "accuracy", z: "run", stroke: color, strokeDasharray: "2 4", strokeWidth: 1.5 }),
        Plot.lineY(major, { x: "votes", y: "accuracy", z: "run", stroke: color, strokeWidth: 2 }),
        Plot.text([...last(major), ...last(oracle)], { x: "votes", y: "accuracy", text: (row) => `${row.method} ${percent(row.accuracy)}`.replace("majority ", "vote "), dx: 8, textAnchor: "start", fill: color, className: "labels" }),
        Plot.dot(data, { x: "votes", y: "accuracy", r: 6, fill: "transparent", stroke: null, tip: true, title: tip })] },
      "Accuracy of a majority, and of the oracle, against the number of votes"));
  });
})();
