import { EXIT_CODES } from "../lib/base/mod.ts";
import { defineCommand, type Flag, type Outcome, withExit } from "../lib/cli/mod.ts";
import type { RolloutStatus } from "../lib/rollout/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { OVERRIDE_FLAG, PERCENTAGE_FLAG, ROLLOUT_FLAGS } from "./_rollout/rollout_flags.ts";

const ACTIONS = ["status", "promote", "pause", "resume", "abort", "retry", "end"];

const FLAGS = [
  PERCENTAGE_FLAG,
  {
    name: "reason",
    setting: "none",
    type: "string",
    summary: "With pause and abort: why, for the record",
    placeholder: "TEXT",
  },
  OVERRIDE_FLAG,
  ...ROLLOUT_FLAGS,
] as const satisfies readonly Flag[];

/** The `rollout` command: shows and controls the rollout of an engine in a library. */
export const command = defineCommand({
  name: "rollout",
  group: "Operation",
  permissions: "local",
  summary: "Show the rollout of an engine in a library, and advance, pause or abort it",
  description: [
    "A rollout gives a faster engine to a growing share of the files: 10 %, then 50 %, then all. download and update " +
    "follow it and count how the files end. A judge compares them with as many files of the stable engine: it lets the " +
    "rollout advance, or aborts it, so that everything uses the stable engine. docs/rollout.md explains it.",
    "canary begins a rollout, deploy completes it. status shows where it is, why, and what it waits for. promote goes to " +
    "the next step, --percentage N without an action to that share; both need the judge's consent or --override. pause " +
    "keeps the share, resume goes on. abort works at any time, also after 100 %. retry begins an aborted rollout again. " +
    "end forgets a rollout that was aborted or completed.",
  ].join("\n\n"),
  args: [{ name: "ACTION", summary: "What to do; status is the default", choices: ACTIONS }],
  flags: FLAGS,
  examples: [
    { command: "civitai-dl rollout", summary: "Where is it, and what does it wait for?" },
    { command: "civitai-dl rollout --percentage 50", summary: "To 50 %, if the judge allows it" },
    {
      command: 'civitai-dl rollout abort --reason "wrong files"',
      summary: "Everything with the stable engine, at once",
    },
    { command: "civitai-dl rollout retry", summary: "Begin again after an abort" },
  ],
  exits: {
    3: "Not enough downloads for a decision",
    4: "The state of the rollout does not allow it, or somebody else was faster",
  },
  async run(context): Promise<RolloutStatus | Outcome> {
    // Imported on demand, so that --help starts fast.
    const [{ readRolloutRequest }, { changeRollout, openRollout }, { explainForLibrary }] = await Promise.all([
      import("./_rollout/read_rollout_request.ts"),
      import("./_rollout/change_rollout.ts"),
      import("./_rollout/explain_for_library.ts"),
    ]);
    const request = readRolloutRequest(context);
    if (request !== null) return await changeRollout(context, request, { command: "rollout" });
    const store = await openRollout(context, "rollout");
    const status = explainForLibrary(context, await store.read());
    return status.isInconclusive ? withExit(status, EXIT_CODES.inconclusive) : status;
  },
  render: async (status: RolloutStatus, { width }) =>
    (await import("./_rollout/render_rollout.ts")).renderRollout(status, { width }),
});

if (import.meta.main) await runScript(command);
