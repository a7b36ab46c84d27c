import { KitError } from "../../lib/base/mod.ts";
import { environmentDifferences } from "../../lib/bench/mod.ts";
import { type BenchDocument, COMPARE_SCHEMA, readBenchDocument } from "./bench_document.ts";
import { evidenceHeader } from "./evidence_header.ts";

/** Options of {@linkcode compareFiles}. */
export interface CompareFilesOptions {
  readonly margin: number;
  /** Whether reports of different machines may be compared; their times say little. */
  readonly isMismatchAllowed: boolean;
}

/** Put two reports together: what each is about becomes a side. */
export async function compareFiles(
  baselinePath: string,
  targetPath: string,
  options: CompareFilesOptions,
): Promise<BenchDocument> {
  const { margin, isMismatchAllowed } = options;
  const [startedAt, startedMs] = [new Date().toISOString(), performance.now()];
  const [baseline, target] = [await readBenchDocument(baselinePath), await readBenchDocument(targetPath)];
  const differences = environmentDifferences(baseline, target);
  if (differences.length > 0 && !isMismatchAllowed) {
    throw new KitError("inconclusive", `Cannot compare times of different machines: ${differences.join("; ")}`, {
      hint: "Measure both on one machine, or give --allow-env-mismatch",
    });
  }
  const header = await evidenceHeader(COMPARE_SCHEMA, { startedAt, startedMs, seed: null, folder: ".", plannedMs: 0 });
  return {
    ...{ ...header, machine: target.machine, tool: target.tool, commit: target.commit, margin },
    baseline: { name: baselinePath, sha: baseline.commit.sha },
    target: { name: targetPath, sha: target.commit.sha },
    command: target.command,
    benchmarks: target.benchmarks,
    baselineBenchmarks: baseline.benchmarks,
    order: [],
    notes: [
      "The two were measured in different sessions: what changed on the machine between them is in the difference.",
      ...differences.map((difference) => `Not the same environment: ${difference}.`),
      ...baseline.digest === target.digest ? ["Both are the same report."] : [],
    ],
  };
}
