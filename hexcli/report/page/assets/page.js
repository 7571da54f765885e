/* The page: theme, tables, downloads, figures, the browser. */
(() => {
  "use strict";

  const theme = document.getElementById("theme");
  theme.addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });

  for (const details of document.querySelectorAll("details.data")) {
    const fill = () => {
      const place = details.querySelector(".rows");
      if (details.open && !place.firstChild) place.append(Hex.table(details.dataset.figure, details.dataset.title));
    };
    details.addEventListener("toggle", fill);
    fill();
  }
  for (const button of document.querySelectorAll("button[data-csv]")) {
    button.addEventListener("click", () => Hex.download(`${button.dataset.csv}.csv`, Hex.csv(button.dataset.csv), "text/csv"));
  }
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }

  Hex.watchFigures();
  Hex.openBrowser().then(() => document.documentElement.setAttribute("data-ready", ""));
})();
