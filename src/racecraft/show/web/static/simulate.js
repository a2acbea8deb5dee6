// A race driven again with something changed; what is asked for is in the address.
import { fill } from "/static/parts.js";

const form = document.querySelector("form.what-if");
const answer = document.getElementById("simulated");

function asked() {
  const { elements: e } = form;
  const query = new URLSearchParams({ start: e.start.value });
  if (form.dataset.session !== "race") query.set("session", form.dataset.session);
  if (e["stop-car"].value && e["stop-lap"].value)
    query.append("stop", `${e["stop-car"].value}:${e["stop-lap"].value}:${e["stop-tyre"].value}`);
  if (e["place-car"].value && e["place-at"].value) query.append("place", `${e["place-car"].value}:${e["place-at"].value}`);
  return query;
}

function stopsMade() {
  const car = form.elements["stop-car"].value;
  const made = JSON.parse(form.dataset.stops).filter((one) => one.car === car);
  const words = made.map((one) => `lap ${one.lap}${one.compound ? ` for ${one.compound}` : ""}`);
  document.getElementById("stops-made").textContent = !car ? "" : words.length ? `${car} stopped on ${words.join(", ")}.` : `${car} did not stop.`;
}

async function drive() {
  const query = asked();
  history.replaceState(null, "", `${location.pathname}?${query}`);
  answer.innerHTML = '<p class="waiting">Driving it thousands of times …</p>';
  await fill(answer, `${form.dataset.parts}?${query}`);
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    drive();
  });
  form.elements.start.addEventListener("input", () => {
    document.getElementById("start-shown").textContent = form.elements.start.value;
  });
  form.elements["stop-car"].addEventListener("change", stopsMade);
  stopsMade();
  const query = new URLSearchParams(location.search);
  if (query.has("stop") || query.has("place") || query.has("start")) drive();
}
