import type { ErrorCode } from "../../base/mod.ts";
import type { FailureClass } from "../../failsafe/mod.ts";
import type { ItemOutcome } from "../watch/download_event.ts";
import type { FlaggedFile } from "../plan/plan_report.ts";

/** A thing that did not end well, for the summary and `failed.txt`. */
export interface FailedItem {
  /** The catalog's key. */
  readonly key: string;
  /** A target that fetches it again. */
  readonly target: string;
  /** Where it would be. */
  readonly path: string;
  /** The class of the failure. */
  readonly failure: FailureClass;
  /** For a person. */
  readonly message: string;
}

/** What a run did. */
export interface RunSummary {
  /** Items by outcome. */
  readonly outcomes: Readonly<Partial<Record<ItemOutcome, number>>>;
  /** Bytes that came over the line. */
  readonly fetchedBytes: number;
  /** Bytes taken over from parts of earlier runs. */
  readonly resumedBytes: number;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Bytes a second over the whole run. */
  readonly meanSpeed: number;
  /** The best second. */
  readonly peakSpeed: number;
  /** Tries after the first: of files, of their later passes, and of questions to the API. */
  readonly retries: number;
  /** The first thousand that did not end well; all are in the catalog. */
  readonly failed: readonly FailedItem[];
  /** The first hundred files that turned out to be dangerous when they had come. */
  readonly flagged: readonly FlaggedFile[];
  /** Why the run ended before its queue did; `null` when it did not. */
  readonly stopped: { readonly code: ErrorCode; readonly message: string; readonly hint: string | null } | null;
}

const AUTH: ReadonlySet<FailureClass> = new Set<FailureClass>(["login", "forbidden"]);
const NETWORK: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "timeout",
  "stall",
  "connection",
  "dns",
  "tls",
  "server",
  "throttled",
  "quota",
  "tripped",
]);

/**
 * Decide how a run ends: what stopped it comes first, then wrong bytes, then a cause that all failures share. A run whose
 * time was over is judged by what it did until then, and is inconclusive if nothing of that failed.
 *
 * @param summary What the run did
 * @returns `null` when all that was asked for is there or is a named outcome of the server's
 */
export function judgeRun(summary: Pick<RunSummary, "failed" | "outcomes" | "stopped">): ErrorCode | null {
  const stop = summary.stopped?.code ?? null;
  const classes = summary.failed.map((item) => item.failure);
  if (classes.length === 0 || (stop !== null && stop !== "inconclusive")) return stop;
  if (classes.some((name) => name === "integrity")) return "integrity";
  if (classes.every((name) => AUTH.has(name))) return "auth";
  if (classes.every((name) => NETWORK.has(name))) return "network";
  return "failed";
}
