// The grid of places: a click or the arrow keys choose two, and a sentence says what they decide.
const ordinal = (n) => {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teens ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th")}`;
};
const place = (n) => (n === 0 ? "scores no points" : n === 1 ? "wins" : `is ${ordinal(n)}`);

function sentence(grid, cell) {
  const { who, rival, event, session } = grid.dataset;
  const { a, b, verdict } = cell.dataset;
  if (!verdict) return "The two cannot both be there.";
  const what = grid.dataset.place === "the title" ? "the title" : `${grid.dataset.place} place`;
  const when = `If ${who} ${place(+a)} and ${rival} ${place(+b)} in the ${session === "sprint" ? "sprint of the " : ""}${event}`;
  return {
    secures: `${when}, ${who} has secured ${what}, whatever else happens.`,
    holds_off: `${when}, ${rival} can no longer pass ${who}; but others still can.`,
    out_of_reach: `${when}, ${what} is out of reach for ${who}.`,
    open: `${when}, nothing is decided yet.`,
  }[verdict];
}

function choose(grid, cell, focus = true) {
  for (const one of grid.querySelectorAll("[role=gridcell]")) {
    one.tabIndex = one === cell ? 0 : -1;
    if (one === cell) one.setAttribute("aria-selected", "true");
    else one.removeAttribute("aria-selected");
  }
  if (focus) cell.focus();
  grid.closest(".permutations").querySelector(".answer").textContent = sentence(grid, cell);
  if (focus) history.replaceState(null, "", `#${grid.dataset.number}-${cell.dataset.a}-${cell.dataset.b}`);
}

function wire(grid, number) {
  grid.dataset.number = number;
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("[role=gridcell]")]);
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("[role=gridcell]");
    if (cell) choose(grid, cell);
  });
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell) return;
    const y = rows.findIndex((row) => row.includes(cell));
    const x = rows[y].indexOf(cell);
    const moves = {
      ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
      Home: [y, 0], End: [y, rows[y].length - 1], Enter: [y, x], " ": [y, x],
    };
    const to = moves[event.key];
    if (!to) return;
    event.preventDefault();
    const next = rows[to[0]]?.[to[1]];
    if (next) choose(grid, next);
  });
  const asked = location.hash.slice(1).split("-");
  const linked = asked[0] === String(number) && grid.querySelector(`[data-a="${+asked[1]}"][data-b="${+asked[2]}"]`);
  choose(grid, linked || rows[0].find((cell) => cell.dataset.verdict) || rows[0][0], false);
}

const part = document.getElementById("title-part");
part.addEventListener("filled", () => part.querySelectorAll(".grid").forEach((grid, i) => wire(grid, i + 1)));
