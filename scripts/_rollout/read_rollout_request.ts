import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { RolloutRequest } from "../../lib/rollout/mod.ts";
import { readRecordedReason } from "../_frame/recorded_reason.ts";
import { readPercentage } from "./read_percentage.ts";
import { readOverride, type RolloutFlags } from "./rollout_flags.ts";

/** Flags of `rollout`. */
export interface RolloutActionFlags extends RolloutFlags {
  readonly percentage: string | undefined;
  readonly override: string | undefined;
  readonly reason: string | undefined;
}

/** Flags, and the actions that they go with; `--percentage` is one itself. */
const GO_WITH: readonly (readonly [flag: string, actions: readonly (string | undefined)[]])[] = [
  ["override", [undefined, "promote"]],
  ["reason", ["pause", "abort"]],
];

/**
 * Read the action and its flags.
 *
 * @returns The request; `null` for `status`
 * @throws {KitError} `usage` if action and flags do not go together
 */
export function readRolloutRequest(
  { args: [action], flags, sourceOf }: Pick<CommandContext<RolloutActionFlags>, "args" | "flags" | "sourceOf">,
): RolloutRequest | null {
  if (sourceOf("percentage") === "flag" && action !== undefined) {
    throw new KitError("usage", `Cannot use --percentage with ${action}: it is an action itself`, {
      hint: "See civitai-dl rollout --help",
    });
  }
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
      if (override === undefined) return null;
      throw new KitError("usage", "Cannot use --override without an action: it goes with --percentage or promote", {
        hint: "See civitai-dl rollout --help",
      });
    }
    case "promote":
      return { type: "promote", override };
    case "pause":
      return { type: "pause", reason };
    case "resume":
      return { type: "resume" };
    case "abort":
      return { type: "abort", reason };
    case "retry":
      return { type: "retry" };
    case "end":
      return { type: "end" };
    default:
      return null;
  }
}
