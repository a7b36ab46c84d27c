import { render } from "preact";
import { openApp } from "./app_state.ts";
import { AppContext } from "./context.ts";
import { firstLanguage } from "./frame/choices.ts";
import { Page } from "./page.tsx";
import { loadWords } from "./words.ts";

const root = document.getElementById("page");
if (root !== null) {
  const language = firstLanguage();
  const app = openApp(language, await loadWords(language));
  root.replaceChildren();
  render(
    <AppContext.Provider value={app}>
      <Page />
    </AppContext.Provider>,
    root,
  );
}
