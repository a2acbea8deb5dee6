// Settings that must hold before anything is drawn: colours, and whether results are hidden.
(() => {
  const root = document.documentElement;
  const THEMES = ["auto", "light", "dark"];
  const read = (name, otherwise) => {
    try {
      return localStorage.getItem(`racecraft.${name}`) || otherwise;
    } catch {
      return otherwise; // storage is closed to us: nothing is remembered
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(`racecraft.${name}`, value);
    } catch {
      // nothing is remembered
    }
  };
  const show = () => {
    const theme = read("theme", "auto");
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.dataset.spoilers = read("spoilers", "shown");
    for (const button of document.querySelectorAll("button[data-setting]")) {
      if (button.dataset.setting === "theme") {
        button.textContent = theme[0].toUpperCase() + theme.slice(1);
        button.setAttribute("aria-label", `Colours: ${theme}`);
      } else if (!button.classList.contains("link")) {
        button.setAttribute("aria-pressed", String(root.dataset.spoilers === "hidden"));
      }
    }
  };
  const change = (name) => {
    if (name === "theme") {
      keep(name, THEMES[(THEMES.indexOf(read(name, "auto")) + 1) % THEMES.length]);
    } else {
      keep(name, root.dataset.spoilers === "hidden" ? "shown" : "hidden");
    }
    show();
    document.dispatchEvent(new CustomEvent("settings", { detail: name }));
  };
  show();
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-setting]");
    if (button) change(button.dataset.setting);
  });
})();
