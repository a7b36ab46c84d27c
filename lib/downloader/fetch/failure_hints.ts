import type { FailureClass } from "../../failsafe/mod.ts";
import { FINAL_CLASSES, PROBLEMS } from "../../problems/mod.ts";
import type { RunSummary } from "./run_summary.ts";

/** Classes about which a run has said everything, or nobody can do anything. */
const SILENT: ReadonlySet<string> = new Set([...["unknown", "cancelled", "disk"], ...FINAL_CLASSES]);

/** What the user can do about failures of a class. */
export interface FailureHint {
  /** The class. */
  readonly failure: FailureClass;
  /** The class and what to do, such as `login: Create a new API key …`. */
  readonly text: string;
}

/**
 * List what the user can do about the failures of a run, once for each failure class.
 *
 * @param run Failed items, and outcomes; with `keyHint`, the advice about a refused key names its place
 * @returns First the classes of failed items in the order of their first occurrence, then refusals
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { failureHints } from "@civitai-dl/civitai-dl/downloader";
 *
 * const hints = failureHints({ failed: [], outcomes: { done: 8, region: 2 } });
 * assertEquals(hints[0]?.text, "region: Nothing from here: Civitai does not serve this country");
 * ```
 */
export function failureHints(
  run: Pick<RunSummary, "failed" | "outcomes"> & Partial<Pick<RunSummary, "keyHint">>,
): readonly FailureHint[] {
  // Refused items are only counted; they are not in the list of failed items.
  const refused = (["forbidden", "region", "flagged", "early-access"] as const).filter((name) =>
    (run.outcomes[name] ?? 0) > 0
  );
  const kinds = new Set<FailureClass>([...run.failed.map((item) => item.failure), ...refused]);
  return [...kinds].filter((kind) => !SILENT.has(kind)).map((failure) => ({
    failure,
    text: `${failure}: ${failure === "login" && run.keyHint !== undefined ? run.keyHint : PROBLEMS[failure].en.remedy}`,
  }));
}
