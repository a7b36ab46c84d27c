// Runs before the first paint, so that a chosen theme or language does not flash.
(() => {
  const read = (name) => {
    try {
      return globalThis.localStorage.getItem(`civitai-dl.${name}`);
    } catch {
      // Storage may be blocked; the choice then lasts until the page is closed.
      return null;
    }
  };
  const root = document.documentElement;
  const theme = read("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const language = read("language") ?? (/^ja\b/i.test(navigator.language) ? "ja" : "en");
  root.lang = language === "ja" ? "ja" : "en";
})();
