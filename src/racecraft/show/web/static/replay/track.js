// The cars on a lap, on a canvas: an outline of the circuit if there is one, else a ring.
import { shade } from "/static/chart.js";
import { progress } from "/static/replay/order.js";

const EDGE = 46; // pixels around the lap, for names
const FADES_US = 12e6; // after which a car that has finished or is out is gone
const NEAR = 0.017; // laps: names of cars closer than this are staggered
const LEVELS = 4; // of names: near and far on either side, so that none leaves the canvas
const DOT = 20; // pixels of a dot with its rim
const LARGER = 1.2;

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Track {
  constructor(canvas, race) {
    this.canvas = canvas;
    this.ground = document.createElement("canvas");
    this.ground.className = "ground";
    this.ground.setAttribute("aria-hidden", "true");
    canvas.before(this.ground);
    this.race = race;
    this.ctx = canvas.getContext("2d", { alpha: true });
    this.watched = new Set();
    new ResizeObserver(() => this.resize()).observe(canvas);
    document.addEventListener("settings", () => this.resize());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.resize());
    this.resize();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.path = this.race.outline ? outlined(this.race.outline, width, height) : ring(width, height);
    this.paintGround(width, height);
    this.sprites = new Map(this.race.cars.map((car) => [car.car, this.paintCar(car)]));
    this.again?.();
  }

  /** The lap and its lines, on a canvas of their own below the cars: painted once. */
  paintGround(width, height) {
    this.ground.width = this.canvas.width;
    this.ground.height = this.canvas.height;
    const ctx = this.ground.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    const { x, y } = this.path;
    ctx.lineJoin = "round";
    ctx.beginPath();
    for (let i = 0; i < x.length; i += 1) (i ? ctx.lineTo : ctx.moveTo).call(ctx, x[i], y[i]);
    ctx.closePath();
    ctx.strokeStyle = style("--rule");
    ctx.lineWidth = 9;
    ctx.stroke();
    ctx.fillStyle = style("--quiet");
    ctx.font = `11px ${style("--sans")}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const few = this.race.n <= 4;
    for (const { line, at } of this.race.lines) {
      const whole = at >= 1;
      if (!whole && !few) continue;
      const here = this.at(at % 1);
      ctx.strokeStyle = style(whole ? "--ink" : "--quiet");
      ctx.lineWidth = whole ? 3 : 1.5;
      ctx.beginPath();
      ctx.moveTo(here.x - here.nx * 8, here.y - here.ny * 8);
      ctx.lineTo(here.x + here.nx * 8, here.y + here.ny * 8);
      ctx.stroke();
      ctx.fillText(line, here.x - here.nx * 20, here.y - here.ny * 20);
    }
    if (!this.race.outline && width > 420) {
      ctx.fillText("One lap, drawn to the scale of time", width / 2, height / 2);
    }
  }

  /** The name of a car, its dot, and that of a car that is watched, each painted once. */
  paintCar(car) {
    const name = this.paint(44, 18, (ctx) => {
      ctx.font = `600 11px ${style("--sans")}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineWidth = 3;
      ctx.lineJoin = "round";
      ctx.strokeStyle = style("--paper");
      ctx.strokeText(car.car.slice(0, 4), 22, 9);
      ctx.fillStyle = shade(car.colour);
      ctx.fillText(car.car.slice(0, 4), 22, 9);
    });
    const dot = (radius) => this.paint(DOT, DOT, (ctx) => {
      ctx.arc(DOT / 2, DOT / 2, radius, 0, 7);
      ctx.fillStyle = shade(car.colour);
      ctx.fill();
      ctx.lineWidth = 1.5;
      ctx.strokeStyle = style("--paper");
      ctx.stroke();
    });
    return { name, dot: dot(5.5), watched: dot(8) };
  }

  paint(width, height, with_) {
    const made = new OffscreenCanvas(width * this.ratio, height * this.ratio);
    const ctx = made.getContext("2d");
    ctx.scale(this.ratio, this.ratio);
    with_(ctx);
    return made;
  }

  /** Draw every car where it is; `standing` is their order. */
  draw(us, standing) {
    const { ctx, ratio } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const dots = [];
    for (let i = standing.length - 1; i >= 0; i -= 1) {
      const { car, done } = standing[i];
      const over = done === car.steps.length;
      const since = over && done ? us - car.times[done - 1] : 0;
      if ((over && since > FADES_US) || (!done && !car.steps.length)) continue;
      if (us < 0 && car.grid === null) continue; // nobody knows where it stood
      const laps = progress(this.race, car, us, done);
      dots.push({ car, share: laps - Math.floor(laps), alpha: over ? 1 - since / FADES_US : 1, level: 0 });
    }
    stagger(dots);
    for (const { car, share, alpha, level } of dots) {
      const here = this.at(share);
      const sprite = this.sprites.get(car.car);
      ctx.globalAlpha = alpha;
      const dot = this.watched.has(car.car) ? sprite.watched : sprite.dot;
      ctx.drawImage(dot, here.x - DOT / 2, here.y - DOT / 2, DOT, DOT);
      const out = (17 + (level >> 1) * 12) * (level % 2 ? -1 : 1);
      ctx.drawImage(sprite.name, here.x + here.nx * out * 1.12 - 22, here.y + here.ny * out - 9, 44, 18);
    }
    ctx.globalAlpha = 1;
  }

  /** Point of the path at a share of the lap, and the direction that points away from it. */
  at(share) {
    const { x, y, shares, outward } = this.path;
    let low = 0;
    let high = shares.length - 1;
    while (low < high - 1) {
      const middle = (low + high) >> 1;
      if (shares[middle] <= share) low = middle;
      else high = middle;
    }
    const part = (share - shares[low]) / (shares[high] - shares[low] || 1);
    const [dx, dy] = [x[high] - x[low], y[high] - y[low]];
    const length = Math.hypot(dx, dy) || 1;
    return { x: x[low] + dx * part, y: y[low] + dy * part, nx: (dy / length) * outward, ny: (-dx / length) * outward };
  }
}

/** Names of cars that are close together go to either side in turn. */
function stagger(dots) {
  const along = [...dots].sort((a, b) => a.share - b.share);
  for (let i = 1; i < along.length; i += 1) {
    const before = along[i - 1];
    along[i].level = along[i].share - before.share < NEAR ? (before.level + 1) % LEVELS : 0;
  }
}

/** A ring that fills the room, run clockwise from the middle of its top, in step with its length. */
function ring(width, height) {
  const [w, h] = [Math.max(width - 2 * EDGE - 24, 60), Math.max(height - 2 * EDGE - 30, 60)];
  const r = Math.min(h, w) / 2;
  const [cx, cy] = [width / 2, height / 2 + 4];
  const points = [];
  const straight = (w - 2 * r) / 2;
  const tall = (h - 2 * r) / 2;
  const corner = (sx, sy, from) => {
    for (let i = 0; i <= 40; i += 1) {
      const angle = from + (Math.PI / 2) * (i / 40);
      points.push([cx + sx * straight + r * Math.cos(angle), cy + sy * tall + r * Math.sin(angle)]);
    }
  };
  points.push([cx, cy - h / 2]);
  corner(1, -1, -Math.PI / 2);
  corner(1, 1, 0);
  corner(-1, 1, Math.PI / 2);
  corner(-1, -1, Math.PI);
  points.push([cx, cy - h / 2]);
  return measured(points);
}

function measured(points) {
  const shares = [0];
  for (let i = 1; i < points.length; i += 1)
    shares.push(shares[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
  const whole = shares[shares.length - 1];
  return { x: points.map((p) => p[0]), y: points.map((p) => p[1]), shares: shares.map((s) => s / whole), outward: 1 };
}

/** The outline, turned by a right angle where that makes it much larger in this room. */
function lying({ x, y }, width, height) {
  const span = (values) => Math.max(...values) - Math.min(...values) || 1;
  const [w, h] = [width - 2 * EDGE, height - 2 * EDGE];
  const upright = Math.min(w / span(x), h / span(y));
  const turned = Math.min(w / span(y), h / span(x));
  return turned > upright * LARGER ? [y, x.map((v) => -v)] : [x, y];
}

/** The outline of a circuit, fitted to the room; its points know which share of a lap's time they are. */
function outlined(outline, width, height) {
  const { shares } = outline;
  const [x, y] = lying(outline, width, height);
  const [x0, x1, y0, y1] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
  const by = Math.min((width - 2 * EDGE) / (x1 - x0 || 1), (height - 2 * EDGE) / (y1 - y0 || 1));
  const px = x.map((v) => (v - (x0 + x1) / 2) * by + width / 2);
  const py = y.map((v) => height / 2 - (v - (y0 + y1) / 2) * by);
  let area = 0;
  for (let i = 0; i < px.length; i += 1) {
    const j = (i + 1) % px.length;
    area += px[i] * py[j] - px[j] * py[i];
  }
  return { x: px, y: py, shares, outward: area > 0 ? 1 : -1 };
}
