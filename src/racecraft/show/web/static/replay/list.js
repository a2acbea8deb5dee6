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
    this.key = "";
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
    return { item, cells, car };
  }

  paint() {
    for (const { cells, car } of this.rows.values()) cells.colour.style.background = shade(car.colour);
  }

  /** Show an order; cheap where nothing was crossed since. */
  show(standing, animate) {
    const key = standing.map((one) => `${one.car.column}:${one.done}:${one.out}`).join() + this.interval;
    if (key === this.key) return false;
    this.key = key;
    const moved = this.reorder(standing, animate);
    standing.forEach((one, i) => this.write(one, standing, i));
    return moved;
  }

  reorder(standing, animate) {
    let moved = false;
    standing.forEach(({ car, out }, i) => {
      const { item } = this.rows.get(car.car);
      if (this.list.children[i] !== item) {
        this.list.insertBefore(item, this.list.children[i] ?? null);
        moved = true;
      }
      const before = this.places.get(car.car);
      if (animate && before !== undefined && before !== i && !out) this.flash(item, before > i ? "up" : "down");
      this.places.set(car.car, i);
    });
    return moved;
  }

  flash(item, how) {
    item.classList.remove("up", "down");
    item.classList.add(how);
    clearTimeout(item.flashing);
    item.flashing = setTimeout(() => item.classList.remove(how), FLASH_MS);
  }

  write(one, standing, i) {
    const { cells, item } = this.rows.get(one.car.car);
    const lap = Math.floor(one.step / this.race.n) + 1;
    item.classList.toggle("out", one.out);
    cells.pos.textContent = one.out ? "" : i + 1;
    cells.gap.textContent = one.out ? "out" : this.gap(one, standing, i);
    cells.more.textContent = [one.car.class, this.tyre(one.car, lap), this.inPit(one) ? "pit" : ""].filter(Boolean).join(" ");
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
