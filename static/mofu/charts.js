/* Charts: the option beside each drawing is drawn again by ECharts, with tool tips and links; print keeps the SVG. */
(function () {
  "use strict";

  function draw(figure) {
    const source = document.getElementById(figure.dataset.chart);
    if (!source || figure.dataset.drawn || !window.echarts) return;
    figure.dataset.drawn = "1";
    const option = JSON.parse(source.textContent);
    const place = document.createElement("div");
    place.className = "chart-live";
    place.setAttribute("aria-hidden", "true"); /* the table below says the same in words */
    place.style.minWidth = `${figure.dataset.least}px`; /* narrower, labels would meet: the figure scrolls */
    place.style.height = `${figure.dataset.height}px`;
    figure.append(place);
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    option.textStyle = Object.assign({ fontFamily: getComputedStyle(document.body).fontFamily }, option.textStyle);
    option.animation = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption(option);
    chart.on("click", (event) => {
      const url = event.data?.url;
      if (url) location.href = url;
    });
    chart.on("mouseover", (event) => (place.style.cursor = event.data?.url ? "pointer" : "default"));
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  function drawAll(root) {
    root.querySelectorAll("[data-chart]").forEach((figure) => {
      const seen = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        draw(figure);
      }, { rootMargin: "200px" });
      seen.observe(figure);
    });
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
