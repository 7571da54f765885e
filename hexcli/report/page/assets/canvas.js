/* One generation on its canvas: its text token by token, each masked until its step. */
(() => {
  "use strict";
  const { el, say } = Hex;
  const FIRST = 93; // see packed() in problems.py
  const LONGEST = 20000; // characters of a text shown at once

  const numbers = (packed) => (typeof packed === "string" ? Array.from(packed, (letter) => letter.charCodeAt(0) - FIRST) : packed);

  /* Ends (in the text), steps and confidences of a generation's tokens; null where they are not known. */
  Hex.tokensOf = (tokens) => {
    if (!tokens) return null;
    const deltas = numbers(tokens.steps), length = deltas.length, most = tokens.most;
    let end = 0;
    return {
      most,
      ends: numbers(tokens.ends).map((size) => (end += size)),
      steps: deltas.map((packed, place) => Math.floor((place * most) / length) + (packed % 2 ? -(packed + 1) / 2 : packed / 2)),
      sure: numbers(tokens.sure).map((level) => level / 15),
    };
  };

  /* Whether the token at a position is one of those that spell the answer. */
  Hex.inAnswer = (vote, tokens, position) => vote.span !== null && position < tokens.ends.length
    && tokens.ends[position] > vote.span[0] && (position ? tokens.ends[position - 1] : 0) < vote.span[1];

  /* The step (from 0) at which the last of them was committed; null where that is not known. */
  Hex.settled = (vote, tokens) => {
    if (!tokens || !vote.span) return null;
    const own = tokens.steps.filter((_, position) => Hex.inAnswer(vote, tokens, position));
    return own.length ? Math.max(...own) : null;
  };

  /* The pieces of a text between the given places, each told whether it is in the answer, or behind the end. */
  function pieces(vote, edges) {
    const [from, to] = vote.span || [-1, -1];
    const first = vote.text.match(/^[\r\n]*/)[0].length; // blank lines before a text are left out
    const cuts = [...new Set([first, ...edges, from, to, vote.end, vote.text.length])].filter((cut) => cut >= first && cut <= vote.text.length).sort((a, b) => a - b);
    return cuts.slice(0, -1).map((start, place) => ({ start, stop: cuts[place + 1], answer: start >= from && start < to, after: start >= vote.end }));
  }

  /* The text with its answer marked; as many characters as are reasonable, and a button for the rest. */
  Hex.plainText = (vote) => {
    const box = el("div", { class: "text", dir: "auto" });
    const fill = (limit) => {
      box.replaceChildren();
      for (const piece of pieces(vote, [])) {
        const text = vote.text.slice(piece.start, Math.min(piece.stop, limit));
        if (!text) continue;
        say(box.appendChild(el(piece.answer ? "mark" : "span", { class: piece.after ? "after" : null })), text);
      }
      if (vote.text.length > limit) {
        box.append(el("button", { type: "button", class: "quiet", onclick: () => fill(Infinity) }, `… show all ${Hex.format("count", vote.text.length)} characters`));
      }
      if (!vote.text.length) box.append(el("span", { class: "after" }, "(empty)"));
    };
    fill(LONGEST);
    return box;
  };

  /* The canvas of a generation, and how it is set to a step. Tokens keep their places: nothing jumps. */
  Hex.canvas = (vote, tokens) => {
    if (!tokens || vote.text.length > LONGEST) return { element: Hex.plainText(vote), show: () => null };
    const box = el("div", { class: "text canvas", dir: "auto" });
    const spans = [];
    let token = 0;
    for (const piece of pieces(vote, tokens.ends)) {
      while (token < tokens.ends.length && tokens.ends[token] <= piece.start) token += 1;
      const span = el(piece.answer ? "mark" : "span", { class: piece.after ? "after" : null });
      say(span, vote.text.slice(piece.start, piece.stop));
      if (token < tokens.ends.length) spans.push([span, tokens.steps[token]]);
      box.append(span);
    }
    if (!vote.text.length) box.append(el("span", { class: "after" }, "(empty)"));
    const ended = tokens.steps.slice(tokens.ends.length).filter((step) => step >= 0);
    const tail = el("span", { class: "tail" });
    if (ended.length) box.append(tail);
    const show = (step) => {
      let masked = 0;
      for (const [span, own] of spans) {
        const hidden = own > step;
        masked += hidden;
        span.classList.toggle("masked", hidden);
        span.classList.toggle("fresh", own === step && step < tokens.most - 1);
      }
      const done = ended.filter((own) => own <= step).length;
      tail.textContent = done ? ` + ${done} end-of-text` : "";
      return masked;
    };
    return { element: box, show };
  };

  /* A strip as wide as the canvas: each token as dark as it came late; the answer underlined. */
  Hex.strip = (vote, tokens, color) => {
    const height = 10, count = tokens.steps.length;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({ class: "strip", viewBox: `0 0 ${count} ${height}`, preserveAspectRatio: "none", role: "img" })) svg.setAttribute(name, value);
    svg.setAttribute("aria-label", `Order of commits: ${count} positions in ${tokens.most} steps; late ones dark`);
    tokens.steps.forEach((step, place) => {
      if (step < 0) return;
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const share = (step + 1) / tokens.most, text = place < tokens.ends.length;
      for (const [name, value] of Object.entries({ x: place, y: text ? 0 : 4, width: 1.02, height: text ? height : 3, fill: text ? color : "var(--dim)", "fill-opacity": 0.12 + 0.88 * share })) bar.setAttribute(name, value);
      svg.append(bar);
    });
    return svg;
  };
})();
