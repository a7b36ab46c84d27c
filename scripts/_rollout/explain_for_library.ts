import { resolve } from "node:path";
import { type CommandContext, renderCommandLine } from "../../lib/cli/mod.ts";
import { explainRollout, type RolloutRecord, type RolloutStatus } from "../../lib/rollout/mod.ts";
import { readLibrary } from "../_frame/library/choose_library.ts";
import type { RolloutFlags } from "./rollout_flags.ts";

/**
 * Explain where the rollout of a library stands. The next command names the library if the command line or the
 * environment does, because it may be run without them.
 */
export function explainForLibrary(
  { flags, sourceOf }: Pick<CommandContext<RolloutFlags>, "flags" | "sourceOf">,
  rollout: RolloutRecord,
): RolloutStatus {
  const status = explainRollout(rollout, Date.now());
  const source = sourceOf("library");
  if (status.next === null || (source !== "flag" && source !== "env")) return status;
  const flag = status.next === "civitai-dl download" ? "--output" : "--library";
  return { ...status, next: `${status.next} ${renderCommandLine([flag, resolve(readLibrary(flags))])}` };
}
