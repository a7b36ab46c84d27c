import type { PageLanguage, PageTheme } from "../context.ts";

const PREFIX = "civitai-dl.";

/** Keep a choice of the reader. */
export function saveChoice(name: string, value: string): void {
  try {
    localStorage.setItem(`${PREFIX}${name}`, value);
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
}

/** A choice of an earlier visit; `null` if there is none. */
export function readChoice(name: string): string | null {
  try {
    return localStorage.getItem(`${PREFIX}${name}`);
  } catch {
    // Storage may be blocked.
    return null;
  }
}

/** The language that `early.js` has found. */
export function firstLanguage(): PageLanguage {
  return document.documentElement.lang === "ja" ? "ja" : "en";
}

/** The theme that `early.js` has applied. */
export function firstTheme(): PageTheme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "auto";
}

/** Show a theme. */
export function applyTheme(theme: PageTheme): void {
  const { dataset } = document.documentElement;
  if (theme === "auto") delete dataset.theme;
  else dataset.theme = theme;
}
