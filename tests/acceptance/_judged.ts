import type { SetComparison } from "../../lib/bench/mod.ts";
import type { GateReport } from "../../lib/gate/mod.ts";
import type { SoakClaim } from "../../lib/soak/mod.ts";
import type { ProductCopy } from "./_product_copy.ts";

/** A claim, a benchmark or a condition as a judge of the product reported it. */
export interface Finding {
  /** The report's name for it. */
  readonly name: string;
  readonly isBad: boolean;
  /** What was measured, and why it is so. */
  readonly words: string;
}

/** What a judge of the product said of a copy of it. */
export interface Judged {
  /** The command's exit code. */
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Let `stability` repeat real work, and look at its claims. */
export async function judgeByStability(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("stability", ["--report-interval", "15", ...args]);
  const { claims } = json as { readonly claims: readonly SoakClaim[] };
  const findings = claims.map((claim) => ({
    name: claim.id,
    isBad: claim.verdict === "fail",
    words: claimWords(claim),
  }));
  return { code, findings, seconds };
}

/** Let `benchmark-compare` hold the branch `work` against `main`, and look at its benchmarks. */
export async function judgeByBenchmarks(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const words = ["--baseline", "main", "--target", "work", ...args];
  const { code, json, seconds } = await copy.task("benchmark-compare", words);
  const { benchmarks } = (json as { readonly comparison: SetComparison }).comparison;
  const findings = benchmarks.map(({ name, verdict, ratio, adjustedP }) => ({
    name,
    isBad: ["regression", "missing", "failed"].includes(verdict),
    words: ratio === null
      ? verdict
      : `${verdict}: ${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)} times, p ${adjustedP?.toPrecision(2)}`,
  }));
  return { code, findings, seconds };
}

/** Let `gate` look at some conditions of phase 1. */
export async function judgeByGate(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("gate", ["--phase", "1", ...args]);
  const findings = (json as GateReport).rows.map(({ id, verdict, measured, reason, problems }) => {
    const places = problems.map(({ file, message }) => file === undefined ? message : `${file}: ${message}`);
    const words = [verdict, measured, reason, ...places].filter((part) => part !== "").join("; ");
    return { name: id, isBad: verdict === "fail", words };
  });
  return { code, findings, seconds };
}

function claimWords({ verdict, unit, estimate, events, trials, bound, note }: SoakClaim): string {
  const counted = events === null ? `n ${trials}` : `${events} of ${trials}`;
  const parts = [`${estimate} ${unit} (${counted})`, bound === null ? "" : `bound ${bound}`, note ?? ""];
  return `${verdict}: ${parts.filter((part) => part !== "").join(", ")}`;
}
