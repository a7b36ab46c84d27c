import { render } from "preact";
import { openApp } from "./app_state.ts";
import { AppContext } from "./context.ts";
import { Page } from "./page.tsx";

const root = document.getElementById("page");
if (root !== null) {
  root.replaceChildren();
  render(
    <AppContext.Provider value={openApp()}>
      <Page />
    </AppContext.Provider>,
    root,
  );
}
