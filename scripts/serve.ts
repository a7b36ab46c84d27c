import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { SERVE_FLAGS } from "./_serve/serve_flags.ts";

/** The `serve` command: serves the page and its API until stopped. */
export const command = defineCommand({
  name: "serve",
  group: "Library",
  permissions: "serve",
  summary: "Serve a page in the browser: see the library, queue what is missing, watch it run",
  description: [
    "The page shows the library, plans what you paste before it fetches it, and works off a queue, which survives a " +
    "restart. Everything that it does is an API, which docs/api.md describes.",
    "It works beside a download in a terminal: the page shows that run, and the queue waits for it. The library need not " +
    "exist yet. The flags of choice, layout, network and engine count for what the page queues, as in download.",
    "Without a token, only this machine can use the page. Alerts are shown, but only monitor evaluates them; monitor " +
    "--listen serves the same page.",
  ].join("\n\n"),
  flags: SERVE_FLAGS,
  excludes: [["engine", "force-sync-mode"], ["sfw", "max-level"], ["layout", "path-template"], ["base-url", "sandbox"]],
  examples: [
    { command: "civitai-dl serve --open", summary: "The page of the default library, in the browser" },
    { command: "civitai-dl serve --library ~/ComfyUI --layout comfyui", summary: "Of another one" },
    { command: "civitai-dl serve --sandbox --open", summary: "A trial with invented models, without a network" },
    {
      command: "civitai-dl serve --listen 0.0.0.0:9847 --page-token-file ~/.page-token --read-only",
      summary: "For other machines, to look at",
    },
  ],
  exits: { 0: "It was stopped" },
  async run(context) {
    const { flags, display, signal } = context;
    // Imported on demand, so that `--help` starts fast.
    const { openServe } = await import("./_serve/open_serve.ts");
    await using opened = await openServe(context);
    const { app } = opened;
    display.notice(`Serving the page at ${app.url}`);
    display.log("Stop it with Ctrl-C");
    if (flags.open) {
      const { openBrowser } = await import("./_serve/open_browser.ts");
      await openBrowser(app, { onWarning: (message) => display.notice(`note: ${message}`) });
    }
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    // A signal that was aborted while the server was starting does not emit another "abort" event.
    if (!signal.aborted) await stopped.promise;
    return withExit(undefined, 0);
  },
});

if (import.meta.main) await runScript(command);
