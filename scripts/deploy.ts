import { defineCommand, type Flag } from "../lib/cli/mod.ts";
import type { RolloutStatus } from "../lib/rollout/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { OVERRIDE_FLAG, readOverride, ROLLOUT_FLAGS } from "./_rollout/rollout_flags.ts";

const FLAGS = [OVERRIDE_FLAG, ...ROLLOUT_FLAGS] as const satisfies readonly Flag[];

/** The `deploy` command: completes a rollout. */
export const command = defineCommand({
  name: "deploy",
  group: "Operation",
  permissions: "local",
  summary: "Complete a rollout: give the new engine to all files",
  description:
    "The last step of a rollout, the same as rollout --percentage 100: if each analysis has passed, or for the reason " +
    "of --override, which is recorded. rollout abort goes back to the stable engine, also afterwards.",
  flags: FLAGS,
  examples: [
    { command: "civitai-dl deploy", summary: "To 100 %, if the judge allows it" },
    { command: "civitai-dl deploy --dry-run", summary: "Would it be allowed?" },
    { command: 'civitai-dl deploy --override "tested by hand"', summary: "Without the judge's consent" },
  ],
  exits: {
    3: "Not enough downloads for a decision",
    4: "The state of the rollout does not allow it, or somebody else was faster",
  },
  async run(context): Promise<RolloutStatus> {
    const { changeRollout } = await import("./_rollout/change_rollout.ts");
    const override = readOverride(context.flags.override);
    return await changeRollout(context, { type: "set-weight", percentage: 100, override }, { command: "deploy" });
  },
  render: async (status: RolloutStatus, { width }) =>
    (await import("./_rollout/render_rollout.ts")).renderRollout(status, { width }),
});

if (import.meta.main) await runScript(command);
