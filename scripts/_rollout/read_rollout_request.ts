import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { RolloutRequest } from "../../lib/rollout/mod.ts";
import { readRecordedReason } from "../_frame/recorded_reason.ts";
import { readPercentage } from "./read_percentage.ts";
import { readRolloutPlan } from "./read_rollout_plan.ts";
import { readOverride, type RolloutFlags } from "./rollout_flags.ts";

/** Flags of `rollout`. */
export interface RolloutActionFlags extends RolloutFlags {
  readonly percentage: string | undefined;
  readonly full: boolean;
  readonly override: string | undefined;
  readonly reason: string | undefined;
  readonly revision: number | undefined;
}

/** Flags, and the actions that they go with; without an action, `--percentage` is one. */
const GO_WITH: readonly (readonly [flag: string, actions: readonly (string | undefined)[]])[] = [
  ["percentage", [undefined, "start"]],
  ["full", ["promote"]],
  ["override", [undefined, "promote"]],
  ["reason", ["pause", "abort"]],
  ["revision", [undefined, "start", "promote", "pause", "resume", "abort", "retry", "undo", "end"]],
];

/**
 * Read the action and its flags.
 *
 * @param context Arguments and flags
 * @returns The request; `null` for `status`
 * @throws {KitError} `usage` if action and flags do not go together
 */
export async function readRolloutRequest(
  context: Pick<CommandContext<RolloutActionFlags>, "args" | "flags" | "sourceOf">,
): Promise<RolloutRequest | null> {
  const { args: [action], flags, sourceOf } = context;
  for (const [flag, actions] of GO_WITH) {
    if (sourceOf(flag) !== "flag" || actions.includes(action)) continue;
    const names = actions.map((one) => one ?? "--percentage").join(", ");
    throw new KitError("usage", `Cannot use --${flag} with ${action ?? "status"}: it goes with ${names}`, {
      hint: "See civitai-dl rollout --help",
    });
  }
  // A setting in a file must not turn status into a change, nor skip the judge each time.
  const isGiven = (flag: string): boolean => sourceOf(flag) === "flag";
  const percentage = isGiven("percentage") ? readPercentage(flags.percentage) : undefined;
  const override = isGiven("override") ? readOverride(flags.override) : undefined;
  const reason = isGiven("reason") ? readRecordedReason("reason", flags.reason, "the storage host is down") : undefined;
  switch (action) {
    case undefined: {
      if (percentage !== undefined) return { type: "set-weight", percentage, override };
      const flag = ["override", "revision"].find(isGiven);
      if (flag === undefined) return null;
      throw new KitError("usage", `Cannot use --${flag} without an action: it goes with --percentage or promote`, {
        hint: "See civitai-dl rollout --help",
      });
    }
    case "start":
      return { type: "start", plan: (await readRolloutPlan(context)).plan, percentage };
    case "promote":
      return flags.full && isGiven("full")
        ? { type: "set-weight", percentage: 100, override }
        : { type: "promote", override };
    case "pause":
      return { type: "pause", reason };
    case "resume":
      return { type: "resume" };
    case "abort":
      return { type: "abort", reason };
    case "retry":
      return { type: "retry" };
    case "undo":
      return { type: "undo" };
    case "end":
      return { type: "end" };
    default:
      return null;
  }
}
