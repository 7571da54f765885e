/* The browser of problems: filters, search, the list, and the problem chosen. */
(() => {
  "use strict";
  const { el, visible } = Hex;
  const PAGE = 100; // problems listed before one asks for more

  Hex.openBrowser = async () => {
    const root = document.getElementById("browser");
    const list = root.querySelector(".list"), detail = root.querySelector(".detail"), count = root.querySelector(".found");
    const search = root.querySelector("input[type=search]"), inside = root.querySelector("input.inside"), category = root.querySelector("select.category"), which = root.querySelector("select.run");
    const filters = [...root.querySelectorAll("button[data-kind]")];
    const previous = root.querySelector(".previous"), next = root.querySelector(".next");
    let run = 0, lines = [], found = [], current = null, ticket = 0, search_ticket = 0;

    which.append(...Hex.runs.map((one, place) => el("option", { value: `${place}` }, visible(one.name))));
    which.closest("label").hidden = Hex.runs.length < 2;

    const wanted = () => filters.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.kind);

    const item = (line) => el("li", {}, el("a", { href: Hex.linkTo(run, line.id), "aria-current": line.id === current ? "true" : null },
      el("span", { class: "line" }, el("b", {}, visible(line.id)), Hex.grade(line.right), el("span", { class: "agreement", title: `${Math.round(100 * line.agreement)} % of the votes cast agree` }, el("span", { style: `width: ${100 * line.agreement}%` }))),
      el("span", { class: "excerpt", dir: "auto" }, visible(line.question))));

    function show(until = PAGE) {
      const more = found.length > until ? el("li", {}, el("button", { type: "button", class: "quiet", onclick: () => show(until + PAGE) }, `Show more of ${Hex.format("count", found.length)}`)) : null;
      list.replaceChildren(...found.slice(0, until).map(item), ...(more ? [more] : []));
      count.textContent = found.length === lines.length ? Hex.plural(lines.length, "problem") : `${Hex.format("count", found.length)} of ${Hex.plural(lines.length, "problem")}`;
      steps();
    }

    function steps() {
      const place = found.findIndex((line) => line.id === current);
      for (const [button, line] of [[previous, found[place - 1]], [next, place < 0 ? found[0] : found[place + 1]]]) {
        button.disabled = !line;
        button.onclick = () => { location.hash = Hex.linkTo(run, line.id); };
      }
    }

    /* What the models wrote of a problem, by its line; opened once, when a search asks for it. */
    async function readTexts() {
      const own = run, place = new Map(lines.map((line) => [line.id, line]));
      for (const chunk of new Set(lines.map((line) => line.chunk))) {
        for (const problem of await Hex.unpack(`texts-${own}-${chunk}`)) place.get(problem.id).texts ??= problem.votes.map((vote) => vote.text).join("\n").toLowerCase();
      }
    }

    async function filter() {
      const own = (search_ticket += 1);
      const kinds = wanted(), words = search.value.toLowerCase().split(/\s+/).filter(Boolean), part = category.value;
      if (inside.checked && words.length) {
        count.textContent = "reading the texts …";
        await readTexts();
        if (own !== search_ticket) return;
      }
      const holds = (line, word) => line.words.includes(word) || (inside.checked && line.texts.includes(word));
      found = lines.filter((line) => kinds.every((kind) => line.kinds.includes(kind)) && (!part || line.category === part) && words.every((word) => holds(line, word)));
      show();
    }

    async function choose(place) {
      if (lines.length && place === run) return;
      run = place;
      which.value = `${place}`;
      lines = (await Hex.unpack(`list-${place}`)).map((line) => ({ ...line, words: [line.id, line.question, line.answer, line.target, line.category].join(" ").toLowerCase() }));
      for (const button of filters) button.querySelector(".count").textContent = Hex.format("count", lines.filter((line) => line.kinds.includes(button.dataset.kind)).length);
      const parts = [...new Set(lines.map((line) => line.category).filter(Boolean))].sort();
      category.replaceChildren(el("option", { value: "" }, "every category"), ...parts.map((name) => el("option", { value: name }, visible(name))));
      category.closest("label").hidden = !parts.length;
      await filter();
    }

    async function open(place, id, go) {
      const own = (ticket += 1);
      await choose(place);
      const line = lines.find((one) => one.id === id);
      if (!line || own !== ticket) return;
      current = id;
      for (const link of list.querySelectorAll("a")) {
        if (link.getAttribute("href") === Hex.linkTo(run, id)) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      steps();
      const problems = await Hex.unpack(`texts-${place}-${line.chunk}`);
      if (own !== ticket) return;
      const { element, ready } = Hex.problem(problems.find((one) => one.id === id), Hex.runs[place]);
      const heading = el("h3", { tabindex: "-1" }, visible(id), Hex.several ? el("span", { class: "dim" }, ` in ${visible(Hex.runs[place].name)}`) : null);
      detail.replaceChildren(heading, element);
      ready();
      if (go) { heading.focus({ preventScroll: true }); root.scrollIntoView({ behavior: Hex.calm() ? "auto" : "smooth", block: "start" }); if (matchMedia("(max-width: 900px)").matches) detail.scrollIntoView({ block: "start" }); }
    }

    const fromAddress = () => {
      const [, place, id] = location.hash.match(/^#problem\/(\d+)\/(.+)$/) || [];
      if (id === undefined || Number(place) >= Hex.runs.length) return false;
      try {
        open(Number(place), decodeURIComponent(id), true);
      } catch (error) { // an address that somebody typed
        if (!(error instanceof URIError)) throw error;
        return false;
      }
      return true;
    };

    for (const button of filters) button.addEventListener("click", () => { button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")); filter(); });
    search.addEventListener("input", filter);
    inside.addEventListener("change", filter);
    category.addEventListener("change", filter);
    which.addEventListener("change", async () => {
      await choose(Number(which.value));
      const id = lines.some((line) => line.id === current) ? current : lines[0] && lines[0].id;
      if (id) location.hash = Hex.linkTo(run, id);
    });
    addEventListener("hashchange", fromAddress);
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      const links = [...list.querySelectorAll("a")], place = links.indexOf(document.activeElement) + step;
      if (links[place]) { links[place].focus(); event.preventDefault(); }
    });

    await choose(0);
    if (!fromAddress() && found.length) await open(0, found[0].id, false);
  };
})();
