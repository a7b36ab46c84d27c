/** Opens the watch of a run in the working folder, changes the mode, and prints what it reports. */
import type { FailsafeContext } from "../../scripts/_download/run_failsafe.ts";
import { openRunWatch } from "../../scripts/_download/run_watch.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";

const said: (readonly [kind: string, text: string])[] = [];
const context: FailsafeContext = {
  flags: { engine: "turbo", timeout: 30_000, hostTimeout: [], patience: 60_000, forceSyncMode: false } as never,
  env: () => undefined,
  sourceOf: () => "default",
};
{
  await using run = await openRunWatch(context, { root: Deno.cwd() }, {
    logs: "logs",
    profile: PROFILES.turbo,
    redact: (text) => text,
    isDryRun: false,
    onEvent: () => {},
    onWarning: (text) => void said.push(["warning", text]),
    onNotification: (text) => void said.push(["notification", text]),
  });
  run.record({ type: "mode", from: "turbo", to: "parallel", reason: "8 of 20 calls failed" });
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(said)));
