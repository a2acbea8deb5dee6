// The page of a race, and of a battle: two cars to choose, and what may be simulated.
import { draw, fill } from "/static/parts.js";

const form = document.querySelector("form[data-gaps]");
const chart = document.getElementById("gap-chart");

function compare() {
  const pair = new URLSearchParams(new FormData(form));
  const [a, b] = [pair.get("a"), pair.get("b")];
  const tail = form.dataset.session === "race" ? "" : `?session=${form.dataset.session}`;
  form.querySelector(".to-battle").href = `${form.dataset.battle}${encodeURIComponent(a)}/${encodeURIComponent(b)}${tail}`;
  draw(chart, `${form.dataset.gaps}&${pair}`);
  const here = new URL(location.href);
  here.searchParams.set("a", a);
  here.searchParams.set("b", b);
  history.replaceState(null, "", here);
}

if (form) {
  form.addEventListener("change", compare);
  const asked = new URLSearchParams(location.search);
  if (asked.has("a") && asked.has("b")) {
    form.elements.a.value = asked.get("a");
    form.elements.b.value = asked.get("b");
    compare();
  }
}

for (const button of document.querySelectorAll("[data-redraw]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    const words = button.textContent;
    button.textContent = "Driving a thousand races from every lap …";
    const figure = document.getElementById(button.dataset.redraw);
    await draw(figure, button.dataset.with);
    await fill(document.getElementById(button.dataset.then), button.dataset.thenWith);
    const basis = document.getElementById("chances-basis");
    if (figure.uplot) {
      basis.textContent = "Each chance is the share of a thousand races driven from the end of that lap.";
      button.remove();
    } else {
      button.textContent = words;
      button.disabled = false;
    }
  });
}
