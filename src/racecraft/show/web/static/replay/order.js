// Who was ahead of whom at any instant, by the lines that cars had crossed: as order_at in Python.

/** Unpack what the server sends: steps and times of every car, times in microseconds. */
export function decode(data) {
  const lines = data.lines.length;
  const cars = data.cars.map((one, column) => {
    const steps = sums(one.steps);
    const times = sums(one.times).map((time) => time * data.unit_us);
    return { ...one, column, steps, times, last: steps.length ? steps[steps.length - 1] : -1 };
  });
  return { ...data, n: lines, cars, first: firsts(cars, data.laps * lines), flagUs: data.flag === null ? Infinity : data.flag * 1e6 };
}

function sums(differences) {
  let total = 0;
  return Float64Array.from(differences, (difference) => (total += difference));
}

/** When anybody had come as far as each step. */
function firsts(cars, steps) {
  const first = new Float64Array(steps).fill(Infinity);
  for (const car of cars) car.steps.forEach((step, i) => (first[step] = Math.min(first[step], car.times[i])));
  for (let step = steps - 2; step >= 0; step -= 1) first[step] = Math.min(first[step], first[step + 1]);
  return first;
}

/** How many crossings of a car are not after a time. */
export function crossed(car, us) {
  let low = 0;
  let high = car.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (car.times[middle] <= us) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Order of all cars at a time in seconds: those in the race first, then those that are out.
 * Of each: car, done (crossings), step (of the last one, -1 before the first), out, lapsDown.
 * With `line`, only crossings of that line count.
 */
export function orderAt(race, seconds, line) {
  const us = seconds * 1e6;
  const only = line === undefined ? -1 : race.lines.findIndex((one) => one.line === line);
  const standing = race.cars.map((car) => {
    let done = crossed(car, us);
    if (only >= 0) while (done && car.steps[done - 1] % race.n !== only) done -= 1;
    const step = done ? car.steps[done - 1] : -1;
    return { car, done, step, when: done ? car.times[done - 1] : (car.grid ?? Infinity) };
  });
  let leader = -1;
  for (const one of standing) if (one.step > leader) leader = one.step;
  for (const one of standing) {
    const over = only < 0 ? one.step === one.car.last : !later(one, race.n, only);
    one.out = over && !one.car.finished && (leader - one.step >= race.n || us >= race.flagUs);
    one.lapsDown = Math.max(one.done ? lapsDown(race, one) : 0, Math.floor((leader - one.step - 1) / race.n), 0);
  }
  return standing.sort((a, b) => a.out - b.out || b.step - a.step || a.when - b.when || a.car.column - b.car.column);
}

/** The order now, made anew only when a line was crossed since, or time went back. */
export class Standing {
  constructor(race) {
    this.race = race;
    this.from = Infinity;
    this.until = -Infinity;
    this.order = [];
  }

  at(seconds) {
    const us = seconds * 1e6;
    if (us >= this.from && us < this.until) return this.order;
    this.order = orderAt(this.race, seconds);
    this.from = -Infinity;
    this.until = Infinity;
    for (const { car, done } of this.order) {
      if (done) this.from = Math.max(this.from, car.times[done - 1]);
      if (done < car.times.length) this.until = Math.min(this.until, car.times[done]);
    }
    const { flagUs } = this.race;
    if (us < flagUs) this.until = Math.min(this.until, flagUs);
    else this.from = Math.max(this.from, flagUs);
    return this.order;
  }
}

/** Whole laps by which the first car was ahead when a car crossed its last line. */
function lapsDown(race, one) {
  let furthest = one.step;
  while (furthest + race.n < race.first.length && race.first[furthest + race.n] <= one.when) furthest += race.n;
  return (furthest - one.step) / race.n;
}

function later(one, n, only) {
  for (let i = one.done; i < one.car.steps.length; i += 1) if (one.car.steps[i] % n === only) return true;
  return false;
}

/** When a car crossed a step, in microseconds; null where it did not, or nobody timed it. */
export function timeAt(car, step) {
  let low = 0;
  let high = car.steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (car.steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low < car.steps.length && car.steps[low] === step ? car.times[low] : null;
}

/** Where on its way a car is drawn at a time, in laps: between lines in step with time. */
export function progress(race, car, us, done) {
  const where = (step) => Math.floor(step / race.n) + race.lines[step % race.n].at;
  const next = done < car.steps.length;
  const from = done ? where(car.steps[done - 1]) : -0.002 * (car.grid ?? 20);
  const begun = done ? car.times[done - 1] : 0;
  if (!next) return from;
  const to = where(car.steps[done]);
  const share = Math.min(Math.max((us - begun) / (car.times[done] - begun || 1), 0), 1);
  return from + (to - from) * share;
}

/** Times at which the first car ended each lap, in seconds. */
export function leaderLaps(race) {
  const ends = new Array(race.laps).fill(Infinity);
  for (const car of race.cars)
    car.steps.forEach((step, i) => {
      if ((step + 1) % race.n === 0) {
        const lap = (step + 1) / race.n - 1;
        ends[lap] = Math.min(ends[lap], car.times[i] / 1e6);
      }
    });
  return ends;
}
