import type { Env } from "../../base/mod.ts";
import type { AlertsFile } from "./alerts_schema.ts";
import { checkVariables } from "./_check_variables.ts";
import { toMilliseconds } from "./compile_rule.ts";
import type { Mistakes } from "../../config/mod.ts";
import type { HeartbeatSpec } from "./alerts_config.ts";
import { openHeartbeat } from "../delivery/heartbeat.ts";

/** Compile the dead man's switch, and report an invalid address. */
export function compileHeartbeat(
  { heartbeat }: AlertsFile,
  context: { readonly mistakes: Mistakes; readonly env: Env | undefined },
): HeartbeatSpec | null {
  const { mistakes, env } = context;
  if (heartbeat === undefined) return null;
  const { url, every } = heartbeat;
  const path = ["heartbeat", "url"];
  const isSound = env === undefined || checkVariables(url, path, { env, mistakes });
  try {
    // Without an environment, only the form of the address is checked, with "x" for each variable.
    if (isSound) openHeartbeat(url, { env: env ?? (() => "x") });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    mistakes.add(path, `not a heartbeat address: ${error.message.replace(/^[^:"]*: /, "")}`);
  }
  return { url, everyMs: toMilliseconds(every, 60_000) };
}
