import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { type ProgramRun, startProgram } from "../helpers/start_program.ts";
import { makeLibrary, sandboxOfLargeFiles, sandboxOfRows } from "./_made_library.ts";

/** The measurements of one library; times are medians, in seconds. */
export interface LibraryFigures {
  readonly files: number;
  readonly models: number;
  readonly catalogBytes: number;
  readonly listWord: Cost;
  readonly listType: Cost;
  readonly listAll: Cost;
  readonly verify: Cost;
  /** `null` if skipped. */
  readonly verifyDeep: Cost | null;
  /** `xargs -P2 sha256sum` over the same files, in turn with `verify --deep`. */
  readonly sha256sumSeconds: number | null;
  /** `null` if skipped. */
  readonly updateDryRun: Cost | null;
  readonly configShow: Cost;
}

/** The cost of `verify --deep` by bytes instead of files. */
export interface LargeFileFigures {
  readonly files: number;
  readonly bytes: number;
  readonly verifyDeep: Cost;
  readonly sha256sumSeconds: number;
}

/** The cost of one command as a process, including its start. */
export interface Cost {
  readonly seconds: number;
  readonly peakBytes: number;
}

/** A library on disk, and what the commands need to know about it. */
interface Place {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly paths: readonly string[];
}

/** Number of concurrent files, for us and for `sha256sum`: at most the number of processors. */
const THREADS = 2;

/** Options of {@linkcode measureLibrary}. */
export interface MeasureOptions {
  readonly rows: number;
  readonly rounds: number;
  /** Folder to keep and reuse the library; without it, the library is temporary. */
  readonly folder?: string | undefined;
  /** Skip what takes minutes: reading every byte, and requesting every model. */
  readonly isQuick?: boolean | undefined;
}

/** Create a library of about the given number of files, and measure the commands that read all of it. */
export async function measureLibrary(options: MeasureOptions): Promise<LibraryFigures> {
  const { rows, rounds, folder, isQuick = false } = options;
  await using sandbox = await startSandbox(sandboxOfRows(rows));
  return await withFolder(folder, async (place) => {
    const made = await keptOrMade(sandbox, place);
    const at: Place = { folder: place, sandbox, paths: made.paths };
    const cost = (words: readonly string[]): Promise<Cost> => costOf(at, words, rounds);
    // The first command that may write upgrades a catalog of an earlier version.
    await run(at, ["verify"]);
    const deep = isQuick ? null : await measureDeep(at, rounds);
    const update = ["update", "--dry-run", "--no-images", "--files", "all", ...apiWords(sandbox)];
    return {
      files: made.files,
      models: made.models,
      catalogBytes: await catalogBytes(place),
      listWord: await cost(["list", made.word]),
      listType: await cost(["list", "--type", "LORA"]),
      listAll: await cost(["list", "--json", "--limit", "10000000"]),
      verify: await cost(["verify"]),
      verifyDeep: deep?.deep ?? null,
      sha256sumSeconds: deep?.sha256sumSeconds ?? null,
      updateDryRun: isQuick ? null : await cost(update),
      configShow: await cost(["config", "show"]),
    };
  });
}

/** Create some large files, and measure `verify --deep` on them. */
export async function measureLargeFiles(
  options: { readonly count: number; readonly sizeBytes: number; readonly rounds: number },
): Promise<LargeFileFigures> {
  const { count, sizeBytes, rounds } = options;
  await using sandbox = await startSandbox(sandboxOfLargeFiles(count, sizeBytes));
  return await withFolder(undefined, async (folder) => {
    const made = await makeLibrary(sandbox, join(folder, "library"));
    const { deep, sha256sumSeconds } = await measureDeep({ folder, sandbox, paths: made.paths }, rounds);
    return { files: made.files, bytes: made.files * sizeBytes, verifyDeep: deep, sha256sumSeconds };
  });
}

async function withFolder<T>(folder: string | undefined, story: (folder: string) => Promise<T>): Promise<T> {
  if (folder !== undefined) return await story(folder);
  const own = await Deno.makeTempDir({ prefix: "civitai-dl-figures-" });
  try {
    return await story(own);
  } finally {
    await Deno.remove(own, { recursive: true });
  }
}

/** The stored facts of a kept library. */
interface Kept {
  readonly files: number;
  readonly models: number;
  readonly word: string;
  readonly paths: readonly string[];
}

async function keptOrMade(sandbox: Sandbox, folder: string): Promise<Kept> {
  const note = join(folder, "made.json");
  try {
    return JSON.parse(await Deno.readTextFile(note)) as Kept;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const made = await makeLibrary(sandbox, join(folder, "library"));
  await Deno.writeTextFile(note, JSON.stringify(made));
  return made;
}

/** Including its log, whose content is not in the file yet. */
async function catalogBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const ending of ["", "-wal"]) {
    const path = join(folder, "library", ".civitai-dl", `catalog.db${ending}`);
    bytes += await Deno.stat(path).then(({ size }) => size, () => 0);
  }
  return bytes;
}

function apiWords({ apiOrigin }: Sandbox): readonly string[] {
  return ["--base-url", apiOrigin, "--api-rate", "1000000"];
}

async function costOf(place: Place, words: readonly string[], rounds: number): Promise<Cost> {
  const runs: ProgramRun[] = [];
  while (runs.length < rounds) runs.push(await run(place, words));
  return summed(runs);
}

function summed(runs: readonly ProgramRun[]): Cost {
  return {
    seconds: median(runs.map(({ durationMs }) => durationMs / 1000)),
    peakBytes: median(runs.map(({ peakRssBytes }) => peakRssBytes)),
  };
}

/** Alternately, so that other work of the machine affects both; the first round is a warm-up. */
async function measureDeep(
  place: Place,
  rounds: number,
): Promise<{ readonly deep: Cost; readonly sha256sumSeconds: number }> {
  const runs: ProgramRun[] = [];
  const others: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const seconds = await sha256sum(place);
    const ours = await run(place, ["verify", "--deep"]);
    if (round === 0) continue;
    others.push(seconds);
    runs.push(ours);
  }
  return { deep: summed(runs), sha256sumSeconds: median(others) };
}

async function run({ folder, sandbox }: Place, words: readonly string[]): Promise<ProgramRun> {
  const library = words[0] === "config" ? [] : ["-o", "library"];
  const ended = await startProgram([...words, ...library], {
    folder,
    env: { CIVITAI_API_KEY: sandbox.token, NO_COLOR: "1" },
    origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    isWatched: true,
  }).ended;
  const { code, stderr } = ended;
  if (code !== 0) throw new Error(`Cannot measure ${words.join(" ")}: exit code ${code}: ${stderr.slice(-500)}`);
  return ended;
}

async function sha256sum({ folder, paths }: Place): Promise<number> {
  const list = join(folder, "paths");
  await Deno.writeTextFile(list, paths.map((path) => `${path}\0`).join(""));
  const each = Math.max(1, Math.min(500, Math.ceil(paths.length / (8 * THREADS))));
  const start = performance.now();
  const args = ["-0", "-a", list, "-P", `${THREADS}`, "-n", `${each}`, "sha256sum"];
  const { success } = await new Deno.Command("xargs", { args, stdout: "null", stderr: "inherit" }).output();
  if (!success) throw new Error("Cannot measure sha256sum: it failed");
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
