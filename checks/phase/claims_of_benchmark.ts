import type { Evidence } from "../../lib/base/mod.ts";
import {
  type BenchmarkSides,
  type BenchmarkUnit,
  claimOfNothing,
  COMPARE_SCHEMA,
  type MeasuredBenchmark,
  slowdownClaim,
  slowdownId,
  speedUpClaim,
  speedUpId,
} from "../../lib/bench/mod.ts";
import type { Measured } from "../../lib/judge/mod.ts";

/**
 * Compute the claims of a report with two sides: `speed_up:TARGET:NAME` (how many times as fast the candidate is) and
 * `slowdown:NAME` (how many times as long it takes), and of a phase `speed_up:TARGET over PREVIOUS:NAME`. They are
 * computed from the samples, because the gate does not trust the ratios of a report.
 */
export function claimsOfBenchmark(evidence: Evidence): readonly Measured[] {
  const { benchmarks, baselineBenchmarks, target } = evidence;
  const ours = readAll(benchmarks);
  const theirs = readAll(baselineBenchmarks);
  const side = typeof target === "object" && target !== null && "name" in target ? String(target.name) : "";
  const reservation = reservationOf(evidence);
  const pairs = [...new Set([...theirs, ...ours].map(({ name }) => name))].flatMap((name) => {
    const ids = { speedUp: speedUpId(side, name), slowdown: slowdownId(name) };
    const base = theirs.find((one) => one.name === name);
    if (reservation !== null && base === undefined) return [];
    return claimsOfSides({ base, target: ours.find((one) => one.name === name) }, ids, reservation);
  });
  return [...pairs, ...claimsOverPrevious(evidence, { ours, side, reservation })];
}

/** The candidate of a report, and why nothing may be concluded from it. */
interface Candidate {
  readonly ours: readonly MeasuredBenchmark[];
  readonly side: string;
  readonly reservation: string | null;
}

/** Compare the phase with the phase before, on the workloads that both were measured on in this session. */
function claimsOverPrevious({ previous }: Evidence, { ours, side, reservation }: Candidate): readonly Measured[] {
  if (typeof previous !== "object" || previous === null || !("benchmarks" in previous)) return [];
  const name = "name" in previous ? String(previous.name) : "";
  return readAll(previous.benchmarks).flatMap((base) => {
    const ids = { speedUp: speedUpId(side, base.name, name), slowdown: `slowdown over ${name}:${base.name}` };
    return claimsOfSides({ base, target: ours.find((one) => one.name === base.name) }, ids, reservation);
  });
}

function claimsOfSides(
  sides: BenchmarkSides,
  { speedUp, slowdown }: { readonly speedUp: string; readonly slowdown: string },
  reservation: string | null,
): readonly Measured[] {
  if (reservation !== null) return [claimOfNothing(speedUp, reservation), claimOfNothing(slowdown, reservation)];
  return [speedUpClaim(speedUp, sides) ?? [], slowdownClaim(slowdown, sides) ?? []].flat();
}

/** Return the reason why the samples do not compare this commit with another at full scale; `null` if they do. */
function reservationOf({ schema, reservation, only, order, baseline, target, commit }: Evidence): string | null {
  if (typeof reservation === "string") return reservation;
  const base = shaOf(baseline);
  const sha = shaOf(target);
  if (sha !== "" && sha !== commit.sha) {
    return `its target is commit ${sha.slice(0, 9)}, and not the one that was checked out`;
  }
  if (schema !== COMPARE_SCHEMA) return null;
  // Joined from two sessions: whatever changed on the machine in between is in the difference.
  if (!Array.isArray(order) || order.length === 0) return "its sides did not take turns in one session";
  // A benchmark that was omitted may be the one that became slower.
  if (Array.isArray(only) && only.length > 0) return `only benchmarks with ${only.join(" or ")} were compared`;
  // All phases of the engine are in the same commit; two states of the code are in different commits.
  return sha !== "" && base === sha ? "baseline and target are the same commit" : null;
}

function shaOf(side: unknown): string {
  return typeof side === "object" && side !== null && "sha" in side && typeof side.sha === "string" ? side.sha : "";
}

function readAll(value: unknown): readonly MeasuredBenchmark[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: Readonly<Record<keyof MeasuredBenchmark, unknown>> | null) => {
    const { name, unit, isExact, samples, again, problem } = one ?? {};
    if (typeof name !== "string" || !Array.isArray(samples)) return [];
    const areAmounts = (list: readonly unknown[]) => list.every((one) => typeof one === "number" && one >= 0);
    const isRight = areAmounts(samples);
    const own = isRight ? null : "a sample is no amount";
    return [{
      name,
      // The name of an unknown unit is compared too.
      unit: String(unit) as BenchmarkUnit,
      isExact: isExact === true,
      samples: isRight ? samples : [],
      again: Array.isArray(again) && areAmounts(again) ? again : [],
      problem: typeof problem === "string" ? problem : own,
    }];
  });
}
