// Draws the page's charts. Each <figure class="chart"> holds its specification as JSON; the text of
// the page, its tables and its legend buttons are there without this script.
"use strict";
(() => {
  const config = {
    background: "transparent", font: "system-ui, 'DejaVu Sans', sans-serif", aria: false,
    view: { stroke: null },
    axis: { labelColor: "var(--soft)", titleColor: "var(--soft)", gridColor: "var(--rule)",
            domainColor: "var(--soft)", ticks: false, labelPadding: 5, titleFontWeight: "normal",
            labelFontSize: 11.5, titleFontSize: 11.5 },
    axisY: { labelColor: "var(--ink)" },
  };

  // A linear scale starts at zero, where a bar's length means something; on a logarithmic one there
  // is no zero, and so no bar.
  function scaled(panel, channel, kind) {
    if (!channel) return panel.spec;
    const spec = structuredClone(panel.spec);
    const { domain, ticks } = panel.scales[kind];
    spec.encoding[channel].scale = { type: kind, domain, nice: false };
    spec.encoding[channel].axis.values = ticks;
    if (kind === "log") spec.layer = spec.layer.filter((layer) => layer.name !== "bars");
    return spec;
  }

  async function draw(figure, chart, kind) {
    for (const view of figure.views ?? []) view.finalize();
    const plots = [...figure.querySelectorAll(".plot")];
    const shown = shownIn(figure);
    figure.views = await Promise.all(plots.map(async (plot, i) => {
      const spec = { ...scaled(chart.panels[i], chart.channel, kind), config,
                     autosize: { type: "fit-x", contains: "padding" } };
      spec.params = [{ name: "shown", value: shown }];
      const result = await vegaEmbed(plot, spec, {
        logLevel: vega.Error,  // that a name is filtered out is no news
        actions: false, renderer: "svg", defaultStyle: false,
        tooltip: { theme: "page", disableDefaultStyle: true } });
      return result.view;
    }));
    figure.dataset.scale = kind;
  }

  const shownIn = (figure) => [...figure.querySelectorAll(".key[aria-pressed=true]")]
    .map((key) => key.dataset.model);

  function wire(figure, chart) {
    const pressed = (button, value) => button.setAttribute("aria-pressed", String(value));
    for (const key of figure.querySelectorAll(".key")) {
      key.addEventListener("click", async () => {
        pressed(key, key.getAttribute("aria-pressed") !== "true");
        if (shownIn(figure).length === 0) {  // nothing left to see: all of it again
          figure.querySelectorAll(".key").forEach((each) => pressed(each, true));
        }
        const shown = shownIn(figure);
        await Promise.all(figure.views.map((view) => view.signal("shown", shown).runAsync()));
      });
    }
    const scales = [...figure.querySelectorAll(".scale")];
    for (const button of scales) {
      button.addEventListener("click", () => {
        scales.forEach((each) => pressed(each, each === button));
        return draw(figure, chart, button.dataset.scale);
      });
    }
  }

  async function start() {
    for (const figure of document.querySelectorAll("figure.chart")) {
      const chart = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
      figure.querySelector(".tools").hidden = false;
      wire(figure, chart);
      await draw(figure, chart, chart.log ? "log" : "linear");
    }
    document.documentElement.dataset.drawn = "yes";
  }

  // On paper every chart has its numbers under it.
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details:not([open])")) {
      each.open = true;
      opened.push(each);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened.splice(0)) each.open = false;
  });
  start();
})();
