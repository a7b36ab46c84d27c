import { exists } from "@std/fs";
import { readConfigText } from "../../lib/config/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { parseRolloutPlan, type RolloutPlan } from "../../lib/rollout/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import BUILT_IN_PLAN from "../../config/rollout.yml" with { type: "text" };
import type { RolloutFlags } from "./rollout_flags.ts";

/** A plan, and whether the user has a file of it. */
export interface FoundPlan {
  readonly plan: RolloutPlan;
  /** Path of the file; `null` for the built-in plan. */
  readonly file: string | null;
}

/**
 * Read the plan that `--plan` names. If the flag is not set and the default file does not exist, use the built-in plan.
 *
 * @throws {KitError} `usage` if the file does not exist or has mistakes
 */
export async function readRolloutPlan(
  { flags, sourceOf }: Pick<CommandContext<RolloutFlags>, "flags" | "sourceOf">,
): Promise<FoundPlan> {
  const alternatives = Object.keys(PROFILES);
  if (sourceOf("plan") === "default" && !await exists(flags.plan)) {
    return { plan: parseRolloutPlan(BUILT_IN_PLAN, { file: "the built-in plan", alternatives }), file: null };
  }
  const text = await readConfigText(flags.plan, {
    hint: "Set --plan to the file of the steps, such as config/rollout.yml",
  });
  return { plan: parseRolloutPlan(text, { file: flags.plan, alternatives }), file: flags.plan };
}
