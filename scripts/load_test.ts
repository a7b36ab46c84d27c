import { formatShare, formatSize } from "../lib/base/mod.ts";
import { defineCommand, type Flag, type FlagsOf, type Outcome } from "../lib/cli/mod.ts";
import {
  describeLoad,
  LOAD_LIMITS,
  LOAD_SCHEMA,
  loadPage,
  type LoadProgress,
  type LoadSettings,
  measureLoad,
} from "../benchmarks/load/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { openRun, reportPath } from "./_stability/open_run.ts";
import { resumedSettings } from "./_stability/resumed_settings.ts";
import { OUTPUT_FLAG, RESUME_FLAG } from "./_stability/run_flags.ts";
import { runOutcome } from "./_stability/run_outcome.ts";

const FLAGS = [
  { name: "files", type: "integer", summary: "Smallest number of files", default: 10_000, min: 20, max: 80_000 },
  { name: "bytes", type: "size", summary: "Smallest size of all files together", default: "20G" },
  { name: "creators", type: "integer", summary: "Number of creators", default: 50, min: 1, max: 1000 },
  {
    name: "runs",
    short: "n",
    type: "integer",
    summary: "Number of runs, each from an empty folder",
    default: LOAD_LIMITS.runs,
    min: 1,
  },
  { name: "seed", type: "integer", summary: "Seed of the catalog", default: 1, min: 0 },
  { ...OUTPUT_FLAG, summary: "The report, which ends with .json; reports/load-TIME.json by default" },
  RESUME_FLAG,
  {
    name: "work-folder",
    type: "path",
    summary: "Folder with room for the library; a temporary folder is made in it",
    default: "bench-work",
    placeholder: "FOLDER",
  },
] as const satisfies readonly Flag[];

type Flags = FlagsOf<typeof FLAGS>;

const SUCCESS_SHARE = formatShare(LOAD_LIMITS.success);

/** The `load-test` task: a large library, fetched ten times from a real web server. */
export const command = defineCommand({
  name: "load-test",
  summary: "Fetch 10 000 files of 20 GiB ten times from nginx, and judge success, speed and memory",
  description: [
    "Fetches the libraries of 50 creators with the real program, with its defaults: the files from nginx, the listings and " +
    "links from the built-in Civitai. Every file is compared with its source after each run, and the library is removed.",
    `The load passes if the lower bound of the share of right files is at least ${SUCCESS_SHARE}, the lower bound of ` +
    `the median speed is at least ${LOAD_LIMITS.megabytesPerSecond} MB/s, the program never held more than ` +
    `${LOAD_LIMITS.memoryBytes / 1e6} MB, and each of ${LOAD_LIMITS.runs} runs met these limits.`,
    "Needs nginx and 25 GB of disk. At 100 MB/s a run takes three and a half minutes, and its comparison one more: the ten " +
    "runs take an hour. The test can be stopped at any time; --resume goes on with the next run.",
  ].join("\n\n"),
  flags: FLAGS,
  excludes: [["output", "resume"]],
  examples: [
    { command: "deno task load-test", summary: "Evidence for phase 3, about an hour" },
    {
      command: "deno task load-test --files 200 --bytes 400M --runs 2",
      summary: "A trial of seconds; runs so small are below the speed that is asked for",
    },
    { command: "deno task load-test --resume reports/load-20261125-120000.json", summary: "Continue a stopped test" },
  ],
  exits: {
    1: "The load failed",
    3: "Too few runs for a verdict, or nginx is not installed",
    4: "Another run works in the same folder, or its report exists; too little disk space is free; or the report to resume " +
      "has another commit, machine or settings",
  },
  async run(context): Promise<Outcome> {
    requireCheckout("load-test");
    const { flags, display } = context;
    const path = await reportPath(context, "load");
    const isResumed = flags.resume !== undefined;
    const settings = isResumed ? await resumedSettings<LoadSettings>(path, LOAD_SCHEMA, context) : settingsOf(flags);
    const { files, bytes, creators, runs } = settings;
    display.log(`Load: ${files} files, ${formatSize(bytes)}, ${creators} creators, ${runs} runs; report ${path}`);
    using host = await openRun<LoadProgress>(context, { describe: describeLoad });
    const place = { path, isResumed, workFolder: flags.workFolder };
    const report = await measureLoad(host, settings, place);
    return runOutcome(report, loadPage(report), path);
  },
  render: (shown: ShownReport) => shown.text(),
});

function settingsOf({ files, bytes, creators, runs, seed }: Flags): LoadSettings {
  return { files, bytes, creators, runs, seed };
}

if (import.meta.main) await runScript(command);
