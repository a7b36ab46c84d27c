import { KitError } from "../base/mod.ts";
import { readLog } from "../journal/mod.ts";
import { isBinary } from "./is_binary.ts";
import { WaitCollector } from "./collect_waits.ts";
import { proposeTimeout, type TimeoutProposal } from "./propose_timeout.ts";

/** The value of `schema` in a {@linkcode TimeoutTuning}. */
const TIMEOUT_TUNING_SCHEMA = "civitai-dl/timeout-tuning";

/** Options of {@linkcode tuneTimeouts}. */
export interface TuneTimeoutsOptions {
  /** The log; its rotated files are read first. */
  readonly path: string;
  /** Whether each host gets its own timeouts; if not, all hosts share one per step. */
  readonly byHost: boolean;
  /** Stops reading; the reason is thrown. */
  readonly signal: AbortSignal;
}

/** Proposed timeouts for all hosts and steps of a log. */
export interface TimeoutTuning {
  /** {@linkcode TIMEOUT_TUNING_SCHEMA}. */
  readonly schema: typeof TIMEOUT_TUNING_SCHEMA;
  /** Version of the document. */
  readonly version: 1;
  /** The files that were read. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Lines that were understood. */
  readonly lines: number;
  /** Lines that were not. */
  readonly broken: number;
  /** The proposals, by host and step. */
  readonly proposals: readonly TimeoutProposal[];
}

/**
 * Read `timeouts.log` and propose a timeout for each host and step.
 *
 * @param options The log, and whether each host has its own timeouts
 * @returns The proposals
 * @throws {KitError} `usage` if there is no log, or it is not text
 * @throws {Error} If the log cannot be read
 */
export async function tuneTimeouts(options: TuneTimeoutsOptions): Promise<TimeoutTuning> {
  const { path, byHost, signal } = options;
  const collector = new WaitCollector({ byHost });
  const { files, tooLong } = await readLog(path, {
    signal,
    onFile(name, head) {
      if (isBinary(head)) throw new KitError("usage", `Cannot tune timeouts by "${name}": it is not a text file`);
    },
    onLine: (line) => collector.add(line),
  });
  if (files.length === 0) {
    throw new KitError("usage", `Cannot tune timeouts by "${path}": no such file`, {
      hint: "Name it with --log-file; downloads write logs/timeouts.log in the folder that they are started in",
    });
  }
  const proposals = collector.list().flatMap((group) => proposeTimeout(group) ?? []);
  return {
    schema: TIMEOUT_TUNING_SCHEMA,
    version: 1,
    files,
    lines: collector.lines,
    broken: collector.broken + tooLong,
    proposals,
  };
}
