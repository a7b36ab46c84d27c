import type { Evidence } from "../../lib/base/mod.ts";
import { hodgesLehmannRatio } from "../../lib/stats/mod.ts";

/** One benchmark of one side, as far as it is read. */
interface Measured {
  readonly name: string;
  readonly isExact: boolean;
  readonly samples: readonly number[];
}

/**
 * What the samples of a report with two sides claim: `speed_up:TARGET:NAME`, how many times as fast the target is, and
 * `slowdown:NAME`, how many times as long it takes. They are computed here: the gate takes no report's word for a ratio.
 */
export function claimsOfBenchmark(evidence: Evidence): readonly unknown[] {
  const { benchmarks, baselineBenchmarks, target } = evidence;
  const [ours, theirs] = [readAll(benchmarks), readAll(baselineBenchmarks)];
  const side = typeof target === "object" && target !== null && "name" in target ? String(target.name) : "";
  const reservation = reservationOf(evidence);
  return theirs.flatMap((base) => {
    const found = ours.find((one) => one.name === base.name);
    const ids = [`speed_up:${side}:${base.name}`, `slowdown:${base.name}`] as const;
    // What proves nothing must not vanish from the list.
    const note = found === undefined ? "the target does not have it" : reservation;
    if (found === undefined || note !== null) return ids.map((id) => ({ id, trials: 0, note }));
    return [claim(ids[0], base, found), claim(ids[1], found, base)];
  });
}

/** Why the samples are not about this commit at full size; `null` if they are. */
function reservationOf({ reservation, target, commit }: Evidence): string | null {
  if (typeof reservation === "string") return reservation;
  const sha = typeof target === "object" && target !== null && "sha" in target ? target.sha : "";
  const isOther = typeof sha === "string" && sha !== "" && sha !== commit.sha;
  return isOther ? `its target is commit ${sha.slice(0, 9)}, and not the one that was checked out` : null;
}

function claim(id: string, values: Measured, base: Measured): unknown {
  const trials = Math.min(values.samples.length, base.samples.length);
  const isPositive = [...values.samples, ...base.samples].every((one) => one > 0);
  if (trials === 0 || !isPositive) return { id, trials: 0 };
  if (values.isExact) {
    const ratio = values.samples[0]! / base.samples[0]!;
    return { id, trials, estimate: ratio, low: ratio, high: ratio };
  }
  const { value, low, high, confidence } = hodgesLehmannRatio(values.samples, base.samples);
  return { id, trials, estimate: value, low, high, confidence };
}

function readAll(value: unknown): readonly Measured[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: Partial<Measured> | null) => {
    const { name, isExact = false, samples } = one ?? {};
    const isRight = typeof name === "string" && Array.isArray(samples) &&
      samples.every((sample) => typeof sample === "number");
    return isRight ? [{ name, isExact, samples }] : [];
  });
}
