import { join, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { WorkerHost } from "../../lib/stability/mod.ts";
import { bypassProxy } from "../_frame/bypass_proxy.ts";
import { childCommand } from "../_frame/child.ts";
import { fileStamp } from "../_frame/report/file_stamp.ts";
import { describeOwnCheckout } from "../_frame/report/own_checkout.ts";
import { prepareOutputs } from "../_frame/report/prepare_outputs.ts";

/** The context of a command with a report, of which some can be resumed. */
export type RunContext = Pick<
  CommandContext<{ readonly output?: string | undefined; readonly resume?: string | undefined }>,
  "flags" | "signal" | "display"
>;

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions<Progress> {
  /** Describes in one line how far the run is. */
  readonly describe: (progress: Progress) => string;
  /**
   * Time between two lines of progress where it cannot be drawn, in milliseconds.
   *
   * @default {60000}
   */
  readonly summaryMs?: number | undefined;
}

/**
 * Find the report of a run, and check that it can be written: hours of work must not end with one that cannot be.
 *
 * @param context Flags of the command
 * @param name Name of the report without `--output`, before its time
 * @returns Its absolute path
 * @throws {KitError} `usage` if it does not end with .json, or cannot be written
 */
export async function reportPath({ flags }: RunContext, name: string): Promise<string> {
  const { resume, output = join("reports", `${name}-${fileStamp(new Date())}.json`) } = flags;
  const path = resolve(resume ?? output);
  if (!path.endsWith(".json")) {
    throw new KitError("usage", `Cannot write "${path}": a report ends with .json`, { hint: "Give --output X.json" });
  }
  if (resume === undefined) await prepareOutputs([path]);
  return path;
}

/** Prepare what a run needs from its command, and show its progress until it is disposed. */
export async function openRun<Progress>(
  { signal, display }: Pick<RunContext, "signal" | "display">,
  { describe, summaryMs = 60_000 }: OpenRunOptions<Progress>,
): Promise<WorkerHost<Progress> & Disposable> {
  bypassProxy();
  const commit = await describeOwnCheckout();
  let latest: Progress | undefined;
  const lines = (): readonly string[] => [latest === undefined ? "starting" : describe(latest)];
  const status = display.openStatus({ lines, summary: () => lines()[0], summaryMs });
  return {
    signal,
    display,
    commit,
    onProgress: (progress) => void (latest = progress),
    // A crash of the worker is told with its stack.
    workerCommand: (place) =>
      childCommand(["--verbose"], {
        ...place,
        script: "scripts/_stability/worker.ts",
        // What a worker that is killed leaves, such as the catalog of a plan, goes with the folder of the run.
        env: { TMPDIR: place.folder, TEMP: place.folder, TMP: place.folder },
        isWorker: true,
        hasErrorPipe: true,
      }),
    [Symbol.dispose]: () => status[Symbol.dispose](),
  };
}
