import { KitError } from "../lib/base/mod.ts";
import { defineCommand, type Flag, type FlagsOf, type Outcome } from "../lib/cli/mod.ts";
import type { RoundsProgress } from "../lib/soak/mod.ts";
import {
  describePairProgress,
  PAIR_SCHEMA,
  type PairRound,
  type PairSettings,
  pairsPage,
  predecessorOf,
  runPairs,
  TOXIC_LEVELS,
  USUAL_ROUNDS,
} from "../lib/stability/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { openRun, reportPath } from "./_stability/open_run.ts";
import { resumedSettings } from "./_stability/resumed_settings.ts";
import { OUTPUT_FLAG, RESUME_FLAG } from "./_stability/run_flags.ts";
import { runOutcome } from "./_stability/run_outcome.ts";

const PROFILES = ["stable", "resilient", "parallel", "turbo"] as const;

const FLAGS = [
  { name: "profile", type: "choice", summary: "The profile that is judged", choices: PROFILES, default: "turbo" },
  {
    name: "against",
    type: "choice",
    summary: "The profile that it is compared with; the one before it by default",
    choices: PROFILES,
  },
  {
    name: "rounds",
    type: "integer",
    summary: "Number of rounds, each with both profiles",
    default: USUAL_ROUNDS,
    min: 1,
  },
  { name: "toxics", type: "choice", summary: "Level of the network faults", choices: TOXIC_LEVELS, default: "mild" },
  { name: "seed", type: "integer", summary: "Seed of the first round; each has the next one", default: 1, min: 0 },
  {
    name: "lanes",
    type: "integer",
    summary: "Rounds at the same time, each with a process of its own",
    default: 8,
    min: 1,
    max: 16,
  },
  { ...OUTPUT_FLAG, summary: "The report, which ends with .json; reports/paired-stability-TIME.json by default" },
  RESUME_FLAG,
  {
    name: "work-folder",
    type: "path",
    summary: "Folder of the libraries during the run; a temporary one by default",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

/** The `paired-stability` command: two profiles do the same under the same faults, and their stability is compared. */
export const command = defineCommand({
  name: "paired-stability",
  group: "Maintenance",
  permissions: "stability",
  summary: "Let two profiles do the same under the same faults, and judge whether one is as stable as the other",
  description:
    "In each round, both profiles fetch the same small library from the built-in Civitai, one after the other, with the " +
    "same seed and therefore the same faults; which one goes first takes turns. Each download of one profile is " +
    "compared with the same download of the other, so that a difference comes from the profile alone.\n\n" +
    "A profile is as stable as the other if at most 0.2 percentage points more of its downloads fail or time out, at " +
    "most 0.2 points more of those that a fault hit do not recover, and the 99th percentile of their times is at most " +
    "1.05 times as long, each by a bound at 95 %. The report also tells whether one of these became better. All limits for silence and all waits between " +
    "attempts are a tenth of the usual ones.\n\n" +
    "The default has 90 000 pairs, of which a fault hits 21 000; the gate asks for 20 000. It takes about two hours on two " +
    "idle cores, less than 1 GB of disk and of memory, and can be stopped at any time; --resume goes on with the next " +
    "round. What is under way when it is stopped is done again.",
  flags: FLAGS,
  excludes: [["output", "resume"]],
  exits: {
    1: "The profile is less stable",
    3: "Too few rounds to judge a claim",
    4: "Another run works in the same folder, or its report exists; too little disk space is free; or the report to resume " +
      "has another commit, machine or settings",
    7: true,
  },
  examples: [
    { command: "civitai-dl paired-stability --profile resilient", summary: "Evidence for phase 2: against stable" },
    { command: "civitai-dl paired-stability --rounds 12 --lanes 4", summary: "A preview, too short for a verdict" },
    {
      command: "civitai-dl paired-stability --resume reports/paired-stability-20261125-120000.json",
      summary: "Continue a stopped run",
    },
  ],
  async run(context): Promise<Outcome> {
    const { flags, display } = context;
    const path = await reportPath(context, "paired-stability");
    const settings = flags.resume === undefined
      ? settingsOf(flags)
      : await resumedSettings<PairSettings>(path, PAIR_SCHEMA, context);
    const { profile, against, rounds, toxics, seed, lanes } = settings;
    const faults = toxics === "none" ? "no" : toxics;
    display.log(
      `Paired stability: ${profile} against ${against}, ${rounds} rounds, ${faults} faults, seed ${seed}, ` +
        `${lanes} at a time; report ${path}`,
    );
    using host = await openRun<RoundsProgress<PairRound>>(context, {
      describe: (progress) => describePairProgress(settings, progress),
    });
    const place = { path, isResumed: flags.resume !== undefined, workFolder: flags.workFolder };
    const report = await runPairs(host, settings, place);
    return runOutcome(report, pairsPage(report), path);
  },
  render: (shown: ShownReport) => shown.text(),
});

type Flags = FlagsOf<typeof FLAGS>;

function settingsOf({ profile, against = predecessorOf(profile) ?? undefined, ...rest }: Flags): PairSettings {
  if (against === undefined) {
    throw new KitError("usage", `Cannot compare "${profile}": no profile is before it`, {
      hint: "Name another --profile, or what to compare it with by --against",
    });
  }
  if (against === profile) {
    throw new KitError("usage", `Cannot compare "${profile}" with itself`, { hint: "Name another profile" });
  }
  const { rounds, toxics, seed, lanes } = rest;
  return { profile, against, rounds, toxics, seed, lanes };
}

if (import.meta.main) await runScript(command);
