import type { Evidence } from "../../lib/base/mod.ts";
import { COMPARE_SCHEMA } from "../../lib/bench/mod.ts";
import type { Measured } from "../../lib/judge/mod.ts";
import { claimsOfNothing, claimsOfPair, type ReadBenchmark } from "./claims_of_pair.ts";

/**
 * Compute the claims of a report with two sides: `speed_up:TARGET:NAME` (how many times as fast the candidate is) and
 * `slowdown:NAME` (how many times as long it takes), and of a phase `speed_up:TARGET over PREVIOUS:NAME`. They are computed from the samples, because the gate does not
 * trust the ratios of a report.
 */
export function claimsOfBenchmark(evidence: Evidence): readonly Measured[] {
  const { benchmarks, baselineBenchmarks, target } = evidence;
  const ours = readAll(benchmarks);
  const theirs = readAll(baselineBenchmarks);
  const side = typeof target === "object" && target !== null && "name" in target ? String(target.name) : "";
  const reservation = reservationOf(evidence);
  const pairs = [...new Set([...theirs, ...ours].map(({ name }) => name))].flatMap((name) => {
    const ids = { speedUp: `speed_up:${side}:${name}`, slowdown: `slowdown:${name}` };
    const base = theirs.find((one) => one.name === name);
    if (reservation !== null) return base === undefined ? [] : claimsOfNothing(ids, reservation);
    return claimsOfPair({ base, target: ours.find((one) => one.name === name), ids });
  });
  return [...pairs, ...claimsOverPrevious(evidence, ours, side)];
}

/** Compare the phase with the phase before, on the workloads that both were measured on in this session. */
function claimsOverPrevious(evidence: Evidence, ours: readonly ReadBenchmark[], side: string): readonly Measured[] {
  const { previous } = evidence;
  if (typeof previous !== "object" || previous === null || !("benchmarks" in previous)) return [];
  const name = "name" in previous ? String(previous.name) : "";
  return readAll(previous.benchmarks).flatMap((base) => {
    const about = `${side} over ${name}:${base.name}`;
    const ids = { speedUp: `speed_up:${about}`, slowdown: `slowdown over ${name}:${base.name}` };
    const target = ours.find((one) => one.name === base.name);
    const reservation = reservationOf(evidence);
    return reservation === null ? claimsOfPair({ base, target, ids }) : claimsOfNothing(ids, reservation);
  });
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

function readAll(value: unknown): readonly ReadBenchmark[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: Readonly<Record<keyof ReadBenchmark, unknown>> | null) => {
    const { name, unit, isExact, samples, again, problem } = one ?? {};
    if (typeof name !== "string" || !Array.isArray(samples)) return [];
    const areAmounts = (list: readonly unknown[]) => list.every((one) => typeof one === "number" && one >= 0);
    const isRight = areAmounts(samples);
    return [{
      name,
      unit: String(unit),
      isExact: isExact === true,
      samples: isRight ? samples : [],
      again: Array.isArray(again) && areAmounts(again) ? again : [],
      problem: typeof problem === "string" ? problem : isRight ? null : "a sample is no amount",
    }];
  });
}
