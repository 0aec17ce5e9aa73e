// The pictures of the dashboard, drawn from the tables beside them; without this file the tables stay.
(() => {
  "use strict";
  const COLOURS = {
    blank: "#868e98", mass_organised: "#59408c", work_covered: "#1b4f91", affiliated: "#0e5c55", standalone: "#9c1c1f",
  };
  const calm = { animation: false, textStyle: { fontFamily: "inherit" }, grid: { left: 20, right: 28, top: 12, bottom: 8, containLabel: true } };
  const text = (cell) => cell.textContent.trim();
  const numbers = (row) => [...row.querySelectorAll("[data-value]")].map((cell) => Number(cell.dataset.value));
  const rows = (table) => [...table.tBodies[0].rows];

  const bars = (table) => ({
    ...calm,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: rows(table).map((row) => text(row.cells[0])), axisLabel: { color: "#1d2126" } },
    series: [{
      type: "bar",
      label: { show: true, position: "right", color: "#1d2126" },
      data: rows(table).map((row) => ({ value: numbers(row)[0], itemStyle: { color: COLOURS[row.dataset.key] } })),
    }],
  });

  const areas = (table) => {
    const heads = [...table.tHead.querySelectorAll("[data-key]")];
    return {
      ...calm,
      grid: { ...calm.grid, top: 60 },
      legend: { top: 0, data: heads.map(text), icon: "rect", itemWidth: 12, itemHeight: 12, itemGap: 14 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", boundaryGap: false, axisLabel: { alignMinLabel: "left", alignMaxLabel: "right" }, data: rows(table).map((row) => text(row.cells[0])) },
      yAxis: { type: "value", minInterval: 1 },
      series: heads.map((head, place) => ({
        name: text(head), type: "line", stack: "all", areaStyle: { opacity: 0.75 }, lineStyle: { width: 1 },
        symbol: "none", color: COLOURS[head.dataset.key], data: rows(table).map((row) => numbers(row)[place]),
      })),
    };
  };

  const KINDS = { bars, areas };
  let drawn = [];
  const draw = () => {
    drawn.forEach((picture) => picture.dispose());
    drawn = [...document.querySelectorAll("[data-picture]")].map((place) => {
      const table = document.getElementById(place.dataset.of);
      place.hidden = false;
      place.setAttribute("aria-hidden", "true"); // the table says the same to those who do not see
      table.closest("details").open = false;
      const picture = window.echarts.init(place, null, { renderer: "svg" });
      picture.setOption(KINDS[place.dataset.picture](table));
      return picture;
    });
  };
  if (!window.echarts) return;
  draw();
  const fit = () => drawn.forEach((picture) => picture.resize());
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", fit);

  // On a wall: the whole screen, counted anew every five minutes.
  const button = document.querySelector("[data-fullscreen]");
  const root = document.documentElement;
  if (!button || !root.requestFullscreen) return;
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
  document.addEventListener("fullscreenchange", () => setTimeout(fit, 100));
  setInterval(async () => {
    if (!document.fullscreenElement) return;
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("dashboard");
      if (!fresh) return;
      document.getElementById("dashboard").replaceWith(fresh);
      draw();
    } catch (away) {
      console.info("The desk does not answer; what stands here is of the last time.", away);
    }
  }, 5 * 60 * 1000);
})();
