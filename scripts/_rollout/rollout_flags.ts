import type { Flag, FlagsOf } from "../../lib/cli/mod.ts";
import { LIBRARY_FLAG } from "../_frame/flags.ts";
import { readRecordedReason } from "../_frame/recorded_reason.ts";

/** Default path of the plan; without a file there, the built-in plan applies, which is the same file. */
export const PLAN_FILE = "config/rollout.yml";

/** Flags of all commands that change a rollout. */
export const ROLLOUT_FLAGS = [
  LIBRARY_FLAG,
  { name: "plan", type: "path", summary: "File of the steps", placeholder: "FILE", default: PLAN_FILE },
  { name: "dry-run", setting: "none", type: "boolean", summary: "Show what would change, and change nothing" },
] as const satisfies readonly Flag[];

/** Flag that states a share. */
export const PERCENTAGE_FLAG = {
  name: "percentage",
  setting: "none",
  type: "string",
  summary: "Share of the files that the new engine fetches, from 0 to 100",
  placeholder: "N",
  example: "10",
} as const satisfies Flag;

/** Flag that allows more than the judge. */
export const OVERRIDE_FLAG = {
  name: "override",
  // A setting in a file must not skip the judge each time.
  setting: "none",
  type: "string",
  summary: "Go on without the judge's consent, for this reason, which is recorded",
  placeholder: "REASON",
} as const satisfies Flag;

/** Values of {@linkcode ROLLOUT_FLAGS}. */
export type RolloutFlags = FlagsOf<typeof ROLLOUT_FLAGS>;

/**
 * Check the reason of `--override`.
 *
 * @throws {KitError} `usage` if it is empty or has several lines
 */
export function readOverride(text: string | undefined): string | undefined {
  return readRecordedReason("override", text, "the fix was tested by hand");
}
