/* Cost against accuracy, with the Pareto front and what is published; and when answers settle. */
(() => {
  "use strict";
  const { el, rows, percent } = Hex;

  const COSTS = { nfe: "forward passes (NFE) a problem", tokens: "tokens computed a problem", seconds: "seconds a problem" };
  const SYMBOLS = { schedule: "circle", aggregator: "square", votes: "circle", oracle: "diamond", published: "triangle" };
  let chosen = "nfe";

  function plot(width, data) {
    const known = data.filter((row) => row[chosen] !== null);
    if (!known.length) return Hex.nothing("Not known: nothing tells what these generations cost.");
    const color = (row) => (row.kind === "published" ? "var(--published)" : Hex.several ? Hex.runColor(Hex.runs.findIndex((run) => run.name === row.run))
      : row.kind === "oracle" ? "var(--dim)" : row.kind === "schedule" ? "var(--accent)" : "var(--ink)");
    const own = (kind) => known.filter((row) => row.kind === kind);
    const front = d3.sort(known.filter((row) => row[`front_${chosen}`] === "yes"), (row) => row[chosen]);
    const tip = (row) => `${row.kind === "schedule" ? "block " : ""}${row.name}${Hex.several && row.kind !== "published" ? ` in ${row.run}` : ""}\n${percent(row.accuracy)} at ${Hex.format("number", row[chosen])} ${COSTS[chosen].replace(" a problem", "")}${row.source ? `\n${row.source}` : ""}`;
    const labelled = [...own("schedule"), ...own("aggregator").filter((row) => row.name === "majority"), ...own("oracle")];
    const label = (row) => (row.kind === "schedule" ? row.name : row.kind === "aggregator" ? `majority of ${row.votes}` : row.name);
    const [least, largest] = d3.extent(known, (row) => row[chosen]);
    const edge = least * (largest / least) ** 0.75; // beyond it, labels stand to the left of their points
    const x = { type: "log", label: COSTS[chosen], tickFormat: "~s", ticks: width < 520 ? 3 : 6 };
    return Hex.plot({ width, height: width < 520 ? 320 : 400, marginLeft: 38, marginRight: 30, marginBottom: 42, insetRight: 60, insetLeft: 14,
      x, y: { tickFormat: (value) => `${Math.round(100 * value)}`, label: null, nice: true }, color: { type: "identity" },
      symbol: { domain: Object.keys(SYMBOLS), range: Object.values(SYMBOLS) },
      marks: [Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1 }), Plot.axisY({ tickFormat: (value) => `${Math.round(100 * value)}`, label: null, ticks: 6, tickSize: 0 }),
        Plot.line(front, { x: chosen, y: "accuracy", z: "run", stroke: "var(--accent)", strokeOpacity: 0.35, strokeWidth: 5, curve: "step-after", strokeLinejoin: "round" }),
        Plot.link(known.filter((row) => row.low !== null && row.kind !== "oracle"), { x1: chosen, x2: chosen, y1: "low", y2: "high", stroke: color, strokeOpacity: 0.16, strokeWidth: 1.5 }),
        Plot.dot(own("votes"), { x: chosen, y: "accuracy", r: 2, fill: color, fillOpacity: 0.6 }),
        Plot.dot(known.filter((row) => row.kind !== "votes" && row.kind !== "oracle" && row.kind !== "published"), { x: chosen, y: "accuracy", symbol: "kind", r: 4.5, fill: color }),
        Plot.dot([...own("oracle"), ...own("published")], { x: chosen, y: "accuracy", symbol: "kind", r: 4.5, stroke: color, strokeWidth: 1.5, fill: "var(--card)" }),
        Plot.text(labelled, { x: chosen, y: "accuracy", text: label, dy: -10, fill: color, fontSize: 11, className: "labels" }),
        ...(width < 520 ? [] : [true, false].map((left) => Plot.text(own("published").filter((row) => (row[chosen] > edge) === left), { x: chosen, y: "accuracy", text: "name", dx: left ? -9 : 9, dy: 1, textAnchor: left ? "end" : "start", fill: "var(--published)", fontSize: 10.5, className: "labels" }))),
        Plot.tip(known, Plot.pointer({ x: chosen, y: "accuracy", title: tip }))] },
      `Accuracy against ${COSTS[chosen]}, with the Pareto front`);
  }

  Hex.draws("costs", (width) => {
    const data = rows("costs");
    if (!data.length) return Hex.nothing("No targets: accuracy is not known.");
    const tasks = d3.group(data, (row) => row.task);
    const place = el("div", {});
    const draw = () => {
      place.replaceChildren(...[...tasks].flatMap(([task, own]) => [tasks.size > 1 ? el("h4", {}, Hex.visible(task)) : null, plot(width, own)]).filter(Boolean));
      if (place.isConnected) Hex.unclutter(place);
    };
    draw();
    const choice = el("fieldset", { class: "choice" }, el("legend", { class: "unseen" }, "Cost"), ...Object.entries(COSTS).map(([cost, said]) => {
      const input = el("input", { type: "radio", name: "cost", value: cost, checked: cost === chosen, onchange: () => { chosen = cost; draw(); } });
      return el("label", {}, input, el("span", {}, said.replace(" a problem", "")));
    }));
    const legend = Hex.legend([
      ...(Hex.several ? Hex.runs.map((run, number) => [run.name, Hex.runColor(number)]) : [["one vote of a schedule", "var(--accent)"]]),
      ["an aggregator, all votes", "var(--ink)", "square"], ["majority of fewer votes", "var(--dim)", "small"],
      ["not beaten at its price", "color-mix(in oklab, var(--accent) 35%, transparent)", "stroke"],
      ...(data.some((row) => row.kind === "published") ? [["published, LLaDA-8B-Instruct", "var(--published)", "triangle"]] : [])]);
    const sources = [...new Set(data.map((row) => row.source).filter(Boolean))];
    const said = sources.length ? el("p", { class: "note" }, "Published: ", ...sources.flatMap((source, number) => [number ? ", " : null, el("a", { href: `https://arxiv.org/abs/${source.split(" ")[1]}`, rel: "noreferrer" }, source)]), ".") : null;
    return el("div", {}, choice, legend, place, said);
  });

  Hex.draws("settled", (width) => Hex.panels(width, (run, own) => {
    const data = rows("settled", run.name);
    if (!data.length) return null;
    const names = run.schedules.filter((name) => data.some((row) => row.schedule === name));
    const totals = d3.rollup(data, (part) => d3.sum(part, (row) => row.generations), (row) => row.schedule);
    const parts = data.map((row) => ({ ...row, share: row.generations / (totals.get(row.schedule) || 1) }));
    const medians = names.map((name) => data.find((row) => row.schedule === name));
    return Hex.plot({ width: own, height: names.length * 46 + 44, marginLeft: Hex.margin(names.map((name) => Hex.clip(name, 14)), 44), marginBottom: 38, marginTop: 4,
      x: { label: "share of the steps after which the answer stands, %", domain: [0, 1], tickFormat: (value) => `${Math.round(100 * value)}` },
      y: { axis: null, domain: [0, d3.max(parts, (row) => row.share) || 1] }, fy: { domain: names, label: null, tickFormat: (name) => Hex.clip(name, 14), padding: 0.12 }, color: { type: "identity" },
      marks: [Plot.axisFy({ anchor: "left", label: null, tickFormat: (name) => Hex.clip(name, 14) }), Plot.ruleY([0], { stroke: "var(--rule)" }),
        Plot.rectY(parts, { fy: "schedule", x1: "from", x2: "to", y: "share", insetLeft: 0.5, insetRight: 0.5, fill: (row) => Hex.scheduleColor(run.schedules.indexOf(row.schedule), run.schedules.length),
          tip: true, title: (row) => `block ${row.schedule}\n${Hex.plural(row.generations, "generation")} (${percent(row.share)})\nafter ${percent(row.from, 0)} to ${percent(row.to, 0)} of their steps` }),
        Plot.tickX(medians, { fy: "schedule", x: "median", stroke: "var(--ink)", strokeWidth: 1.5 })] },
      "Share of a generation's steps after which its answer stood, a histogram a schedule, with medians");
  }, "Not known: these generations have no tokens."));
})();
