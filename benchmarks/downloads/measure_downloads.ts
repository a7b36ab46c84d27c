import { walk } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { BenchReading } from "../../lib/bench/mod.ts";
import type { Sandbox, ToxicRule } from "../../lib/sandbox/mod.ts";
import {
  checkDone,
  programEnv,
  programWords,
  QUIET_WORDS,
  runProgram,
  startOwnedSandbox,
  userWords,
} from "../peers/mod.ts";

/** Downloads of a whole library that are measured in every run. */
interface DownloadWork {
  /** Name of the work, used in the names of its benchmarks. */
  readonly name: string;
  readonly files: number;
  readonly bytes: { readonly min: number; readonly max: number };
  readonly engine: "stable" | "turbo";
  /** Share of the storage's responses that are broken. */
  readonly faultRate?: number;
  /** Whether a second run, which finds everything there, is measured too. */
  readonly isRepeated?: boolean;
}

const MIB = 2 ** 20;
/**
 * What is downloaded. What each file costs is better seen by `fifty small files, one by one` of engine_bench.ts, without
 * the start of the program.
 */
const WORKS: readonly DownloadWork[] = [
  { name: "small", files: 300, bytes: { min: 4096, max: 4096 }, engine: "turbo", isRepeated: true },
  { name: "small, one by one", files: 300, bytes: { min: 4096, max: 4096 }, engine: "stable" },
  { name: "large", files: 1, bytes: { min: 64 * MIB, max: 64 * MIB }, engine: "turbo" },
  { name: "mixed", files: 40, bytes: { min: 1024, max: 4 * MIB }, engine: "turbo" },
  { name: "faults", files: 40, bytes: { min: 1024, max: MIB }, engine: "turbo", faultRate: 0.05 },
];

/** Faults of {@linkcode DownloadWork.faultRate}. */
const FAULTS: readonly ToxicRule["type"][] = ["reset", "truncate", "corrupt", "serverError", "expiredUrl"];

/** Options of {@linkcode measureDownloads}. */
export interface MeasureDownloadsOptions {
  /** Root folder of the checkout whose program downloads. */
  readonly root: string;
  /** Empty folder for the libraries. */
  readonly folder: string;
  /**
   * Scale of the number of files and of the sizes.
   *
   * @default {1}
   */
  readonly scale?: number | undefined;
  /**
   * Substrings of the names of the benchmarks to measure.
   *
   * @default {all}
   */
  readonly only?: readonly string[] | undefined;
}

/** What may be measured of a work; with faults, the time and the requests are not. */
const MEASURES = ["time", "processor time", "requests", "bytes", "files"] as const;

/**
 * Measure whole downloads of a checkout's program, each with a new library, from the sandbox of this checkout, so that
 * both sides of a comparison have the same server.
 *
 * @returns The time, the requests, the bytes and the files of each work; with faults, whose retries wait for random
 * times, the processor time and the files
 */
export async function measureDownloads(options: MeasureDownloadsOptions): Promise<readonly BenchReading[]> {
  const { scale = 1, only = [] } = options;
  const readings: BenchReading[] = [];
  for (const work of WORKS.filter((work) => isWanted(work, only))) {
    const { name, bytes, engine, faultRate = 0, isRepeated = false } = work;
    const size = (value: number) => Math.max(4096, Math.round(value * scale));
    const fileBytes = work.files === 1 ? { min: size(bytes.min), max: size(bytes.max) } : bytes;
    const files = work.files === 1 ? 1 : Math.max(4, Math.round(work.files * scale));
    const { sandbox, facts, ...owned } = await startOwnedSandbox(files, { seed: 9, fileBytes });
    await using _owned = owned;
    for (const fact of facts) await fact.sha256();
    sandbox.setToxics(FAULTS.map((type) => ({ type, rate: faultRate / FAULTS.length } as ToxicRule)));
    const place = join(options.folder, name.replaceAll(/\W+/g, "-"));
    await Deno.mkdir(place);
    const run = async (what: string) =>
      await measureRun(what, { root: options.root, sandbox, engine, place, isFaulty: faultRate > 0 });
    const first = await run(name);
    const last = isRepeated ? await run(`${name}, second run`) : [];
    const problem = explainMissing(place, facts.length);
    readings.push(...[...first, ...last].map((one) => isCountOfFiles(one) ? { ...one, problem } : one));
    await Deno.remove(place, { recursive: true });
  }
  return readings;
}

/** Whether a benchmark of a work has one of the words in its name. */
function isWanted({ name, isRepeated = false }: DownloadWork, only: readonly string[]): boolean {
  if (only.length === 0) return true;
  const runs = [name, ...isRepeated ? [`${name}, second run`] : []];
  const names = runs.flatMap((run) => MEASURES.map((measure) => nameOf(run, measure)));
  return names.some((one) => only.some((part) => one.includes(part)));
}

function nameOf(run: string, measure: typeof MEASURES[number]): string {
  return `download ${run}: ${measure}`;
}

/** Fewer files are no improvement: say how many are missing; `null` if none is. */
function explainMissing(place: string, count: number): string | null {
  try {
    checkDone(place, count);
    return null;
  } catch (error) {
    if (error instanceof KitError) return error.message;
    throw error;
  }
}

function isCountOfFiles({ unit }: BenchReading): boolean {
  return unit === "files";
}

interface RunOptions {
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly engine: string;
  readonly place: string;
  readonly isFaulty: boolean;
}

async function measureRun(name: string, options: RunOptions): Promise<readonly BenchReading[]> {
  const { root, sandbox, engine, place, isFaulty } = options;
  sandbox.log.clear();
  const words = ["--no-fsync", "--engine", engine, "--base-url", sandbox.apiOrigin, ...userWords(sandbox)];
  const { seconds, cpuSeconds } = await runProgram(
    [...programWords("scripts/download.ts", root), ...QUIET_WORDS, ...words],
    { cwd: place, env: { ...programEnv(place), CIVITAI_API_KEY: sandbox.token } },
  );
  const requests = [...sandbox.log.counts.values()].reduce((sum, count) => sum + count, 0);
  const reading = (
    what: typeof MEASURES[number],
    value: number,
    unit: BenchReading["unit"],
    isExact: boolean,
  ): BenchReading => ({
    name: nameOf(name, what),
    unit,
    isExact,
    value,
    problem: null,
  });
  const files = reading("files", await countFiles(join(place, "library")), "files", true);
  const processor = reading("processor time", cpuSeconds ?? seconds, "seconds", false);
  if (isFaulty) return [processor, files];
  return [
    reading("time", seconds, "seconds", false),
    reading("requests", requests, "count", true),
    reading("bytes", sandbox.log.storageBytes, "bytes", true),
    files,
  ];
}

/** Count the files of a library, sidecars included, but not its state: an older program may have another catalog. */
async function countFiles(library: string): Promise<number> {
  let count = 0;
  for await (const { path } of walk(library, { includeDirs: false })) if (!path.includes(".civitai-dl")) count++;
  return count;
}
