import { byId } from "./dom.js";

function saveChoice(name, value) {
  try {
    localStorage.setItem(`civitai-dl.monitor.${name}`, value);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
}

/** Set up the choices of language and theme. `early.js` has already applied the saved ones. */
export function openChoices(onLanguage) {
  const root = document.documentElement;
  choose("languages", root.lang, (language) => {
    root.lang = language;
    saveChoice("language", language);
    onLanguage(language);
  });
  choose("themes", root.dataset.theme ?? "auto", (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    saveChoice("theme", theme);
  });
}

function choose(id, current, onChoice) {
  for (const input of byId(id).querySelectorAll("input")) {
    input.checked = input.value === current;
    input.addEventListener("change", () => onChoice(input.value));
  }
}
