import { EXIT_CODES } from "../lib/base/mod.ts";
import { defineCommand, type Flag, type FlagsOf, Outcome } from "../lib/cli/mod.ts";
import { CLAIM_IDS } from "../lib/soak/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import {
  describeProgress,
  MAX_LANES,
  runStability,
  STABILITY_SCHEMA,
  type StabilityProgress,
  stabilityReport,
  type StabilitySettings,
  TOXIC_LEVELS,
} from "../lib/stability/mod.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { openRun, reportPath } from "./_stability/open_run.ts";
import { resumedSettings } from "./_stability/resumed_settings.ts";
import { OUTPUT_FLAG, RESUME_FLAG } from "./_stability/run_flags.ts";
import { runOutcome } from "./_stability/run_outcome.ts";

const FLAGS = [
  { name: "duration", type: "duration", summary: "Duration of the work, without pauses", default: "4h", min: "1s" },
  { name: "report-interval", type: "duration", summary: "Interval of reports", default: "15m", min: "1s" },
  { ...OUTPUT_FLAG, summary: "The report, which ends with .json; reports/stability-TIME.json by default" },
  RESUME_FLAG,
  {
    name: "abort-on",
    type: "choice",
    summary: "Stop as soon as this claim fails",
    choices: CLAIM_IDS,
    multiple: true,
    split: ",",
    placeholder: "CLAIM",
  },
  {
    name: "delay-abort",
    type: "duration",
    summary: "Time before which --abort-on does not stop the run",
    default: "0s",
  },
  { name: "seed", type: "integer", summary: "Seed of the schedule and the faults", default: 1, min: 0 },
  { name: "toxics", type: "choice", summary: "Level of the network faults", choices: TOXIC_LEVELS, default: "mild" },
  {
    name: "engine",
    type: "choice",
    summary: "The only engine to use; all uses each in turn",
    choices: ["all", "stable", "resilient", "parallel", "turbo"],
    default: "all",
  },
  {
    name: "pace",
    type: "number",
    summary: "Jobs that start each second, whether or not earlier ones are done",
    // In two hours, config/phases.yml wants 347 disturbed jobs of each engine: three engines have one job in ten,
    // and a fault hits seven of ten. That takes 0.72 jobs a second.
    default: 1,
    min: 0.01,
    max: 100,
  },
  {
    name: "lanes",
    type: "integer",
    summary: "Concurrent jobs, each on its own library",
    // A provoked silence holds its lane until the engine's limit, so a job takes five seconds on average (measured on
    // two cores). Five of eight lanes keep the pace of one job a second; the others are room for bursts.
    default: 8,
    min: 1,
    max: MAX_LANES,
  },
  {
    name: "work-folder",
    type: "path",
    summary:
      "Folder of the libraries during the run; a temporary one by default. Not in the report: repeat it with --resume",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

/** Bounds of the time between two lines of progress, where it cannot be drawn. */
const MIN_SUMMARY_MS = 30_000;
const MAX_SUMMARY_MS = 300_000;

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `stability` command: repeats real work under faults in a watched process, and reports the claims. */
export const command = defineCommand({
  name: "stability",
  group: "Maintenance",
  permissions: "stability",
  summary: "Repeat real work under faults for minutes or weeks, and report what was proven",
  description:
    "Plans, downloads with all four profiles, updates and verifies repeatedly, against the built-in Civitai with faults " +
    "enabled. The work is done by a process of its own that is watched from outside; the requests and bytes of each job " +
    "are compared with the server's own count.\n\n" +
    "Each interval replaces the report, so that a run that is killed loses one interval at most; --resume continues it " +
    "with the same settings. Only --duration and --report-interval may change, and a --work-folder has to be given " +
    "again. At the end, Markdown and a page with curves are written beside the report. Durations are seconds, or 30s, 5m, 4h, 7d; a week is 7d.",
  flags: FLAGS,
  excludes: [["output", "resume"]],
  exits: {
    1: "A claim failed",
    3: "The run was too short to judge a claim",
    4: "Another run works in the same folder, or its report exists; too little disk space is free; the report to resume " +
      "has another commit, machine or settings; or a file could not be written at the end",
    7: true,
  },
  examples: [
    { command: "civitai-dl stability --duration 14400 --report-interval 900", summary: "Four hours" },
    {
      command: "civitai-dl stability --duration 7d --abort-on integrity,deadlocks",
      summary: "A week, or until it breaks",
    },
    {
      command: "civitai-dl stability --resume reports/stability-20261125-120000.json",
      summary: "Continue a stopped run",
    },
  ],
  async run(context): Promise<Outcome> {
    const { flags } = context;
    const path = await reportPath(context, "stability");
    const isResumed = flags.resume !== undefined;
    const settings = isResumed
      ? await resumedSettings<StabilitySettings>(path, STABILITY_SCHEMA, context)
      : settingsOf(flags);
    // A default is not a wish to change what the report says.
    const isGiven = (flag: string) => !isResumed || context.sourceOf(flag) === "flag";
    using host = await openRun<StabilityProgress>(context, {
      describe: describeProgress,
      summaryMs: Math.min(MAX_SUMMARY_MS, Math.max(MIN_SUMMARY_MS, flags.duration / 100)),
    });
    const { evidence, unsaved } = await runStability(host, settings, {
      path,
      isResumed,
      plannedMs: isGiven("duration") ? flags.duration : undefined,
      intervalMs: isGiven("report-interval") ? flags.reportInterval : undefined,
      workFolder: flags.workFolder,
    });
    const isReportMissing = unsaved.some((file) => file.path === path);
    const outcome = runOutcome(evidence, stabilityReport(evidence), isReportMissing ? null : path);
    if (unsaved.length > 0) {
      // The result is always shown, together with the files that could not be written.
      for (const file of unsaved) context.display.notice(`error: Cannot write "${file.path}": ${file.error.message}`);
      const missing = unsaved.length === 1 ? "this file is" : `these ${unsaved.length} files are`;
      const hint = isReportMissing
        ? "Free some space; --resume continues from the last interval that could be written"
        : `The report is whole; only ${missing} missing`;
      context.display.notice(`hint: ${hint}`);
      return new Outcome(outcome.result, EXIT_CODES.unsafe);
    }
    return outcome;
  },
  render: (shown: ShownReport) => shown.text(),
});

function settingsOf({ toxics, engine, lanes, pace, seed, abortOn, delayAbort }: Flags): StabilitySettings {
  return { toxics, engine, lanes, pace, seed, abortOn, delayAbort };
}

if (import.meta.main) await runScript(command);
