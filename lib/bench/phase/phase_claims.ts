import { type Claim, judgeClaims, leaveOpen, type Measured } from "../../judge/mod.ts";
import { claimOfNothing, speedUpClaim } from "../compare/ratio_claims.ts";
import type { BenchDocument, RequiredSpeedUp } from "../document/bench_document.ts";

/** A claim about the speed-up of a phase, and the benchmark that it is about. */
export interface PhaseClaim {
  /** Name of the benchmark. */
  readonly benchmark: string;
  /** The judged claim. */
  readonly claim: Claim;
}

/**
 * Id of the claim about the speed-up of a candidate.
 *
 * @param target Name of the candidate, such as `phase 4`
 * @param benchmark Name of the benchmark
 * @param previous Name of the phase that it is compared with; phase 1 if absent
 */
export function speedUpId(target: string, benchmark: string, previous?: string): string {
  return `speed_up:${target}${previous === undefined ? "" : ` over ${previous}`}:${benchmark}`;
}

/**
 * Judge what is required of a phase by the samples of its report; nothing is decided by a report with a reservation. A
 * phase that was given up on a workload fails there, regardless of how fast its earlier runs were.
 */
export function judgePhaseReport(document: BenchDocument): readonly PhaseClaim[] {
  const { required = [], reservation = null } = document;
  const claims = judgeClaims(required.map((one) => ({ ...measure(one, document), requirement: one.limit })));
  const shown = reservation === null ? claims : leaveOpen(claims);
  return shown.map((claim, index) => ({ benchmark: required[index]!.benchmark, claim }));
}

function measure({ benchmark, isOverPrevious }: RequiredSpeedUp, document: BenchDocument): Measured {
  const { target, benchmarks, baselineBenchmarks, previous } = document;
  const id = speedUpId(target.name, benchmark, isOverPrevious ? previous?.name : undefined);
  const bases = isOverPrevious ? previous?.benchmarks ?? [] : baselineBenchmarks;
  const base = bases.find(({ name }) => name === benchmark);
  const ours = benchmarks.find(({ name }) => name === benchmark);
  return speedUpClaim(id, { base, target: ours }) ?? claimOfNothing(id, "the baseline was not measured");
}
