import { join } from "node:path";
import type { BenchmarkComparison } from "../../lib/bench/mod.ts";
import type { ConcurrencyReport } from "../../lib/stability/mod.ts";
import type { GateReport } from "../../lib/gate/mod.ts";
import { type Claim, describeMeasured } from "../../lib/judge/mod.ts";
import { explainFailedClaim, type FailedClaim, type SoakEvidence } from "../../lib/soak/mod.ts";
import type { PairReport } from "../../lib/stability/mod.ts";
import type { LoadReport } from "../../benchmarks/load/mod.ts";
import type { ProductCopy } from "./_product_copy.ts";

/** A claim, a benchmark or a condition, as reported by a judge of the product. */
export interface Finding {
  /** Its name in the report. */
  readonly name: string;
  readonly isBad: boolean;
  /** The measurement and the reason of the verdict. */
  readonly words: string;
}

/** A judge's report about a copy of the product. */
export interface Judged {
  /** The command's exit code. */
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Let `stability` repeat real work, and return its claims. */
export async function judgeByStability(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("stability", ["--report-interval", "15", ...args]);
  const report = json as SoakEvidence & Readonly<Record<string, unknown>>;
  const findings = report.claims.map((claim) => ({
    name: claim.id,
    isBad: claim.verdict === "fail",
    words: claimWords(claim, claim.verdict === "fail" ? explainFailedClaim(report, claim.id) : null),
  }));
  return { code, findings, seconds };
}

/** Let `concurrency-test` do the same work with one worker and with several, and return its claims. */
export async function judgeByConcurrency(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("concurrency-test", args);
  const report = json as ConcurrencyReport & Readonly<Record<string, unknown>>;
  const findings = report.claims.map((claim) => ({
    name: claim.id,
    isBad: claim.verdict === "fail",
    words: claimWords(claim, claim.verdict === "fail" ? explainFailedClaim(report, claim.id) : null),
  }));
  return { code, findings, seconds };
}

/** Let `paired-stability` compare two profiles of the copy, and return its claims. */
export async function judgeByPairs(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("paired-stability", args);
  const { claims, rounds } = json as PairReport;
  const failures = rounds.flatMap((round) => round.failures);
  const messages = failures.map(({ side, key, failure, message }) => `${side}: ${key}: ${failure}: ${message}`);
  return { code, findings: findingsOf(claims, messages), seconds };
}

/** Let `load-test` fetch a library from nginx, and return its claims. */
export async function judgeByLoad(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("load-test", args);
  const { claims, rounds } = json as LoadReport;
  return { code, findings: findingsOf(claims, rounds.flatMap(({ messages }) => messages)), seconds };
}

/** Let `demo` download, and return how many files are wrong. */
export async function judgeByDemo(copy: ProductCopy): Promise<Judged> {
  const { code, json, seconds } = await copy.task("demo", ["--output", join(copy.folder, "demo")]);
  const { wrong, files } = json as { readonly wrong: number; readonly files: number };
  return { code, findings: [{ name: "wrong", isBad: wrong > 0, words: `${wrong} of ${files}` }], seconds };
}

/** Let `emergency-test` try some of its paths, and return them, and its verdict on all. */
export async function judgeByEmergencyTest(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("emergency-test", args);
  const { paths } = json as {
    readonly paths: readonly { readonly name: string; readonly isOk: boolean; readonly detail: string }[];
  };
  const findings = paths.map(({ name, isOk, detail }) => ({ name, isBad: !isOk, words: detail }));
  const broken = findings.filter(({ isBad }) => isBad);
  const words = broken.map(({ name, words }) => `; ${name}: ${words}`).join("");
  return { code, findings: [{ name: "emergency-test", isBad: broken.length > 0, words }, ...findings], seconds };
}

/** Let `production-test` test the program that is built from the copy, and return its claims. */
export async function judgeByProductionTest(copy: ProductCopy): Promise<Judged> {
  await copy.tag("v1.0.0");
  const place = ["--prefix", join(copy.folder, "installed"), "--output", join(copy.folder, "production.json")];
  const { code, json, seconds } = await copy.task("production-test", ["--version", "v1.0.0", ...place]);
  const { claims } = json as {
    readonly claims: readonly { readonly id: string; readonly verdict: string; readonly note: string }[];
  };
  const findings = claims.map(({ id, verdict, note }) => ({ name: id, isBad: verdict === "fail", words: note }));
  return { code, findings, seconds };
}

/** Claims of a report whose messages are about all of them. */
function findingsOf(claims: readonly Claim[], messages: readonly string[]): readonly Finding[] {
  return claims.map((claim) => {
    const isBad = claim.verdict === "fail";
    const words = [claimWords(claim, null), ...isBad ? messages.slice(0, 5) : []];
    return { name: claim.id, isBad, words: words.join("; ") };
  });
}

/** Let `benchmark-compare` compare the branch `work` with `main`, and return its benchmarks. */
export async function judgeByBenchmarks(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const words = ["--baseline", "main", "--target", "work", ...args];
  const { code, json, seconds } = await copy.task("benchmark-compare", words);
  const { claims } = (json as { readonly comparison: BenchmarkComparison }).comparison;
  return { code, findings: findingsOf(claims, []), seconds };
}

/** Let `gate` check some conditions of phase 1. */
export async function judgeByGate(copy: ProductCopy, args: readonly string[]): Promise<Judged> {
  const { code, json, seconds } = await copy.task("gate", ["--phase", "1", ...args]);
  const findings = (json as GateReport).rows.map(({ id, verdict, measured, reason, problems }) => {
    const places = problems.map(({ file, message }) => file === undefined ? message : `${file}: ${message}`);
    const words = [verdict, measured, reason, ...places].filter((part) => part !== "").join("; ");
    return { name: id, isBad: verdict === "fail", words };
  });
  return { code, findings, seconds };
}

function claimWords(claim: Claim, failed: FailedClaim | null): string {
  const { verdict, reason, note = "" } = claim;
  const words = `${verdict}: ${[describeMeasured(claim), reason, note].filter((part) => part !== "").join(", ")}`;
  return [words, ...failed?.failures ?? [], failed?.command ?? ""].filter((part) => part !== "").join("; ");
}
