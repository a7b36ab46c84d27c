import { defineCommand, type Flag } from "../lib/cli/mod.ts";
import type { RolloutStatus } from "../lib/rollout/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { PERCENTAGE_FLAG, ROLLOUT_FLAGS } from "./_rollout/rollout_flags.ts";

const FLAGS = [PERCENTAGE_FLAG, ...ROLLOUT_FLAGS] as const satisfies readonly Flag[];

/** The `canary` command: begins a rollout at a small share. */
export const command = defineCommand({
  name: "canary",
  group: "Operation",
  permissions: "local",
  summary: "Begin a rollout: give the new engine to a small share of the files",
  description: "The first step of a rollout. Without --percentage, the share is the first one of " +
    "config/rollout.yml, 10 %. The next runs of download and update follow it; rollout status shows how it goes.\n\n" +
    "The other 90 % get the engine that the plan names in from, which is stable. Without a rollout, turbo fetches all " +
    "files: so these 90 % go from turbo to stable, and downloads are slower until the rollout is completed or ended.",
  flags: FLAGS,
  examples: [
    { command: "civitai-dl canary --percentage 10", summary: "Begin with a tenth of the files" },
    { command: "civitai-dl canary --percentage 0.5 --dry-run", summary: "What would change?" },
    { command: "civitai-dl canary --library ~/models", summary: "For another library" },
  ],
  exits: { 4: "A rollout is under way or this one is completed, or somebody else was faster" },
  async run(context): Promise<RolloutStatus> {
    const [{ changeRollout }, { readPercentage }, { readRolloutPlan }] = await Promise.all([
      import("./_rollout/change_rollout.ts"),
      import("./_rollout/read_percentage.ts"),
      import("./_rollout/read_rollout_plan.ts"),
    ]);
    const percentage = readPercentage(context.flags.percentage);
    const { plan } = await readRolloutPlan(context);
    return await changeRollout(context, { type: "start", plan, percentage }, { command: "canary" });
  },
  render: async (status: RolloutStatus, { width }) =>
    (await import("./_rollout/render_rollout.ts")).renderRollout(status, { width }),
});

if (import.meta.main) await runScript(command);
