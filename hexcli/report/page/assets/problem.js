/* One problem: its question, its election, and every schedule's text, replayed together. */
(() => {
  "use strict";
  const { el, say, visible } = Hex;

  const LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"; // no task's answers look like these
  const letter = (number) => (number < 0 ? "–" : LETTERS[number] || `${number + 1}`);
  const classColor = (number) => (number < 0 ? "var(--dim)" : `var(--class-${(number % 6) + 1})`);
  const GRADES = new Map([[true, ["✓", "right"]], [false, ["✗", "wrong"]], [null, ["", "not graded"]]]);

  Hex.grade = (right) => {
    const [sign, said] = GRADES.get(right);
    return el("span", { class: `grade ${said.replace(" ", "-")}` }, el("span", { "aria-hidden": "true" }, sign), el("span", { class: "unseen" }, ` ${said}`));
  };

  const answered = (answer) => (answer === null ? el("i", { class: "dim" }, "no answer") : say(el("span", { class: "answer", dir: "auto" }), Hex.clip(answer, 300)));
  const chip = (number) => el("span", { class: "chip", style: `--color: ${classColor(number)}`, title: number < 0 ? "abstained" : `class ${letter(number)}` }, letter(number));

  function election(problem) {
    const all = problem.votes.length, silent = problem.votes.filter((vote) => vote.class < 0).length;
    const bars = [...problem.candidates.map((one, number) => ({ ...one, number })), ...(silent ? [{ answer: null, votes: silent, number: -1, right: null }] : [])];
    const vote = problem.decisions.find((one) => one.aggregator === "majority");
    const wins = (one) => (vote && one.number >= 0 && one.answer === vote.answer ? el("span", {}, vote.tie ? " · wins the tie, cast first" : " · wins") : null);
    return el("div", { class: "election" },
      el("div", { class: "bar", "aria-hidden": "true" }, ...bars.map((one) => el("span", { style: `flex-grow: ${one.votes}; --color: ${classColor(one.number)}` }, `${one.votes}`))),
      el("ul", { class: "candidates" }, ...bars.map((one) => el("li", {}, chip(one.number), " ", answered(one.answer), " ", one.number < 0 ? null : Hex.grade(one.right), el("span", { class: "dim" }, ` ${one.votes} of ${Hex.plural(all, "vote")}`, wins(one))))),
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What the aggregators decided" }, el("table", { class: "decisions" }, el("caption", { class: "unseen" }, "What the aggregators decided"),
        el("thead", {}, el("tr", {}, ...["Aggregator", "Answer", "", "Support"].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...problem.decisions.map((one) => el("tr", {}, el("th", { scope: "row" }, one.aggregator), el("td", {}, answered(one.answer)), el("td", {}, Hex.grade(one.right), one.tie ? el("span", { class: "dim" }, " tie") : null),
          el("td", { class: "dim" }, one.tallies.slice(0, 4).map(([answer, , support]) => `${visible(Hex.clip(answer, 20))} ${Hex.format("number", support)}`).join(" · "))))))));
  }

  function card(vote, run, count) {
    const tokens = Hex.tokensOf(vote.tokens);
    const canvas = Hex.canvas(vote, tokens);
    const color = Hex.scheduleColor(vote.schedule, run.schedules.length);
    const weights = ["weighs 1", ...Object.entries(vote.weights).map(([name, weight]) => `${name} ${Hex.format("number", weight)}`)];
    const settled = Hex.settled(vote, tokens);
    const facts = [...weights, settled === null ? null : `answer at step ${settled + 1} of ${tokens.most}`, `${vote.nfe} NFE`, vote.seconds ? `${vote.seconds} s` : null].filter(Boolean).join(" · ");
    const element = el("li", { class: "vote", style: `--color: ${color}` },
      el("header", {}, el("b", {}, `block ${visible(run.schedules[vote.schedule])}`), count > 1 ? el("span", { class: "dim" }, ` seed ${vote.seed}`) : null,
        el("span", { class: "said" }, chip(vote.class), " ", answered(vote.answer), " ", Hex.grade(vote.right))),
      tokens ? Hex.strip(vote, tokens, color) : null, canvas.element, el("footer", {}, facts));
    return { element, canvas, tokens };
  }

  /* Which of the texts to see: all, one sample of each schedule, or those of one class. */
  function showing(problem, cards) {
    const seen = new Set();
    const first = problem.votes.map((vote) => !seen.has(vote.schedule) && seen.add(vote.schedule));
    const ways = [["all", `all ${problem.votes.length}`, () => true]];
    if (!first.every(Boolean)) ways.push(["one", "one a schedule", (vote, place) => first[place]]);
    if (problem.candidates.length > 1) problem.candidates.forEach((one, number) => ways.push([`${number}`, `${letter(number)}: ${visible(Hex.clip(one.answer, 16))}`, (vote) => vote.class === number]));
    if (ways.length < 2) return null;
    return el("fieldset", { class: "choice showing" }, el("legend", { class: "unseen" }, "Texts to show"), ...ways.slice(0, 12).map(([value, said, shown]) => {
      const pick = () => cards.forEach((one, place) => { one.element.hidden = !shown(problem.votes[place], place); });
      return el("label", {}, el("input", { type: "radio", name: "texts", value, checked: value === "all", onchange: pick }), el("span", {}, said));
    }));
  }

  /* The slider that takes all canvases through their steps together. */
  function replay(cards) {
    const known = cards.filter((one) => one.tokens);
    if (!known.length) return el("p", { class: "note" }, "No replay: these generations have no tokens.");
    const most = Math.max(...known.map((one) => one.tokens.most));
    const slider = el("input", { type: "range", id: "step", min: "0", max: `${most}`, value: `${most}`, step: "1" });
    const said = el("output", { for: "step" });
    const play = el("button", { type: "button" }, "Play");
    let timer = 0;
    const show = () => {
      const step = Number(slider.value);
      const masked = d3.sum(known, (one) => one.canvas.show(step - 1));
      said.textContent = step === most ? `all ${most} steps` : `step ${step} of ${most}`;
      slider.setAttribute("aria-valuetext", `${said.textContent}, ${Hex.plural(masked, "piece")} of text masked`);
    };
    const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };
    play.addEventListener("click", () => {
      if (timer) { stop(); return; }
      if (Number(slider.value) >= most) slider.value = "0";
      play.textContent = "Pause";
      show();
      timer = setInterval(() => {
        if (!slider.isConnected) { stop(); return; }
        slider.value = `${Number(slider.value) + 1}`;
        show();
        if (Number(slider.value) >= most) stop();
      }, Hex.calm() ? 600 : Math.max(40, Math.min(160, 6000 / most)));
    });
    slider.addEventListener("input", () => { stop(); show(); });
    show();
    return el("div", { class: "replay" }, el("label", { for: "step" }, "Replay"), play, slider, said);
  }

  function order(problem, run) {
    const own = problem.votes.map((vote) => ({ vote, tokens: Hex.tokensOf(vote.tokens) })).filter((one) => one.tokens);
    if (!own.length) return null;
    const first = own.filter(({ vote }, place) => own.findIndex((one) => one.vote.schedule === vote.schedule) === place);
    const data = first.flatMap(({ vote, tokens }) => tokens.steps.map((step, position) => ({ schedule: run.schedules[vote.schedule], seed: vote.seed, position, step, tokens: 1, position_to: position, step_to: step,
      answer: Hex.inAnswer(vote, tokens, position) })).filter((row) => row.step >= 0));
    const place = el("div", { class: "panels tight" });
    const figure = el("figure", { class: "order" }, el("h4", {}, "Order of commits in this problem"),
      el("p", { class: "note" }, "One sample of each schedule: position on the canvas across, step down. The answer's tokens are drawn in ink."), place,
      el("button", { type: "button", class: "quiet", onclick: () => Hex.download(`commits-${problem.id}.csv`, Hex.csvOf(["schedule", "seed", "position", "step", "answer"], data.map((row) => [row.schedule, row.seed, row.position, row.step, row.answer ? "yes" : ""])), "text/csv") }, "Download CSV"));
    figure.fill = () => {
      const width = place.clientWidth, columns = Math.max(1, Math.min(first.length, Math.floor(width / 180)));
      const each = (width - 18 * (columns - 1)) / columns;
      place.style.setProperty("--columns", columns);
      place.replaceChildren(...first.map(({ vote }) => {
        const name = run.schedules[vote.schedule], color = Hex.scheduleColor(vote.schedule, run.schedules.length);
        const part = data.filter((row) => row.schedule === name);
        return el("div", { class: "panel" }, el("h5", {}, `block ${visible(name)}`), Hex.commitMap(each, part, { color: (row) => (row.answer ? "var(--ink)" : color), most: 1, label: `Block ${name}: step of each position of the canvas` }));
      }));
    };
    return figure;
  }

  /* Everything about a problem, as an element; `ready` draws what needs its width. */
  Hex.problem = (problem, run) => {
    const samples = problem.votes.length / Math.max(run.schedules.length, 1);
    const cards = problem.votes.map((vote) => card(vote, run, samples));
    const figure = order(problem, run);
    const element = el("article", { class: "problem" },
      el("p", { class: "question", dir: "auto" }),
      problem.choices.length ? el("ol", { class: "choices", type: "A" }, ...problem.choices.map((choice) => say(el("li", { dir: "auto" }), choice))) : null,
      el("p", { class: "target" }, problem.target === null ? "No target." : "Target ", problem.target === null ? null : say(el("b", { dir: "auto" }), Hex.clip(problem.target, 2000)), problem.category ? el("span", { class: "dim" }, ` · ${visible(problem.category)}`) : null),
      problem.prompt ? el("details", { class: "prompt" }, el("summary", {}, "Prompt"), say(el("pre", { dir: "auto" }), problem.prompt)) : null,
      election(problem), replay(cards), showing(problem, cards), el("ol", { class: "votes" }, ...cards.map((one) => one.element)), figure);
    say(element.querySelector(".question"), problem.question.length > 20000 ? `${problem.question.slice(0, 20000)}…` : problem.question);
    return { element, ready: () => figure && figure.fill() };
  };
})();
