import type { Env } from "../../base/mod.ts";
import type { AlertsFile } from "./alerts_schema.ts";
import { checkVariables } from "./_check_variables.ts";
import { durationMs } from "./compile_rule.ts";
import type { Mistakes } from "../../config/mod.ts";
import type { HeartbeatSpec } from "./alerts_config.ts";
import { openHeartbeat } from "../delivery/heartbeat.ts";

/** Read the dead man's switch, and whether its address can be one. */
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
    // Where there is no environment, only the form counts, not what stands in the variables.
    if (isSound) openHeartbeat(url, { env: env ?? (() => "x") });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    mistakes.add(path, `this is no address of a heartbeat: ${error.message.replace(/^[^:"]*: /, "")}`);
  }
  return { url, everyMs: durationMs(every, 60_000) };
}
