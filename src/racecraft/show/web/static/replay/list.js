// The order as a list: rewritten only where it changed.
import { shade } from "/static/chart.js";
import { timeAt } from "/static/replay/order.js";

const FLASH_MS = 900;
const TYRES = { soft: "S", medium: "M", hard: "H", intermediate: "I", wet: "W", hypersoft: "HS", ultrasoft: "US", supersoft: "SS" };

export class OrderList {
  constructor(list, race, watch) {
    this.list = list;
    this.race = race;
    this.interval = false;
    this.shown = null;
    this.items = [];
    this.places = new Map();
    this.rows = new Map(race.cars.map((car) => [car.car, this.row(car, watch)]));
    document.addEventListener("settings", () => this.paint());
    this.paint();
  }

  row(car, watch) {
    const item = document.createElement("li");
    item.dataset.car = car.car;
    const cells = {};
    for (const name of ["pos", "colour", "code", "more", "gap"]) {
      const cell = document.createElement(name === "colour" ? "i" : "span");
      cell.className = name;
      cells[name] = cell;
      item.append(cell);
    }
    cells.code.textContent = car.car;
    item.title = [car.name, car.team].filter(Boolean).join(", ");
    item.addEventListener("click", () => item.classList.toggle("watched", watch(car.car)));
    return { item, cells, car, said: {}, out: false };
  }

  paint() {
    for (const { cells, car } of this.rows.values()) cells.colour.style.background = shade(car.colour);
  }

  /** Show an order; at no cost where nothing was crossed since. */
  show(standing, animate) {
    if (standing === this.shown && this.interval === this.intervalShown) return;
    this.shown = standing;
    this.intervalShown = this.interval;
    this.reorder(standing, animate);
    for (let i = 0; i < standing.length; i += 1) this.write(standing[i], standing, i);
  }

  reorder(standing, animate) {
    const items = standing.map(({ car }) => this.rows.get(car.car).item);
    standing.forEach(({ car, out }, i) => {
      const item = items[i];
      if (this.items[i] !== item) {
        this.list.insertBefore(item, this.list.children[i] ?? null);
        this.items = [...this.list.children];
      }
      const before = this.places.get(car.car);
      if (animate && before !== undefined && before !== i && !out) this.flash(item, before > i ? "up" : "down");
      this.places.set(car.car, i);
    });
  }

  flash(item, how) {
    item.classList.remove("up", "down");
    item.classList.add(how);
    clearTimeout(item.flashing);
    item.flashing = setTimeout(() => item.classList.remove(how), FLASH_MS);
  }

  write(one, standing, i) {
    const row = this.rows.get(one.car.car);
    const lap = Math.floor(one.step / this.race.n) + 1;
    if (row.out !== one.out) row.item.classList.toggle("out", (row.out = one.out));
    const unknown = one.step < 0 && one.car.grid === null; // no line crossed, no place on the grid
    this.say(row, "pos", one.out || unknown ? "" : String(i + 1));
    this.say(row, "gap", one.out ? "out" : this.gap(one, standing, i));
    this.say(row, "more", [one.car.class, this.tyre(one.car, lap), this.inPit(one) ? "pit" : ""].filter(Boolean).join(" "));
  }

  /** Put words in a cell, where they are other than before. */
  say(row, cell, words) {
    if (row.said[cell] === words) return;
    row.said[cell] = words;
    row.cells[cell].textContent = words;
  }

  gap(one, standing, i) {
    if (!i || one.step < 0) return i ? "" : this.interval ? "Interval" : "Gap";
    const reference = standing[this.interval ? i - 1 : 0];
    const apart = one.lapsDown - (this.interval ? reference.lapsDown : 0);
    const behind = timeAt(reference.car, one.step);
    if (apart >= 1) return apart === 1 ? "1 lap" : `${apart} laps`;
    return behind === null ? "" : `+${((one.when - behind) / 1e6).toFixed(3)}`;
  }

  tyre(car, lap) {
    const sets = this.race.tyres[car.car] ?? [];
    const set = sets.findLast(([first]) => first <= Math.max(lap, 1));
    return set?.[1] ? (TYRES[set[1]] ?? set[1][0].toUpperCase()) : "";
  }

  inPit(one) {
    const lap = Math.floor((one.step + 1) / this.race.n);
    const pits = this.race.pits[one.car.car] ?? [];
    return one.done > 0 && one.done < one.car.steps.length && pits.includes(lap) && (one.step + 1) % this.race.n === 0;
  }
}
