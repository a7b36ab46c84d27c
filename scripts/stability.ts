import { join, resolve } from "node:path";
import { EXIT_CODES, KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome } from "../lib/cli/mod.ts";
import { renderCurveText } from "../lib/report/mod.ts";
import { CLAIM_IDS, type SoakEvidence } from "../lib/soak/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { prepareOutputs } from "./_frame/prepare_outputs.ts";
import { requireLocalProgram } from "./_frame/program_form.ts";
import { runStability, type StabilityHost, stabilityReport, TOXIC_LEVELS } from "../lib/stability/mod.ts";
import { bypassProxy } from "./_frame/bypass_proxy.ts";
import { childCommand } from "./_frame/child.ts";
import { describeOwnCheckout } from "./_frame/own_checkout.ts";
import { ShownReport } from "./_frame/shown_report.ts";

const FLAGS = [
  { name: "duration", type: "duration", summary: "How long to work, pauses not counted", default: "4h", min: "1s" },
  { name: "report-interval", type: "duration", summary: "How often to report", default: "15m", min: "1s" },
  {
    name: "output",
    short: "o",
    type: "path",
    summary: "The report, ending with .json; else reports/stability-TIME.json",
    placeholder: "FILE",
  },
  { name: "resume", type: "path", summary: "Go on with the run of this report", placeholder: "FILE" },
  {
    name: "abort-on",
    type: "choice",
    summary: "End at once when this claim fails",
    choices: CLAIM_IDS,
    multiple: true,
    split: ",",
    placeholder: "CLAIM",
  },
  { name: "delay-abort", type: "duration", summary: "Do not look at those claims before that", default: "0s" },
  { name: "seed", type: "integer", summary: "Another seed is another schedule and other faults", default: 1, min: 0 },
  { name: "toxics", type: "choice", summary: "How bad the network is", choices: TOXIC_LEVELS, default: "mild" },
  {
    name: "pace",
    type: "number",
    summary: "Jobs that fall due each second, done or not",
    default: 1,
    min: 0.01,
    max: 100,
  },
  {
    name: "lanes",
    type: "integer",
    summary: "Jobs at once, each on a library of its own",
    default: 4,
    min: 1,
    max: 8,
  },
  {
    name: "work-folder",
    type: "path",
    summary:
      "Where the libraries are while it works; else a temporary folder. In no report: give it again with --resume",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `stability` command: repeats real work under faults in a watched process, and reports the claims. */
export const command = defineCommand({
  name: "stability",
  group: "Maintenance",
  summary: "Repeat real work under faults for minutes or weeks, and say what was proven",
  description:
    "Plans, downloads by all four engines, updates and verifies, again and again, against the built-in Civitai with " +
    "faults switched on. The work is done by a process of its own that is watched from outside; each job's requests " +
    "and bytes are held against the server's own count.\n\n" +
    "A line of JSON is written at every interval, and the report is replaced, so that a run that is killed loses one " +
    "interval at most; --resume goes on with it, as it was set up, but for --work-folder. At the end there are Markdown, JUnit and a page with curves beside it. " +
    "Durations are seconds, or 30s, 5m, 4h, 7d; a week is 7d.",
  flags: FLAGS,
  excludes: [["output", "resume"]],
  exits: {
    1: "A claim failed",
    3: "Not enough was seen to say: the run was too short for a claim",
    4: "Another run works in the same folder, or its report is there; too little is free; the report to be resumed is of " +
      "another commit, machine or settings; or a file could not be written at the end",
  },
  examples: [
    { command: "civitai-dl stability --duration 14400 --report-interval 900", summary: "Four hours" },
    {
      command: "civitai-dl stability --duration 7d --abort-on integrity,deadlocks",
      summary: "A week, or until it breaks",
    },
    {
      command: "civitai-dl stability --resume reports/stability-20261125-120000.json",
      summary: "Go on with what was stopped",
    },
  ],
  async run(context): Promise<Outcome> {
    requireLocalProgram("stability");
    const { flags } = context;
    const resume = flags.resume;
    const path = resolve(resume ?? givenOutput(context) ?? join("reports", `stability-${stamp(new Date())}.json`));
    if (!path.endsWith(".json")) {
      throw new KitError("usage", `Cannot write "${path}": a report ends with .json`, {
        hint: "The others are beside it",
      });
    }
    // Checked first: hours of work must not end with a report that cannot be written.
    if (resume === undefined) await prepareOutputs([path]);
    bypassProxy();
    const host: StabilityHost = {
      signal: context.signal,
      display: context.display,
      commit: await describeOwnCheckout(),
      workerCommand: (place) => childCommand(["stability-worker"], { ...place, env: {}, isWorker: true }),
    };
    const { evidence, unsaved } = await runStability(host, {
      path,
      isResumed: resume !== undefined,
      seed: flags.seed,
      isGiven: (flag) => context.given(flag) === "flag",
      plannedMs: flags.duration,
      intervalMs: flags.reportInterval,
      perSecond: flags.pace,
      lanes: flags.lanes,
      level: flags.toxics,
      abortOn: flags.abortOn,
      delayAbortMs: flags.delayAbort,
      workFolder: flags.workFolder,
    });
    const isReportMissing = unsaved.some((file) => file.path === path);
    const shown = new ShownReport(evidence, textOf(evidence, isReportMissing ? null : path));
    if (unsaved.length > 0) {
      // The result is shown in any case, together with the files that could not be written.
      for (const file of unsaved) context.display.notice(`error: Cannot write "${file.path}": ${file.error.message}`);
      const missing = unsaved.length === 1 ? "this file is" : `these ${unsaved.length} files are`;
      const hint = isReportMissing
        ? "Free some space; --resume goes on from the last interval that could be written"
        : `The report is whole; only ${missing} missing`;
      context.display.notice(`hint: ${hint}`);
      return new Outcome(shown, EXIT_CODES.unsafe);
    }
    // Interrupted: the frame derives the exit code from the signal.
    if (evidence.end.type === "signal") return new Outcome(shown, undefined);
    const codes = {
      pass: 0,
      fail: EXIT_CODES.failed,
      inconclusive: EXIT_CODES.inconclusive,
      aborted: EXIT_CODES.failed,
    };
    return new Outcome(shown, codes[evidence.verdict]);
  },
  render: (shown: ShownReport) => shown.text(),
});

function textOf(evidence: SoakEvidence, path: string | null): string {
  const place = path === null ? "" : `\nReport: ${path}\n`;
  return `${renderCurveText(stabilityReport(evidence))}${place}`;
}

/** Read --output from the command line only: in the configuration, "output" names the library. */
function givenOutput({ flags, given }: CommandContext<Flags>): string | undefined {
  return given("output") === "flag" ? flags.output : undefined;
}

/** Format a time as `20261125-120000`, in UTC. */
function stamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

if (import.meta.main) await runScript(command);
