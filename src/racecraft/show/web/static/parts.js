// Parts of a page that take a moment: fetched at once, put in place when they come.
import { drawChart } from "/static/chart.js";

/** Fetch a part; what went wrong is an error with a sentence for people. */
export async function fetched(path, options = {}) {
  const answer = await fetch(path, options);
  if (answer.ok) return answer;
  let said = { detail: `no answer (${answer.status})` };
  try {
    said = await answer.json();
  } catch {
    // not one of our problems: the status must do
  }
  throw new Error([said.detail, said.hint].filter(Boolean).join("; "));
}

/** Put a part of HTML in place, the one asked for last; returns when it, or some of it, is there. */
export async function fill(place, path, options) {
  const mine = (place.asked = {});
  place.setAttribute("aria-busy", "true");
  try {
    const html = await (await fetched(path, options)).text();
    if (place.asked !== mine) return;
    place.innerHTML = html;
  } catch (error) {
    if (place.asked !== mine) return;
    say(place, error);
  }
  place.removeAttribute("aria-busy");
  place.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  const more = place.querySelector("[data-more]");
  if (more) readOn(place, more.dataset.more);
}

/** Put in place what more there is of a part, until there is no more; it can be read meanwhile. */
async function readOn(place, path) {
  const mine = place.asked;
  for (let next = path; next; ) {
    let html;
    try {
      html = await (await fetched(next)).text();
    } catch {
      return; // what is there stays, and says of how much it is
    }
    if (place.asked !== mine) return;
    const focused = place.contains(document.activeElement) ? document.activeElement.href : null;
    place.innerHTML = html;
    if (focused) [...place.querySelectorAll("a")].find((link) => link.href === focused)?.focus();
    next = place.querySelector("[data-more]")?.dataset.more;
  }
}

/** Say in a place why it stays empty. */
export function say(place, error) {
  const words = document.createElement("p");
  words.className = "failed";
  words.textContent = `This could not be shown: ${error.message}.`;
  place.replaceChildren(words);
}

/** Fetch the data of a chart and draw it; what was asked for last counts, whatever comes last. */
export async function draw(figure, path = figure.dataset.chart) {
  figure.setAttribute("aria-busy", "true");
  figure.dataset.chart = path;
  try {
    const spec = await (await fetched(path)).json();
    if (figure.dataset.chart !== path) return;
    drawChart(figure, spec);
  } catch (error) {
    if (figure.dataset.chart !== path) return;
    say(figure.querySelector(".plot"), error);
  }
  figure.removeAttribute("aria-busy");
  figure.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
}

for (const place of document.querySelectorAll("[data-part]")) fill(place, place.dataset.part);
for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
