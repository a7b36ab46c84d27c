import { median } from "../../stats/mod.ts";
import { BENCHMARK_UNITS, type BenchmarkUnit } from "../compare/measured_benchmark.ts";

/** One benchmark in the output of one process run. */
export interface BenchReading {
  /** Name of the benchmark; `group: name` if it has a group. */
  readonly name: string;
  /** Unit of `value`. */
  readonly unit: BenchmarkUnit;
  /** Whether every run yields the same number. */
  readonly isExact: boolean;
  /** The measured number; `null` if the benchmark failed. */
  readonly value: number | null;
  /** Reason why the benchmark failed; `null` if it did not. */
  readonly problem: string | null;
}

/**
 * Parse the output of a benchmark process. It is either the output of `deno bench --json`, of which the third quartile
 * is used (it varies less between runs than the mean and the minimum), or
 * `{"benchmarks": [{name, unit, isExact, value}]}`. Instead of `value` it may contain `samples`, as in the program's
 * own reports. Lines before the document are ignored.
 *
 * @param text The whole standard output
 * @returns One reading per benchmark
 * @throws {SyntaxError} If there is no such document, or a field is invalid
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseBenchOutput } from "@civitai-dl/civitai-dl/bench";
 *
 * const output = 'Measuring…\n{"benchmarks":[{"name":"requests","unit":"count","isExact":true,"value":3}]}';
 * const reading = { name: "requests", unit: "count", isExact: true, value: 3, problem: null } as const;
 * assertEquals(parseBenchOutput(output), [reading]);
 * ```
 */
export function parseBenchOutput(text: string): readonly BenchReading[] {
  const document = findDocument(text);
  if ("benches" in document) return denoReadings(document.benches);
  if (!Array.isArray(document.benchmarks)) throw new SyntaxError('Cannot read a benchmark: it has no "benchmarks"');
  return document.benchmarks.map((item: unknown, index: number): BenchReading => {
    const { name, unit = "seconds", isExact = false, samples, problem, ...rest } = asRecord(
      item,
      `benchmarks[${index}]`,
    );
    if (typeof name !== "string" || !BENCHMARK_UNITS.includes(unit as BenchmarkUnit)) {
      throw new SyntaxError(`Cannot read benchmarks[${index}]: it needs a name and a unit`);
    }
    const common = { name, unit: unit as BenchmarkUnit, isExact: isExact === true };
    if (typeof problem === "string") return { ...common, value: null, problem };
    return { ...common, ...parseAmount(Array.isArray(samples) ? medianOrInvalid(samples) : rest.value, `"${name}"`) };
  });
}

function denoReadings(benches: unknown): readonly BenchReading[] {
  if (!Array.isArray(benches)) throw new SyntaxError('Cannot read a benchmark: "benches" is not an array');
  return benches.map((item: unknown, index): BenchReading => {
    const { name, group, results } = asRecord(item, `benches[${index}]`);
    const full = typeof group === "string" ? `${group}: ${name}` : String(name);
    const result = asRecord(Array.isArray(results) ? results[0] : undefined, `benches[${index}].results[0]`);
    const common = { name: full, unit: "seconds", isExact: false } as const;
    if (!("ok" in result)) return { ...common, value: null, problem: describeFailure(result.failed) };
    const { p75, avg } = asRecord(result.ok, `benches[${index}].results[0].ok`);
    const nanoseconds = p75 ?? avg;
    return {
      ...common,
      ...parseAmount(typeof nanoseconds === "number" ? nanoseconds / 1e9 : nanoseconds, `"${full}"`),
    };
  });
}

/** A report with many samples counts as one run with their median. */
function medianOrInvalid(samples: readonly unknown[]): unknown {
  const invalid = samples.find((value) => !(typeof value === "number" && Number.isFinite(value) && value >= 0));
  return invalid === undefined && samples.length > 0 ? median(samples as readonly number[]) : invalid;
}

function describeFailure(failed: unknown): string {
  const message = typeof failed === "object" && failed !== null && "message" in failed ? failed.message : undefined;
  return typeof message === "string" && message !== ""
    ? `it threw "${message.split("\n")[0]!.slice(0, 200)}"`
    : "it threw";
}

function parseAmount(value: unknown, what: string): Pick<BenchReading, "value" | "problem"> {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return { value, problem: null };
  throw new SyntaxError(
    `Cannot read benchmark ${what}: ${JSON.stringify(value) ?? "nothing"} is not a non-negative number`,
  );
}

function findDocument(text: string): Record<string, unknown> {
  for (let start = text.indexOf("{"); start !== -1; start = nextObjectStart(text, start)) {
    try {
      return asRecord(JSON.parse(text.slice(start)), "the document");
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new SyntaxError(`Cannot read a benchmark: ${text.trim() === "" ? "it printed nothing" : "it printed no JSON"}`);
}

/** Find the next line that begins with a brace. */
function nextObjectStart(text: string, start: number): number {
  const next = text.indexOf("\n{", start);
  return next === -1 ? -1 : next + 1;
}

function asRecord(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new SyntaxError(`Cannot read a benchmark: ${place} is not an object`);
}
