// Line charts on uPlot: lines named at their end, read by pointer, by keys and as a table.
const KINDS = {
  points: { x: "Round", y: (v) => `${+v.toFixed(1)}`, legend: true },
  chances: { x: "Lap", y: (v) => `${Math.round(v * 100)} %`, legend: true, range: [0, 1], decimals: (v) => `${(v * 100).toFixed(0)} %` },
  places: { x: "Lap", y: (v) => `${v}`, invert: true, ends: true },
  gap: { x: "Lap", y: (v) => `${v.toFixed(1)}`, decimals: (v) => `${v.toFixed(3)} s`, zero: true, single: true },
  battle: { x: "Lap", y: (v) => `${v.toFixed(1)}`, decimals: (v) => `${v.toFixed(3)} s`, zero: true, single: true, points: true },
};
const DASH = [5, 3];
const LABEL = 11; // pixels of a name at the end of a line
const NARROW = 520;

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** Whether the page is dark, by what was chosen or by the system. */
export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
export const shade = (colour) => colour[isDark() ? 1 : 0];

const drawn = new Map(); // figures and what they show, to be drawn again when colours change

/** Draw a chart into a figure; its data-kind says which. */
export function drawChart(figure, spec) {
  const kind = KINDS[figure.dataset.kind];
  const before = drawn.get(figure);
  before?.chart.destroy();
  before?.watch.disconnect();
  const plot = figure.querySelector(".plot");
  plot.replaceChildren();
  const series = spec.series.map((one) => ({ ...one, values: one.values.map((v) => v ?? null) }));
  const height = plot.clientHeight;
  const chart = new uPlot(options(kind, spec, series, plot.clientWidth, height), [spec.x, ...series.map((one) => one.values)], plot);
  const reading = line(figure, "reading");
  reading.textContent = "";
  chart.hooks.setCursor = [() => read(chart, kind, spec, series, reading)];
  const watch = new ResizeObserver(() => chart.setSize({ width: plot.clientWidth, height }));
  watch.observe(plot);
  byKeys(plot, chart, kind, series, figure);
  if (kind.legend) legend(figure, chart, series);
  table(figure, kind, spec, series);
  drawn.set(figure, { chart, spec, watch });
  figure.uplot = chart;
}

document.addEventListener("settings", () => {
  for (const [figure, { spec }] of drawn) drawChart(figure, spec);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const [figure, { spec }] of drawn) drawChart(figure, spec);
});

function options(kind, spec, series, width, height) {
  const quiet = style("--quiet");
  const font = `${LABEL}px ${style("--sans")}`;
  const right = kind.single ? 12 : 44;
  const axis = { stroke: quiet, font, grid: { stroke: style("--rule"), width: 1 }, ticks: { show: false } };
  return {
    width,
    height,
    padding: [12, right, 0, kind.ends ? 34 : 0],
    legend: { show: false },
    focus: { alpha: 0.2 },
    cursor: { focus: { prox: 24 }, drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { time: false }, y: scale(kind, spec, series) },
    axes: [
      { ...axis, size: 26, grid: { show: false }, space: 44, values: (_, ticks) => ticks.map((t) => (Number.isInteger(t) ? t : "")) },
      kind.ends
        ? { ...axis, show: false }
        : { ...axis, size: 46, values: (_, ticks) => ticks.map((t) => kind.y(t)) },
    ],
    series: [
      { label: kind.x },
      ...series.map((one) => ({
        label: one.car,
        stroke: shade(one.colour),
        width: kind.single ? 2 : 1.75,
        dash: one.second && !kind.single ? DASH : undefined,
        points: { show: Boolean(kind.points) && spec.x.length < 150, size: 5 },
        spanGaps: false,
      })),
    ],
    hooks: {
      drawClear: [(u) => bands(u, spec)],
      draw: [(u) => (kind.single ? zero(u, spec) : names(u, kind, series, font))],
    },
  };
}

function scale(kind, spec, series) {
  if (kind.invert) return { dir: -1, range: [0.4, spec.places + 0.6] };
  if (kind.range) return { range: kind.range };
  const values = series.flatMap((one) => one.values).filter((v) => v !== null);
  if (kind.zero) {
    const sorted = values.map(Math.abs).sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length * 0.97)] ?? 1;
    const most = Math.max(Math.min(Math.max(...sorted), usual * 1.5, spec.largest ?? Infinity), 0.3);
    const low = Math.max(Math.min(...values, 0), -most);
    const high = Math.min(Math.max(...values, 0), most);
    return { range: [low - most * 0.08, high + most * 0.08] };
  }
  return { range: [0, Math.max(...values, 1) * 1.03] };
}

function bands(u, spec) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(left, top, width, height);
  u.ctx.clip();
  u.ctx.fillStyle = style("--band");
  for (const one of spec.periods ?? []) {
    const from = u.valToPos(one.from, "x", true);
    u.ctx.fillRect(from, top, Math.max(u.valToPos(one.to, "x", true) - from, 2), height);
  }
  u.ctx.restore();
}

function zero(u, spec) {
  const y = u.valToPos(0, "y", true);
  const { left, width } = u.bbox;
  u.ctx.save();
  u.ctx.strokeStyle = style("--quiet");
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(left, y);
  u.ctx.lineTo(left + width, y);
  u.ctx.stroke();
  u.ctx.fillStyle = style("--quiet");
  u.ctx.font = `${LABEL * devicePixelRatio}px ${style("--sans")}`;
  u.ctx.textAlign = "left";
  if (spec.second) {
    u.ctx.fillText(`${spec.second} behind ↑`, left + 6 * devicePixelRatio, u.bbox.top + 12 * devicePixelRatio);
    u.ctx.fillText(`${spec.second} ahead ↓`, left + 6 * devicePixelRatio, u.bbox.top + u.bbox.height - 6 * devicePixelRatio);
  }
  u.ctx.restore();
}

/** Name every line at its end, and where it starts if asked; moved apart where they would touch. */
function names(u, kind, series, font) {
  const ratio = devicePixelRatio;
  const ctx = u.ctx;
  ctx.save();
  ctx.font = font.replace(`${LABEL}px`, `${LABEL * ratio}px`);
  ctx.textBaseline = "middle";
  const ends = series
    .map((one, i) => ({ one, shown: u.series[i + 1].show, last: one.values.findLastIndex((v) => v !== null) }))
    .filter(({ shown, last }) => shown && last >= 0)
    .map(({ one, last }) => ({ one, x: u.valToPos(u.data[0][last], "x", true), y: u.valToPos(one.values[last], "y", true) }));
  const far = u.bbox.left + u.bbox.width;
  const step = (LABEL + 1) * ratio;
  ends.sort((a, b) => a.y - b.y);
  let free = -Infinity;
  for (const end of ends) {
    if (Math.abs(end.x - far) < 2 || !kind.ends) {
      end.at = Math.max(end.y, free + step);
      free = end.at;
    } else end.at = end.y;
  }
  let floor = u.bbox.top + u.bbox.height + step / 2;
  for (const end of [...ends].reverse()) {
    if (kind.ends) break; // places have room of their own
    end.at = Math.min(end.at, floor);
    floor = end.at - step;
  }
  for (const { one, x, at } of ends) {
    ctx.fillStyle = shade(one.colour);
    ctx.textAlign = "left";
    ctx.fillText(one.car.length > 8 ? `${one.car.slice(0, 7)}…` : one.car, x + 5 * ratio, at);
    if (kind.ends && one.values[0] !== null) {
      ctx.textAlign = "right";
      ctx.fillText(one.car.slice(0, 4), u.bbox.left - 4 * ratio, u.valToPos(one.values[0], "y", true));
    }
  }
  ctx.restore();
}

/** Say what stands under the pointer. */
function read(u, kind, spec, series, reading) {
  const i = u.cursor.idx;
  if (i === null || i === undefined) {
    reading.textContent = "";
    return;
  }
  const write = kind.decimals ?? kind.y;
  const at = spec.rounds?.[i] ? spec.rounds[i] : `${kind.x} ${kind.zero ? spec.x[i].toFixed(2) : spec.x[i]}`;
  const some = series
    .map((one, n) => ({ one, v: one.values[i], shown: u.series[n + 1].show }))
    .filter(({ v, shown }) => v !== null && v !== undefined && shown);
  some.sort((a, b) => (kind.invert ? a.v - b.v : b.v - a.v));
  const told = some.slice(0, kind.invert ? 22 : 8).map(({ one, v }) => (kind.invert ? one.car : `${one.car} ${write(v)}`));
  reading.textContent = told.length ? `${at}: ${told.join(kind.invert ? ", " : " · ")}` : at;
}

/** Left and right move along the chart; what stands there is read out. */
function byKeys(plot, chart, kind, series, figure) {
  const over = chart.over;
  over.tabIndex = 0;
  over.setAttribute("role", "application");
  over.setAttribute("aria-roledescription", "chart");
  over.setAttribute("aria-label", `${figure.querySelector("figcaption").textContent} Left and right arrow keys read it.`);
  over.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const n = chart.data[0].length;
    const at = Math.min(Math.max((chart.cursor.idx ?? (step > 0 ? -1 : n)) + step, 0), n - 1);
    chart.setCursor({ left: chart.valToPos(chart.data[0][at], "x"), top: plot.clientHeight / 2 });
    line(figure, "reading").setAttribute("aria-live", "polite");
  });
}

function legend(figure, chart, series) {
  let list = figure.querySelector(".keys-list");
  if (!list) {
    list = document.createElement("ul");
    list.className = "keys-list";
    figure.append(list);
  }
  list.replaceChildren(
    ...series.map((one, i) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 18 8");
      svg.setAttribute("aria-hidden", "true");
      const stroke = document.createElementNS("http://www.w3.org/2000/svg", "line");
      for (const [name, value] of Object.entries({ x1: 0, x2: 18, y1: 4, y2: 4, stroke: shade(one.colour), "stroke-width": 2.5 }))
        stroke.setAttribute(name, value);
      if (one.second) stroke.setAttribute("stroke-dasharray", "5 3");
      svg.append(stroke);
      button.append(svg, one.name ?? one.car);
      button.addEventListener("click", () => {
        const show = !chart.series[i + 1].show;
        chart.setSeries(i + 1, { show });
        button.setAttribute("aria-pressed", String(show));
      });
      button.addEventListener("pointerenter", () => chart.setSeries(i + 1, { focus: true }));
      button.addEventListener("pointerleave", () => chart.setSeries(null, { focus: true }));
      item.append(button);
      return item;
    }),
  );
}

/** The same numbers as a table, made when it is opened. */
function table(figure, kind, spec, series) {
  figure.querySelector(".as-table")?.remove();
  const details = document.createElement("details");
  details.className = "as-table";
  const summary = document.createElement("summary");
  summary.textContent = "As a table";
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (details.children.length > 1) return;
    const box = document.createElement("div");
    box.className = "scroll tall-list";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "The chart as a table");
    const made = document.createElement("table");
    const write = kind.decimals ?? kind.y;
    const head = made.createTHead().insertRow();
    for (const name of [kind.x, ...series.map((one) => one.car)]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.className = "num";
      cell.textContent = name;
      head.append(cell);
    }
    const body = made.createTBody();
    spec.x.forEach((x, i) => {
      const row = body.insertRow();
      for (const value of [x, ...series.map((one) => (one.values[i] === null || one.values[i] === undefined ? "" : write(one.values[i])))]) {
        const cell = row.insertCell();
        cell.className = "num";
        cell.textContent = value;
      }
    });
    box.append(made);
    details.append(box);
  });
  figure.append(details);
}

function line(figure, name) {
  let found = figure.querySelector(`.${name}`);
  if (!found) {
    found = document.createElement("p");
    found.className = name;
    figure.append(found);
  }
  return found;
}
