import { KitError } from "../lib/base/mod.ts";
import { defineCommand, renderCommandLine, withExit } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `sandbox` command: serves the built-in Civitai until interrupted. */
export const command = defineCommand({
  name: "sandbox",
  group: "Program",
  permissions: "sandbox",
  summary: "Serve a local Civitai with invented models, for trials and tests",
  flags: [
    { name: "port", type: "integer", summary: "Port of the API; 0 takes a free one", default: 0, min: 0, max: 65535 },
    {
      name: "storage-port",
      type: "integer",
      summary: "Port of the storage; 0 takes a free one",
      default: 0,
      min: 0,
      max: 65535,
    },
    { name: "seed", type: "integer", summary: "Seed of the catalog", default: 1 },
    { name: "size", type: "choice", summary: "How many models", choices: ["tiny", "small", "large"], default: "tiny" },
    {
      name: "toxic",
      type: "string",
      summary: "Fault to inject, such as latency:80ms,rate=0.1; a wrong name, such as help, lists all",
      multiple: true,
      placeholder: "TOXIC",
    },
    { name: "latency", type: "duration", summary: "Delay of each response", default: "0s" },
  ],
  examples: [
    {
      command: "civitai-dl sandbox --port 8080",
      summary: "Then: civitai-dl download with the flags that it prints",
    },
    { command: "civitai-dl sandbox --toxic reset:100K,rate=0.2", summary: "Break one download in five" },
  ],
  async run({ flags, signal, display }) {
    const { parseToxic, startSandbox } = await import("../lib/sandbox/mod.ts");
    await using sandbox = await startSandbox({
      port: flags.port,
      storagePort: flags.storagePort,
      seed: flags.seed,
      size: flags.size as "tiny" | "small" | "large",
      toxics: flags.toxic.map((text) => asUsage(() => parseToxic(text))),
      latencyMs: flags.latency,
    });
    display.notice(`API:      ${sandbox.apiOrigin}`);
    display.notice(`Storage:  ${sandbox.storageOrigin}`);
    display.notice(`API key:  ${sandbox.token} (invented)`);
    const creators = [...sandbox.catalog.creators().take(5)].map((creator) => creator.username);
    display.notice(`Creators: ${creators.join(", ")}`);
    const [creator] = creators;
    const words = ["--base-url", sandbox.apiOrigin, "--token", sandbox.token, "--user", creator!];
    display.notice(`Fetch from it with: civitai-dl download ${renderCommandLine(words)}`);
    display.notice("Stop it with Ctrl-C");
    const stopped = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => stopped.resolve(), { once: true });
    // A signal that was aborted while the servers were starting does not emit another "abort" event.
    if (!signal.aborted) await stopped.promise;
    return withExit(undefined, 0);
  },
});

function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) throw new KitError("usage", error.message, { cause: error });
    throw error;
  }
}

if (import.meta.main) await runScript(command);
