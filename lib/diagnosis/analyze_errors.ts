import { cleanText, createRedactor, KitError, truncateText } from "../base/mod.ts";
import { type FailureClass, isFailureClass } from "../failsafe/mod.ts";
import { readLog } from "../journal/mod.ts";
import { explainLine, type LineLevel, type ProblemId, readLine } from "../problems/mod.ts";
import { type ErrorCluster, ErrorClusters } from "./error_clusters.ts";
import { isBinary } from "./is_binary.ts";

/** The value of `schema` in an {@linkcode ErrorAnalysis}. */
const ERROR_ANALYSIS_SCHEMA = "civitai-dl/error-analysis";

/** A cluster with what it means. */
export interface ExplainedCluster {
  /** How serious it is. */
  readonly level: LineLevel;
  /** Class of the failure; `null` if it is not recognized. */
  readonly failure: FailureClass | null;
  /** The message without what differs from line to line. */
  readonly pattern: string;
  /** Number of lines; at least that many if `isAtLeast`. */
  readonly count: number;
  /** Whether earlier lines may be missing in `count`. */
  readonly isAtLeast: boolean;
  /** Share of all problems, from 0 to 1. */
  readonly share: number;
  /** Time of the first line, ISO 8601 UTC; `null` if no line has a time. */
  readonly firstSeen: string | null;
  /** Time of the last line. */
  readonly lastSeen: string | null;
  /** Hosts, most frequent first; at most ten. */
  readonly hosts: readonly { readonly host: string; readonly count: number }[];
  /** The newest line, redacted and cut off at 500 characters. */
  readonly example: string;
  /** The problem, which `doctor` explains; `null` if it is not recognized. */
  readonly problem: ProblemId | null;
  /** What it means; `null` if it is not recognized. */
  readonly meaning: string | null;
  /** What to do; `null` if it is not recognized. */
  readonly remedy: string | null;
  /** Page of the runbook; `null` if it is not recognized. */
  readonly runbook: string | null;
  /** The command to run next. */
  readonly next: string;
}

/** The problems in logs, grouped. */
export interface ErrorAnalysis {
  /** {@linkcode ERROR_ANALYSIS_SCHEMA}. */
  readonly schema: typeof ERROR_ANALYSIS_SCHEMA;
  /** Version of the document. */
  readonly version: 1;
  /** The files that were read, in this order. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Start of the period that was asked for, ISO 8601 UTC; `null` for everything. */
  readonly since: string | null;
  /** Time of the oldest line in the period; `null` if no line has a time. */
  readonly from: string | null;
  /** Time of the newest line of all. */
  readonly to: string | null;
  /** Number of lines in the period. */
  readonly lines: number;
  /** Number of problems in the period. */
  readonly problems: number;
  /** Lines that were left out. */
  readonly skipped: {
    /** Lines before the period. */
    readonly older: number;
    /** Lines without a time, while a period was asked for. */
    readonly undated: number;
    /** JSON that was cut off. */
    readonly broken: number;
    /** Lines that are longer than 1 MiB. */
    readonly tooLong: number;
  };
  /** The clusters, most frequent first. */
  readonly clusters: readonly ExplainedCluster[];
  /** Problems of further clusters, which are not listed. */
  readonly rest: number;
}

/** Options of {@linkcode analyzeErrors}. */
export interface AnalyzeErrorsOptions {
  /** The log, whose rotated files are read first; `-` for standard input. */
  readonly path: string;
  /** Start of the period in milliseconds since the epoch; `undefined` for everything. */
  readonly sinceMs: number | undefined;
  /** The least serious level that counts. */
  readonly level: LineLevel;
  /** How many clusters are returned. */
  readonly limit: number;
  /** Stops reading; the reason is thrown. */
  readonly signal: AbortSignal;
}

const MAX_EXAMPLE = 500;
/** The logs may come from another program, which may have logged a key or a signed URL. */
const redact = createRedactor();

/**
 * Read a log of any size and group its problems. The memory does not grow with the log.
 *
 * @param options The log and the period
 * @returns The clusters, explained
 * @throws {KitError} `usage` if the log is missing or is not text
 * @throws {Error} If the log cannot be read
 */
export async function analyzeErrors(options: AnalyzeErrorsOptions): Promise<ErrorAnalysis> {
  const { path, sinceMs, level, limit, signal } = options;
  const clusters = new ErrorClusters();
  const skipped = { older: 0, undated: 0, broken: 0 };
  let lines = 0;
  let fromMs = Infinity;
  let toMs = -Infinity;
  // A line without a time, such as one of a stack, has that of the line before it.
  let timeMs: number | null = null;
  const { files, tooLong } = await readLog(path, {
    signal,
    onFile: assertText,
    onLine(text) {
      const read = readLine(text);
      if (!read.isContinued) timeMs = read.timeMs;
      if (timeMs !== null) toMs = Math.max(toMs, timeMs);
      if (read.isBroken) skipped.broken++;
      else if (sinceMs !== undefined && timeMs === null) skipped.undated++;
      else if (sinceMs !== undefined && timeMs! < sinceMs) skipped.older++;
      else {
        lines++;
        if (timeMs !== null) fromMs = Math.min(fromMs, timeMs);
        if (read.level === "error" || (read.level === "warning" && level === "warning")) {
          clusters.add({ ...read, level: read.level }, { timeMs, line: text });
        }
      }
    },
  });
  if (files.length === 0) throw missing(path);
  const shown = clusters.list().slice(0, limit).map((cluster) => explain(cluster, clusters.count));
  return {
    schema: ERROR_ANALYSIS_SCHEMA,
    version: 1,
    files,
    since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
    from: timestamp(fromMs),
    to: timestamp(toMs),
    lines,
    problems: clusters.count,
    skipped: { ...skipped, tooLong },
    clusters: shown,
    rest: clusters.count - shown.reduce((sum, { count }) => sum + count, 0),
  };
}

function assertText(path: string, head: Uint8Array): void {
  if (!isBinary(head)) return;
  throw new KitError("usage", `Cannot analyze "${path}": it is not a text file`, {
    hint: "Name a log with --log-file; unpack a compressed one first",
  });
}

function missing(path: string): KitError {
  return new KitError("usage", `Cannot analyze "${path}": no such file`, {
    hint: "Name a log with --log-file; downloads write logs/download.log in the folder that they are started in",
  });
}

const UNEXPLAINED = { problem: null, meaning: null, remedy: null, runbook: null, next: null };

function explain(cluster: ErrorCluster, total: number): ExplainedCluster {
  const { level, pattern, count, isAtLeast, firstMs, lastMs, hosts, line } = cluster;
  // Read once more: a cluster keeps the text of its newest line, not what was read in it, to bound the memory.
  const explained = explainLine(readLine(line));
  const { problem, meaning, remedy, runbook, next } = explained.type === "problem" ? explained : UNEXPLAINED;
  return {
    level,
    failure: cluster.failure ?? (isFailureClass(problem ?? "") ? problem as FailureClass : null),
    pattern: truncateText(redact(cleanText(pattern)), MAX_EXAMPLE),
    count,
    isAtLeast,
    share: count / total,
    firstSeen: timestamp(firstMs),
    lastSeen: timestamp(lastMs),
    hosts: hosts.map(([host, times]) => ({ host: truncateText(cleanText(host), 255), count: times })),
    example: truncateText(redact(cleanText(line)), MAX_EXAMPLE),
    problem,
    meaning,
    remedy,
    runbook,
    // The next command about an unknown problem is this analysis.
    next: problem === "unknown" || next === null ? "civitai-dl doctor --open LINE" : next,
  };
}

function timestamp(timeMs: number | null): string | null {
  return timeMs === null || !Number.isFinite(timeMs) ? null : new Date(timeMs).toISOString();
}
