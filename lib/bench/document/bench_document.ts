import type { Limit } from "../../judge/mod.ts";
import { type Evidence, EvidenceError, type EvidenceHeader, KitError, openEvidence } from "../../base/mod.ts";
import type { CommandRun } from "../process/bench_command.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import { parseBenchmarks } from "../compare/parse_benchmarks.ts";

/** Schema of a report about two states of the code, measured in one session. */
export const COMPARE_SCHEMA = "civitai-dl/benchmark-compare";
/** Schema of a report about a phase of the engine against phase 1. */
export const PHASE_SCHEMA = "civitai-dl/benchmark-phase";

/** One side of a comparison. */
export interface ComparedState {
  /** Name as specified by the user: a ref or a profile. */
  readonly name: string;
  /** Full hash of the commit; empty if unknown. */
  readonly sha: string;
}

/** The fields of all benchmark reports, except for the header. */
export interface BenchData {
  /** The baseline, to which the candidate is compared. */
  readonly baseline: ComparedState;
  /** The candidate, which the report is about. */
  readonly target: ComparedState;
  /** Smallest relevant difference, as a fraction: 0.05 is 5%. */
  readonly margin: number;
  /** Shell command that each side ran; `null` if each side ran its bench files. */
  readonly command: string | null;
  /**
   * Substrings of the names of the compared benchmarks; all if empty or absent. A comparison of some benchmarks proves
   * nothing about the others.
   */
  readonly only?: readonly string[] | undefined;
  /** All samples of the candidate. */
  readonly benchmarks: readonly MeasuredBenchmark[];
  /** All samples of the baseline. */
  readonly baselineBenchmarks: readonly MeasuredBenchmark[];
  /** Of a phase: the phase before, as far as it was measured in the same session. */
  readonly previous?: PreviousPhase | undefined;
  /** Of a phase: what is required of its speed. */
  readonly required?: readonly RequiredSpeedUp[] | undefined;
  /** Every run, in the order of execution. */
  readonly order: readonly (Omit<CommandRun, "side"> & { readonly side: string })[];
  /** Remarks, each of which is a sentence. */
  readonly notes: readonly string[];
  /** Reason why the report allows no verdict, such as scaled-down work; `null` or absent if it allows one. */
  readonly reservation?: string | null | undefined;
}

/** How many times as fast a phase has to be as phase 1, or as the phase before, on one benchmark. */
export interface RequiredSpeedUp {
  /** Name of the benchmark, such as `mixed: time`. */
  readonly benchmark: string;
  /** Whether the phase is compared with the phase before instead of phase 1. */
  readonly isOverPrevious: boolean;
  /** What is required of the ratio. */
  readonly limit: Limit;
}

/** The phase before the one that a report is about. */
export interface PreviousPhase {
  /** Its name, such as `phase 3`. */
  readonly name: string;
  /** All of its samples. */
  readonly benchmarks: readonly MeasuredBenchmark[];
}

/** A benchmark report. */
export type BenchDocument = EvidenceHeader & BenchData & { readonly [more: string]: unknown };

/**
 * Read a benchmark report.
 *
 * @param path The `.json` file that `benchmark --phase` or `benchmark-compare` wrote
 * @param options What stops waiting for a pipe
 * @returns The report
 * @throws {KitError} `usage` if the file does not exist, is another kind of report, or contains no benchmarks;
 * `integrity` if it was modified
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { COMPARE_SCHEMA, evidenceHeader, readBenchDocument } from "@civitai-dl/civitai-dl/bench";
 *
 * const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null };
 * const header = await evidenceHeader(COMPARE_SCHEMA, { ...times, folder: "." });
 * const facts = { baseline: { name: "main", sha: "" }, target: { name: "new", sha: "" }, margin: 0.05 };
 * const benchmarks = [{ name: "parse", unit: "seconds", isExact: false, samples: [1, 1.02] }];
 * const path = await Deno.makeTempFile();
 * const report = { ...header, ...facts, benchmarks, baselineBenchmarks: benchmarks };
 * await Deno.writeTextFile(path, JSON.stringify(report));
 * assertEquals((await readBenchDocument(path)).benchmarks[0]!.samples, [1, 1.02]);
 * await Deno.remove(path);
 * ```
 */
export async function readBenchDocument(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Evidence & BenchDocument> {
  const document = openReport(path, await readText(path, options));
  if (![COMPARE_SCHEMA, PHASE_SCHEMA].includes(document.schema)) {
    throw new KitError("usage", `Cannot use "${path}": it is "${document.schema}", not a benchmark report`, {
      hint: "Give what benchmark --phase or benchmark-compare wrote",
    });
  }
  try {
    const { baseline, target, margin, command = null, only, order = [], notes = [], reservation = null } = document;
    const [benchmarks, baselineBenchmarks] = [document.benchmarks, document.baselineBenchmarks].map(parseBenchmarks);
    if (benchmarks!.length + baselineBenchmarks!.length === 0) throw new SyntaxError("it holds no benchmarks");
    return {
      ...document,
      baseline: parseState(baseline, "baseline"),
      target: parseState(target, "target"),
      margin: parseMargin(margin),
      previous: parsePrevious(document.previous),
      required: parseRequired(document.required),
      reservation: parseReservation(reservation),
      only: parseOnly(only),
      command: command as string | null,
      order: order as BenchData["order"],
      notes: notes as readonly string[],
      benchmarks: benchmarks!,
      baselineBenchmarks: baselineBenchmarks!,
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new KitError("usage", `Cannot use "${path}": ${error.message}`, { cause: error });
  }
}

function openReport(path: string, text: string): Evidence {
  try {
    return openEvidence(text);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    throw new KitError("integrity", `Cannot verify "${path}": ${error.found}`, {
      hint: "Create the report again",
      cause: error,
    });
  }
}

async function readText(
  path: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<string> {
  try {
    return await Deno.readTextFile(path, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory)) throw error;
    throw new KitError("usage", `Cannot read "${path}": there is no such file`, { cause: error });
  }
}

function parseOnly(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  throw new SyntaxError(`"only" cannot be ${JSON.stringify(value)}`);
}

function parseState(value: unknown, field: string): ComparedState {
  if (typeof value === "object" && value !== null && "name" in value && "sha" in value) {
    const { name, sha } = value;
    if (typeof name === "string" && typeof sha === "string") return { name, sha };
  }
  throw new SyntaxError(`"${field}" cannot be ${JSON.stringify(value)}`);
}

function parsePrevious(value: unknown): PreviousPhase | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && "name" in value && "benchmarks" in value) {
    const { name, benchmarks } = value;
    if (typeof name === "string") return { name, benchmarks: parseBenchmarks(benchmarks) };
  }
  throw new SyntaxError(`"previous" cannot be ${JSON.stringify(value)}`);
}

const OPERATORS: readonly unknown[] = ["<", "<=", ">", ">=", "="] satisfies Limit["op"][];

function parseRequired(value: unknown): readonly RequiredSpeedUp[] {
  const isRight = (one: Partial<RequiredSpeedUp> | null) =>
    typeof one?.benchmark === "string" && typeof one.isOverPrevious === "boolean" &&
    OPERATORS.includes(one.limit?.op) && typeof one.limit?.value === "number";
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isRight)) return value;
  throw new SyntaxError(`"required" cannot be ${JSON.stringify(value)}`);
}

function parseReservation(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  throw new SyntaxError(`"reservation" cannot be ${JSON.stringify(value)}`);
}

function parseMargin(value: unknown): number {
  if (typeof value === "number" && value >= 0 && value < 10) return value;
  throw new SyntaxError(`"margin" cannot be ${JSON.stringify(value)}`);
}
