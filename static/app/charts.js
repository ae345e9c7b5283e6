// Draws each <div class="app-chart" data-figure="ID"> from the JSON in <script type="application/json" id="ID">.
// The library is large, so it comes only where a chart is, and after the text. The table beneath needs none of this.
(() => {
  let library;

  // Our look is the page's, read from its style sheet, so that charts and text change together.
  const page = getComputedStyle(document.documentElement);
  const ink = { family: page.getPropertyValue("--app-font"), color: page.getPropertyValue("--govuk-text-colour") };

  function load(chart) {
    library ??= new Promise((done, failed) => {
      // Plotly would put a style element into the page, which the policy refuses. This link, by this id and class,
      // tells it that the rules are here already; it must stand before the script.
      const style = document.createElement("link");
      Object.assign(style, { id: "plotly.js-style-global", className: "no-inline-styles", rel: "stylesheet", href: chart.dataset.style });
      const script = document.createElement("script");
      Object.assign(script, { src: chart.dataset.library, onload: done, onerror: failed });
      style.onload = () => document.head.append(script);
      style.onerror = failed;
      document.head.append(style);
    });
    return library;
  }

  function axis(own) {
    return {
      gridcolor: "#dfe7e4", linecolor: "#6f7b77", zerolinecolor: "#6f7b77", ticks: "outside", tickcolor: "#6f7b77",
      automargin: true, fixedrange: true, ...own,
    };
  }

  async function draw(chart) {
    const figure = JSON.parse(document.getElementById(chart.dataset.figure).textContent);
    try {
      await load(chart);
    } catch {
      chart.remove(); // the sentence and the table stay, and they are complete
      return;
    }
    const layout = {
      font: { ...ink, size: 14 },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      colorway: ["#0b5d52", "#b3540a", "#2c5fa8", "#7a3b8f", "#5a6663", "#8a6d00"],
      margin: { l: 16, r: 16, t: 16, b: 16 }, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      hoverlabel: { font: ink }, dragmode: false, separators: ".,",
      ...figure.layout, xaxis: axis(figure.layout?.xaxis), yaxis: axis(figure.layout?.yaxis),
    };
    // A still picture: it moves neither by itself nor by a slip of the finger, and keeps no place in the tab order.
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) layout.transition = { duration: 0 };
    await Plotly.newPlot(chart, figure.data, layout, {
      displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false,
    });
    chart.dataset.drawn = "yes";
  }

  function drawAll(within) {
    for (const chart of within.querySelectorAll("[data-figure]:not([data-seen])")) {
      chart.dataset.seen = "yes";
      draw(chart);
    }
  }

  // Paper is 186 mm wide inside its margins, whatever the window was.
  const PAPER = 700;
  const drawn = () => document.querySelectorAll("[data-drawn]");
  addEventListener("beforeprint", () => drawn().forEach((chart) => Plotly.relayout(chart, { width: PAPER, height: 300, autosize: false })));
  addEventListener("afterprint", () => drawn().forEach((chart) => Plotly.relayout(chart, { width: null, height: null, autosize: true })));

  const start = () => drawAll(document);
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
})();
