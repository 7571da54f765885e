/* How figures are drawn: when they come near the screen, at the width there is, one panel a run where it takes that. */
(() => {
  "use strict";
  const { el } = Hex;
  const drawers = new Map();
  const drawn = new Map(); // element -> width it was drawn at

  /* `draw(width, rows...)` gives an element for the figure of that name. */
  Hex.draws = (name, draw) => drawers.set(name, draw);

  Hex.style = { fontFamily: "inherit", fontSize: "12px", background: "none", color: "inherit", overflow: "visible" };

  /* A plot with what all plots share; `label` is what a screen reader says of it. */
  Hex.plot = (options, label) => {
    const plot = Plot.plot({ style: Hex.style, ...options });
    const svg = plot.tagName === "svg" ? plot : plot.querySelector("svg:last-of-type");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    return plot;
  };

  /* Colour of the run at a place, and of the schedule at a place of so many (a walk through hues, small blocks first). */
  Hex.runColor = (place) => `var(--run-${(place % 6) + 1})`;
  Hex.runColors = () => ({ domain: Hex.runs.map((run) => run.name), range: Hex.runs.map((_, place) => Hex.runColor(place)) });
  Hex.scheduleColor = (place, count) => `oklch(var(--tone) 0.13 ${Math.round(200 + (count > 1 ? (150 * place) / (count - 1) : 60))})`;

  /* Strength of a heat map's cell, 0 to 1, and ink that is legible on it. */
  Hex.heat = (share, hue = "heat") => `color-mix(in oklab, var(--${hue}) ${Math.round(3 + 97 * Math.min(Math.max(share, 0), 1))}%, var(--card))`;
  Hex.onHeat = (share) => (share > 0.6 ? "var(--on-heat)" : "var(--ink)");

  /* Margin for labels of that length, in pixels. */
  Hex.margin = (labels, least = 40, most = 190) => Math.min(Math.max(...labels.map((label) => 7 * String(label).length + 14), least), most);
  Hex.clip = (text, letters = 26) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);

  Hex.nothing = (why) => el("p", { class: "nothing" }, why);

  Hex.legend = (entries) => el("ul", { class: "legend" }, ...entries.map(([name, color, shape]) =>
    el("li", {}, el("span", { class: `swatch ${shape || "dot"}`, style: `--color: ${color}` }), name)));

  Hex.runLegend = () => (Hex.several ? Hex.legend(Hex.runs.map((run, place) => [run.name, Hex.runColor(place)])) : null);

  /* One panel a run, side by side where there is room; `draw(run, width)` gives its content, or null for none. */
  Hex.panels = (width, draw, why) => {
    const columns = Hex.several && width > 760 ? 2 : 1;
    const own = columns === 1 ? width : (width - 24) / 2;
    const panels = Hex.runs.map((run) => [run, draw(run, own)]).filter(([, content]) => content);
    if (!panels.length) return Hex.nothing(why);
    return el("div", { class: "panels", style: `--columns: ${columns}` }, ...panels.map(([run, content]) =>
      el("div", { class: "panel" }, Hex.several ? el("h4", {}, Hex.visible(run.name)) : null, content)));
  };

  /* Labels that would lie on others make way, or are left out, the later ones; tips and tables have them all. */
  Hex.unclutter = (place) => {
    for (const svg of place.querySelectorAll("svg")) {
      const kept = [];
      for (const text of svg.querySelectorAll(".labels text")) {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        const covered = (by) => kept.some((other) => left < other.right + 2 && right > other.left - 2 && top + by < other.bottom - 2 && bottom + by > other.top + 2);
        const by = [0, 9, -9].find((shift) => !covered(shift));
        if (by === undefined) text.setAttribute("visibility", "hidden");
        else kept.push({ left, right, top: top + by, bottom: bottom + by });
        if (by) text.style.translate = `0 ${by}px`;
      }
    }
  };

  Hex.redraw = (figure) => {
    const place = figure.querySelector(".plot");
    const width = Math.floor(place.clientWidth);
    if (!width) return;
    const draw = drawers.get(figure.dataset.draw);
    place.replaceChildren(draw(width));
    Hex.unclutter(place);
    drawn.set(figure, width);
  };

  Hex.watchFigures = () => {
    const figures = [...document.querySelectorAll("figure[data-draw]")];
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting && !drawn.has(entry.target)) Hex.redraw(entry.target);
      }
    }, { rootMargin: "600px" });
    figures.forEach((figure) => near.observe(figure));
    let waiting = 0;
    addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        for (const [figure, width] of drawn) {
          if (Math.abs(figure.querySelector(".plot").clientWidth - width) > 8) Hex.redraw(figure);
        }
      }, 120);
    });
    addEventListener("beforeprint", () => figures.filter((figure) => !drawn.has(figure)).forEach(Hex.redraw));
  };
})();
