// A race while it is run: the screen as it changes, what happens, and the charts lap by lap.
import { draw, fill } from "/static/parts.js";

const NEWS = 60; // lines that are kept
const SETTLES_MS = 3000; // after the leader ended a lap, before the charts are drawn anew
const root = document.getElementById("live");
const by = (id) => document.getElementById(id);
const parts = by("live-parts");
let lap = null;
let waiting;

function cell(row, text, name) {
  const made = row.insertCell();
  made.textContent = text;
  if (name) made.className = name;
}

function screen(told) {
  by("live-name").textContent = told.name || by("live-name").textContent;
  by("live-lap").textContent = told.lap ? `Lap ${told.lap}${told.distance ? ` of ${told.distance}` : ""}` : "Waiting for the timing";
  by("live-flag").hidden = !told.flag;
  by("live-flag").textContent = told.flag;
  by("live-title").textContent = told.title;
  by("live-doubts").textContent = told.doubts.join("; ");
  const body = document.createElement("tbody");
  body.id = "live-rows";
  for (const one of told.rows) {
    const row = body.insertRow();
    if (one.out) row.className = "quiet";
    cell(row, one.place ?? "", "num");
    cell(row, one.car, "code");
    cell(row, one.gap, "num");
    cell(row, one.interval, "num");
    cell(row, [one.compound, one.age].filter((part) => part !== null).join(" "));
    cell(row, one.out ? "out" : one.in_pit ? "pit" : "");
  }
  by("live-rows").replaceWith(body);
  if (told.lap !== lap) {
    lap = told.lap;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, SETTLES_MS);
  }
}

function happened(told) {
  const item = document.createElement("li");
  const when = document.createElement("span");
  when.className = "lap";
  when.textContent = told.lap ? `Lap ${told.lap}` : "";
  const words = document.createElement("span");
  words.textContent = told.text;
  item.append(when, words);
  const list = by("live-news");
  list.prepend(item);
  while (list.children.length > NEWS) list.lastChild.remove();
}

async function refresh() {
  if (document.hidden) return;
  if (parts.tagName === "P") {
    if (lap > 1) location.reload(); // the race has begun: there are charts now
    return;
  }
  for (const figure of parts.querySelectorAll("[data-chart]")) await draw(figure);
  for (const place of parts.querySelectorAll("[data-part]")) await fill(place, place.dataset.part);
}

if (root) {
  const stream = new EventSource(root.dataset.stream);
  stream.addEventListener("screen", (event) => screen(JSON.parse(event.data)));
  stream.addEventListener("happened", (event) => happened(JSON.parse(event.data)));
  stream.addEventListener("over", () => {
    stream.close();
    refresh();
  });
}
