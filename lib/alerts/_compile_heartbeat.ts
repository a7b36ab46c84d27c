import type { AlertsFile } from "./_alerts_schema.ts";
import { durationMs } from "./_compile_rule.ts";
import type { Mistakes } from "./_mistakes.ts";
import type { HeartbeatSpec } from "./alerts_config.ts";
import { openHeartbeat } from "./heartbeat.ts";

/** Read the dead man's switch, and whether its address can be one. */
export function compileHeartbeat({ heartbeat }: AlertsFile, mistakes: Mistakes): HeartbeatSpec | null {
  if (heartbeat === undefined) return null;
  const { url, every } = heartbeat;
  try {
    // Only the form counts here, not what stands in its variables.
    openHeartbeat(url, { env: () => "x" });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    mistakes.add(["heartbeat", "url"], `this is no address of a heartbeat: ${error.message.replace(/^[^:"]*: /, "")}`);
  }
  const everyMs = durationMs(every, 60_000);
  if (everyMs < 1000) mistakes.add(["heartbeat", "every"], '"every" must be 1s or more', { hint: "1m is usual" });
  return { url, everyMs };
}
