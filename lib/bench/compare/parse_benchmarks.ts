import { BENCHMARK_UNITS, type BenchmarkUnit, type MeasuredBenchmark } from "./measured_benchmark.ts";

/**
 * Validate the field `benchmarks` of a report.
 *
 * @param value Content of the field
 * @returns The benchmarks
 * @throws {SyntaxError} If a field is invalid, such as a sample that is negative, infinite or not a number; the message
 * contains the path of the field
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { parseBenchmarks } from "@civitai-dl/civitai-dl/bench";
 *
 * const benchmark = { name: "parse", unit: "seconds", isExact: false, samples: [1, 1.02] };
 * assertEquals(parseBenchmarks([benchmark])[0]!.samples, [1, 1.02]);
 * assertThrows(() => parseBenchmarks([{ ...benchmark, samples: [-1] }]), SyntaxError, "benchmarks[0].samples[0]");
 * ```
 */
export function parseBenchmarks(value: unknown): readonly MeasuredBenchmark[] {
  if (!Array.isArray(value)) throw new SyntaxError('Cannot read benchmarks: "benchmarks" is not an array');
  const names = new Set<string>();
  return value.map((item: unknown, index) => {
    const place = `benchmarks[${index}]`;
    if (typeof item !== "object" || item === null) throw new SyntaxError(`Cannot read ${place}: it is not an object`);
    const { name, unit, isExact, samples, again = [], problem = null } = item as Record<string, unknown>;
    if (typeof name !== "string" || name === "") throw invalidValue(`${place}.name`, name);
    if (names.has(name)) throw new SyntaxError(`Cannot read ${place}: "${name}" occurs twice`);
    names.add(name);
    if (!BENCHMARK_UNITS.includes(unit as BenchmarkUnit)) throw invalidValue(`${place}.unit`, unit);
    if (typeof isExact !== "boolean") throw invalidValue(`${place}.isExact`, isExact);
    if (problem !== null && typeof problem !== "string") throw invalidValue(`${place}.problem`, problem);
    return {
      name,
      isExact,
      problem,
      unit: unit as BenchmarkUnit,
      samples: parseAmounts(samples, `${place}.samples`),
      again: parseAmounts(again, `${place}.again`),
    };
  });
}

function parseAmounts(value: unknown, place: string): readonly number[] {
  if (!Array.isArray(value)) throw invalidValue(place, value);
  const index = value.findIndex((one) => !(typeof one === "number" && Number.isFinite(one) && one >= 0));
  if (index !== -1) throw invalidValue(`${place}[${index}]`, value[index]);
  return value;
}

function invalidValue(place: string, value: unknown): SyntaxError {
  return new SyntaxError(`Cannot read benchmarks: "${place}" cannot be ${JSON.stringify(value)}`);
}
