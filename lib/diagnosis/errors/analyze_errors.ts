import { cleanText, type Clock, createRedactor, KitError, systemClock, truncateText } from "../../base/mod.ts";
import { type LogReading, readLog } from "../../journal/mod.ts";
import type { FailureClass } from "../../failsafe/mod.ts";
import { handleIssue, type IssueAdvice } from "../../monitor/mod.ts";
import { PROBLEMS, runbookOf } from "../../problems/mod.ts";
import { type ErrorCluster, ErrorClusters } from "./error_clusters.ts";
import { ERROR_ANALYSIS_SCHEMA, type ErrorAnalysis, type ExplainedCluster } from "./error_analysis.ts";
import { isBinary } from "../is_binary.ts";
import { type ProblemLevel, readProblem } from "./read_problem.ts";

/** Options of {@linkcode analyzeErrors}. */
export interface AnalyzeErrorsOptions {
  /** The logs, read one after another; a file that belongs to several is read once. */
  readonly paths: readonly string[];
  /** Start of the period in milliseconds since the epoch; everything if absent. */
  readonly sinceMs?: number | undefined;
  /**
   * Whether the rotated files of each log are read too.
   *
   * @default {true}
   */
  readonly withRotated?: boolean | undefined;
  /**
   * The least serious level that counts.
   *
   * @default {"warning"}
   */
  readonly level?: ProblemLevel | undefined;
  /**
   * How many clusters are returned.
   *
   * @default {20}
   */
  readonly limit?: number | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

const MAX_EXAMPLE = 500;
/** The logs may come from another program, which may have logged a key or a signed URL. */
const redact = createRedactor();

/**
 * Read logs of any size and group their problems. The memory does not grow with the logs.
 *
 * @param options The logs and the period
 * @returns The clusters, explained
 * @throws {KitError} `usage` if a log is missing or is not text
 * @throws {Error} If a log cannot be read
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { analyzeErrors } from "../mod.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, 'ERROR Cannot fetch "a": HTTP 503\nERROR Cannot fetch "b": HTTP 503\nINFO fine\n');
 * const { clusters, problems } = await analyzeErrors({ paths: [path] });
 * assertEquals([problems, clusters[0]?.pattern, clusters[0]?.failure], [2, 'Cannot fetch "…": HTTP 503', "server"]);
 * await Deno.remove(path);
 * ```
 */
export async function analyzeErrors(options: AnalyzeErrorsOptions): Promise<ErrorAnalysis> {
  const { paths, sinceMs, level = "warning", limit = 20, clock = systemClock } = options;
  const clusters = new ErrorClusters();
  const nowMs = clock.now();
  const skipped = { older: 0, undated: 0, broken: 0, tooLong: 0 };
  const files: { path: string; bytes: number }[] = [];
  const seen = new Set<string>();
  let lines = 0;
  let fromMs = Infinity;
  let toMs = -Infinity;
  for (const path of paths) {
    // A line without a time, such as one of a stack, has that of the line before it.
    let timeMs: number | null = null;
    const reading: LogReading = await readLog(path, {
      withRotated: options.withRotated,
      seen,
      signal: options.signal,
      onFile: assertText,
      onLine(line) {
        const read = readProblem(line, nowMs);
        if (!read.isContinued) timeMs = read.timeMs;
        if (timeMs !== null) toMs = Math.max(toMs, timeMs);
        if (read.isBroken) skipped.broken++;
        else if (sinceMs !== undefined && timeMs === null) skipped.undated++;
        else if (sinceMs !== undefined && timeMs! < sinceMs) skipped.older++;
        else {
          lines++;
          if (timeMs !== null) fromMs = Math.min(fromMs, timeMs);
          const { problem } = read;
          if (problem !== null && (level === "warning" || problem.level === "error")) {
            clusters.add(problem, { timeMs, line });
          }
        }
      },
    });
    if (!reading.exists) throw missing(path);
    files.push(...reading.files);
    skipped.tooLong += reading.tooLong;
  }
  const all = clusters.list();
  const shown = all.slice(0, limit).map((cluster) => explain(cluster, clusters.count));
  return {
    schema: ERROR_ANALYSIS_SCHEMA,
    version: 1,
    time: new Date(nowMs).toISOString(),
    files,
    since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
    from: timestamp(fromMs),
    to: timestamp(toMs),
    lines,
    problems: clusters.count,
    skipped,
    clusters: shown,
    rest: {
      clusters: all.length - shown.length,
      problems: clusters.count - shown.reduce((sum, { count }) => sum + count, 0),
    },
    bins: clusters.bins,
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

function explain(cluster: ErrorCluster, total: number): ExplainedCluster {
  const { level, pattern, count, isAtLeast, firstMs, lastMs, hosts, line, bins } = cluster;
  const advice = handleIssue(line);
  const failure = cluster.failure ?? advice.failure;
  return {
    level,
    failure,
    pattern: truncateText(redact(cleanText(pattern)), MAX_EXAMPLE),
    count,
    isAtLeast,
    share: count / total,
    firstSeen: timestamp(firstMs),
    lastSeen: timestamp(lastMs),
    hosts: hosts.map(([host, times]) => ({ host: truncateText(cleanText(host), 255), count: times })),
    example: truncateText(redact(cleanText(line)), MAX_EXAMPLE),
    meaning: advice.meaning,
    remedy: advice.remedy,
    runbook: failure === null ? advice.runbook : runbookOf(failure),
    topic: failure ?? advice.problem,
    command: nextCommand(failure, advice),
    bins,
  };
}

/** The next command of `handle-issue`, which has one answer for a problem; for an unknown one, its report. */
function nextCommand(failure: FailureClass | null, advice: IssueAdvice): string {
  const report = "civitai-dl doctor --open LINE";
  if (failure === "unknown") return report;
  // The advice fills in the host that the line names.
  if (failure === null || failure === advice.failure) return advice.next ?? report;
  return PROBLEMS[failure].next;
}

function timestamp(timeMs: number | null): string | null {
  return timeMs === null || !Number.isFinite(timeMs) ? null : new Date(timeMs).toISOString();
}
