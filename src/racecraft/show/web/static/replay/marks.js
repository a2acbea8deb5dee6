// What happened when: marks over the scrubber and a list, as much of it as may be known.
const SVG = "http://www.w3.org/2000/svg";

function make(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

export class Marks {
  constructor(svg, list, race, laps, go) {
    this.race = race;
    this.seen = 0;
    const share = (time) => `${(100 * Math.min(Math.max(time / race.end, 0), 1)).toFixed(3)}%`;
    for (const one of race.periods)
      this.tie(make("rect", { class: "period", x: share(one.from), y: 0, height: 22,
        width: `${Math.max((100 * ((one.to ?? race.end) - one.from)) / race.end, 0.3).toFixed(3)}%` }, svg), one.from);
    const step = [1, 5, 10, 20, 50, 100].find((s) => race.laps / s <= 12) ?? 200;
    for (let lap = step; lap <= race.laps; lap += step) {
      const time = laps[lap - 1];
      if (!Number.isFinite(time)) continue;
      make("line", { x1: share(time), x2: share(time), y1: 22, y2: 30 }, svg);
      make("text", { x: share(time), y: 30, dx: 3 }, svg).textContent = lap;
    }
    this.marks = [...race.marks].sort((a, b) => a.time - b.time);
    const most = Math.max(...this.marks.filter((m) => m.kind === "moment").map((m) => m.weight), 1);
    const listed = this.marks.some((m) => m.kind === "moment") ? "moment" : "battle";
    for (const mark of this.marks) {
      const dot = mark.kind === "moment"
        ? make("circle", { class: "moment", cx: share(mark.time), cy: 10, r: (2.5 + 4 * Math.sqrt(mark.weight / most)).toFixed(1) }, svg)
        : make("rect", { class: "battle", x: share(mark.time), y: 16, width: 3, height: 6 }, svg);
      make("title", {}, dot).textContent = mark.text;
      dot.addEventListener("click", () => go(mark));
      this.tie(dot, mark.time);
      if (mark.kind === listed) list.append(this.item(mark, go));
    }
    document.addEventListener("settings", () => this.reveal());
  }

  ties = [];

  tie(element, time) {
    this.ties.push({ element, time, hidden: false });
  }

  item(mark, go) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = `Lap ${mark.lap}`;
    button.setAttribute("aria-label", `Lap ${mark.lap}: ${mark.text} Watch it.`);
    button.addEventListener("click", () => go(mark));
    const words = document.createElement("span");
    words.textContent = mark.text;
    item.append(button, words);
    this.tie(item, mark.time);
    return item;
  }

  /** Note how far the race was seen; with results hidden, later things stay hidden. */
  reveal(time = this.seen) {
    this.seen = Math.max(this.seen, time);
    const hidden = document.documentElement.dataset.spoilers === "hidden";
    const until = hidden ? this.seen : Infinity;
    for (const tie of this.ties) {
      const hide = tie.time > until;
      if (tie.hidden === hide) continue;
      tie.hidden = hide;
      tie.element.toggleAttribute("hidden", hide);
      if (tie.element instanceof SVGElement) tie.element.style.display = hide ? "none" : "";
    }
  }

  /** The mark that was reached last, if that is not long ago. */
  now(time, within) {
    const last = this.marks.findLast((mark) => mark.kind === "moment" && mark.time <= time);
    return last && time - last.time < within ? last : null;
  }

  next(kind, time) {
    return this.marks.find((mark) => mark.kind === kind && mark.time - 10 > time + 1);
  }
}
