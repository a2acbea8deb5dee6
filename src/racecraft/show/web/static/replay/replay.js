// A race played again: time runs, the list shows the order by lines crossed, dots show the way.
import { fetched, say } from "/static/parts.js";
import { decode, leaderLaps, Standing } from "/static/replay/order.js";
import { OrderList } from "/static/replay/list.js";
import { Marks } from "/static/replay/marks.js";
import { Track } from "/static/replay/track.js";

const BEFORE_S = 10; // a moment is shown from so long before it
const SHOWN_S = 12; // and its words stay for so long
const START_S = -3;
const PIXELS = 1500; // steps that the scrubber has to go
const REMEMBER_MS = 3000;
const root = document.getElementById("replay");
const by = (id) => document.getElementById(id);

class Replay {
  constructor(race) {
    this.race = race;
    this.laps = leaderLaps(race);
    this.order = new Standing(race);
    this.said = new Map();
    this.time = START_S;
    this.speed = 10;
    this.playing = false;
    this.offset = 0;
    this.wrote = 0;
    this.track = new Track(by("track"), race);
    this.track.again = () => this.show();
    this.list = new OrderList(by("order"), race, (car) => this.watch(car));
    by("next-moment").hidden = !race.marks.some((mark) => mark.kind === "moment");
    this.marks = new Marks(by("marks"), by("events"), race, this.laps, (mark) => this.seek(mark.time - BEFORE_S));
    const scrubber = by("scrubber");
    scrubber.min = START_S;
    scrubber.max = race.end + 5;
    this.wire(scrubber);
    this.fromAddress();
    addEventListener("hashchange", () => this.fromAddress());
    this.frame = this.frame.bind(this);
  }

  fromAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("speed")) this.setSpeed(+asked.get("speed"));
    this.seek(asked.has("t") ? +asked.get("t") : START_S, false);
    if (asked.get("play") === "1") this.play(true);
  }

  remember() {
    history.replaceState(null, "", `#t=${this.time.toFixed(1)}&speed=${this.speed}`);
  }

  frame(now) {
    if (!this.playing) return;
    const passed = Math.min(now - (this.before ?? now), 250);
    this.before = now;
    this.time = Math.min(this.time + (passed / 1000) * this.speed, this.race.end + 5);
    this.show(this.speed <= 30);
    if (now - this.wrote > REMEMBER_MS) {
      this.wrote = now;
      this.remember();
    }
    if (this.time >= this.race.end + 5) this.play(false);
    else requestAnimationFrame(this.frame);
  }

  show(animate = false) {
    const standing = this.order.at(this.time);
    this.standing = standing;
    this.track.draw(this.time * 1e6, standing);
    this.list.show(standing, animate);
    this.head();
  }

  head() {
    const time = this.time;
    const done = this.laps.findLastIndex((end) => end <= time) + 1;
    const lap = Math.min(done + 1, this.race.laps);
    const text = time < 0 ? (this.race.cars.some(({ grid }) => grid !== null) ? "On the grid" : "Before the start") : done >= this.race.laps ? "Finished" : `Lap ${lap} of ${this.race.laps}`;
    this.write("lap", text);
    this.write("clock", clock(time));
    const period = this.race.periods.find((one) => one.from <= time && time < (one.to ?? Infinity));
    this.write("state", period?.text ?? "", (state, words) => (state.hidden = !words));
    this.write("now", this.marks.now(time, Math.max(SHOWN_S, this.speed * 2.5))?.text ?? "");
    this.slide(time, text);
  }

  /** Move the scrubber, by what can be seen of it while the race runs. */
  slide(time, text) {
    const least = this.playing ? this.race.end / PIXELS : 0;
    if (Math.abs(time - (this.slid ?? -1e9)) <= least) return;
    this.slid = time;
    by("scrubber").value = time.toFixed(1);
    by("scrubber").setAttribute("aria-valuetext", `${text}, ${clock(time)}`);
    this.marks.reveal(time);
  }

  /** Put words in their place, where they are other than before. */
  write(id, words, more) {
    if (this.said.get(id) === words) return;
    this.said.set(id, words);
    by(id).textContent = words;
    more?.(by(id), words);
  }

  play(on = !this.playing) {
    if (on === this.playing) return;
    if (on && this.time >= this.race.end) this.time = START_S;
    this.playing = on;
    this.before = undefined;
    by("play").textContent = on ? "Pause" : "Play";
    if (on) requestAnimationFrame(this.frame);
    else {
      this.show();
      this.remember();
      this.announce();
    }
  }

  seek(time, remember = true) {
    this.time = Math.min(Math.max(time, START_S), this.race.end + 5);
    this.show();
    if (remember) {
      this.remember();
      if (!this.playing) this.announce();
    }
  }

  step(laps) {
    const starts = [0, ...this.laps.filter(Number.isFinite)];
    const now = starts.findLastIndex((at) => at <= this.time + (laps > 0 ? 0.05 : -1.5));
    this.seek(starts[Math.min(Math.max(now + (laps > 0 ? 1 : 0), 0), starts.length - 1)]);
  }

  jump(kind) {
    const mark = this.marks.next(kind, this.time);
    if (mark) this.seek(mark.time - BEFORE_S);
    else by("announce").textContent = `No ${kind} after this.`;
  }

  setSpeed(speed) {
    const select = by("speed");
    const known = [...select.options].map((option) => +option.value);
    this.speed = known.reduce((a, b) => (Math.abs(b - speed) < Math.abs(a - speed) ? b : a));
    select.value = this.speed;
  }

  faster(step) {
    const select = by("speed");
    select.selectedIndex = Math.min(Math.max(select.selectedIndex + step, 0), select.options.length - 1);
    this.speed = +select.value;
  }

  /** The leader is at the line at this instant of a broadcast: run from the nearest crossing. */
  crosses() {
    const ends = this.laps.filter(Number.isFinite);
    const near = ends.reduce((a, b) => (Math.abs(b - this.time) < Math.abs(a - this.time) ? b : a));
    this.setSpeed(1);
    this.seek(near + this.offset);
    this.play(true);
  }

  shift(offset) {
    this.seek(this.time + offset - this.offset);
    this.offset = offset;
    this.write("offset-shown", `${offset.toFixed(1)} s`);
  }

  watch(car) {
    const on = !this.track.watched.has(car);
    this.track.watched[on ? "add" : "delete"](car);
    if (!this.playing) this.show();
    return on;
  }

  announce() {
    const [first, second] = this.standing;
    const names = [first, second].filter(Boolean).map((one) => one.car.name);
    by("announce").textContent = `${by("lap").textContent}. First ${names[0]}${names[1] ? `, second ${names[1]}` : ""}.`;
  }

  wire(scrubber) {
    scrubber.addEventListener("input", () => this.seek(+scrubber.value));
    scrubber.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
      if (step) {
        event.preventDefault();
        event.stopPropagation();
        this.seek(this.time + step);
      }
    });
    const press = {
      play: () => this.play(),
      "previous-lap": () => this.step(-1),
      "next-lap": () => this.step(1),
      "next-moment": () => this.jump("moment"),
      "next-battle": () => this.jump("battle"),
      crosses: () => this.crosses(),
    };
    for (const [id, act] of Object.entries(press)) by(id).addEventListener("click", act);
    by("speed").addEventListener("change", (event) => (this.speed = +event.target.value));
    by("offset").addEventListener("input", (event) => this.shift(+event.target.value));
    by("gap-kind").addEventListener("click", (event) => {
      this.list.interval = !this.list.interval;
      event.target.setAttribute("aria-pressed", String(this.list.interval));
      this.show();
    });
    const keys = {
      " ": press.play, ArrowLeft: press["previous-lap"], ArrowRight: press["next-lap"],
      n: press["next-moment"], b: press["next-battle"], l: press.crosses,
      "+": () => this.faster(1), "=": () => this.faster(1), "-": () => this.faster(-1),
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
      if (event.key === " " && event.target.closest("button, a, summary")) return;
      const act = keys[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    });
  }
}

function clock(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n) => String(n).padStart(2, "0");
  return `${seconds < 0 ? "−" : ""}${h ? `${h}:${two(m)}` : m}:${two(s)}`;
}

try {
  const race = decode(await (await fetched(root.dataset.src)).json());
  root.replay = new Replay(race);
  root.removeAttribute("aria-busy");
  root.dispatchEvent(new CustomEvent("ready", { bubbles: true }));
} catch (error) {
  say(by("order"), error);
  root.removeAttribute("aria-busy");
}
