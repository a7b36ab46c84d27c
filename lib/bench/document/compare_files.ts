import { canonicalJson, type Evidence, KitError } from "../../base/mod.ts";
import { environmentDifferences } from "../compare/environment_differences.ts";
import { type BenchDocument, readBenchDocument } from "./bench_document.ts";
import { explainMismatch, joinHeaders, joinReservations, refuseTimes } from "./join_reports.ts";

/** Options of {@linkcode compareFiles}. */
export interface CompareFilesOptions {
  /** Smallest relevant difference, as a fraction: 0.05 is 5%. */
  readonly margin: number;
  /** Whether reports from different machines may be compared, although their times are hardly comparable. */
  readonly isMismatchAllowed: boolean;
  /** Stops waiting for a report that is a pipe. */
  readonly signal?: AbortSignal | undefined;
}

/** Two reports, joined into one. */
export interface JoinedReports {
  /** The report, with a reservation if no verdict is possible, so that the gate does not use it. */
  readonly document: BenchDocument;
  /** Reason why no verdict is possible, such as two sessions; `null` if a verdict is possible. */
  readonly inconclusiveReason: string | null;
}

/** Why the times of two reports prove nothing: whatever changed on the machine in between is in the difference. */
export const TWO_SESSIONS = "the two were measured in different sessions";

/**
 * Join two reports: the candidate of each becomes a side. They were measured in two sessions, so that their numbers can
 * be shown, but no verdict is possible. If both are the same report, its own two sides are compared instead, which one
 * session measured in turn.
 *
 * @param baselinePath Report whose candidate becomes the baseline
 * @param targetPath Report whose candidate remains the candidate
 * @param options Margin, and whether the environments may differ
 * @returns The joined report, and the reason if no verdict is possible
 * @throws {KitError} `inconclusive` if the environments differ although this is not allowed, or the times of a report
 * are impossible
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { COMPARE_SCHEMA, compareFiles, evidenceHeader } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(COMPARE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "main", sha: "" }, target: { name: "new", sha: "" }, margin: 0.05 };
 * const benchmarks = [{ name: "parse", unit: "seconds", isExact: false, samples: [1, 1.02] }];
 * const report = { ...header, ...facts, benchmarks, baselineBenchmarks: [] };
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, JSON.stringify(report));
 * const other = await Deno.makeTempFile();
 * await Deno.writeTextFile(other, JSON.stringify({ ...report, notes: ["another session"] }));
 * const { document, inconclusiveReason } = await compareFiles(path, other, { margin: 0.1, isMismatchAllowed: false });
 * assertEquals([document.margin, inconclusiveReason], [0.1, "the two were measured in different sessions"]);
 * await Promise.all([path, other].map((file) => Deno.remove(file)));
 * ```
 */
export async function compareFiles(
  baselinePath: string,
  targetPath: string,
  options: CompareFilesOptions,
): Promise<JoinedReports> {
  const { margin, isMismatchAllowed } = options;
  const baseline = await readBenchDocument(baselinePath, options);
  const target = await readBenchDocument(targetPath, options);
  refuseTimes(baselinePath, baseline);
  refuseTimes(targetPath, target);
  if (canonicalJson(baseline) === canonicalJson(target)) return ownSides(target, margin);
  const differences = environmentDifferences(baseline, target);
  if (differences.length > 0 && !isMismatchAllowed) {
    throw new KitError("inconclusive", `Cannot compare times of different machines: ${differences.join("; ")}`, {
      hint: "Measure both on one machine, or give --allow-env-mismatch",
    });
  }
  const inconclusiveReason = explainMismatch(baseline, target) ?? joinReservations(baseline, target) ?? TWO_SESSIONS;
  const mismatch = differences.length === 0 ? [] : [`measured in different environments: ${differences.join("; ")}`];
  const reservations = [...new Set([inconclusiveReason, TWO_SESSIONS, ...mismatch])];
  const document: BenchDocument = {
    ...joinHeaders(baseline, target),
    margin,
    reservation: reservations.join("; "),
    baseline: { name: baselinePath, sha: baseline.commit.sha },
    target: { name: targetPath, sha: target.commit.sha },
    command: target.command,
    only: [...new Set([...baseline.only ?? [], ...target.only ?? []])],
    benchmarks: target.benchmarks,
    baselineBenchmarks: baseline.benchmarks,
    order: [],
    notes: [
      "What changed on the machine between the two sessions is in the difference.",
      `No verdict: ${inconclusiveReason}.`,
      ...differences.map((difference) => `Not the same environment: ${difference}.`),
    ],
  };
  return { document, inconclusiveReason };
}

/** Compare the two sides of one report. Without the order of its runs, nobody knows that they took turns. */
function ownSides(report: Evidence & BenchDocument, margin: number): JoinedReports {
  const inconclusiveReason = report.reservation ?? (report.order.length > 0 ? null : TWO_SESSIONS);
  const notes = [
    `The two sides of one report are compared: ${report.baseline.name} and ${report.target.name}.`,
    ...report.notes,
    ...inconclusiveReason === null || report.notes.includes(`No verdict: ${inconclusiveReason}.`)
      ? []
      : [`No verdict: ${inconclusiveReason}.`],
  ];
  return { document: { ...report, margin, notes, reservation: inconclusiveReason }, inconclusiveReason };
}
