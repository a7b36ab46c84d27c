import { join, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import {
  type EvidenceCommit,
  formatSize,
  freeSpace,
  KitError,
  thisMachine,
  thisProgram,
  writeAtomic,
} from "../../lib/base/mod.ts";
import { type MeasuredProcess, measureProcess } from "../../lib/bench/mod.ts";
import { compareLibrary, type ExpectedItem, listExpectedItems } from "../../lib/stability/mod.ts";
import {
  findTools,
  programEnv,
  programWords,
  QUIET_WORDS,
  removeLibrary,
  startWebServer,
  userWords,
  type WebServer,
} from "../peers/mod.ts";
import { judgeLoad, verdictOfLoad } from "./judge_load.ts";
import { type LoadLibrary, openLoadLibrary } from "./load_library.ts";
import type { LoadProgress } from "./load_progress.ts";
import { LOAD_SCHEMA, type LoadEnd, type LoadReport, type LoadRun, type LoadSettings } from "./load_report.ts";

/** What a test needs from the program that starts it. */
export interface LoadHost {
  /** Signal that ends the test early; its report then has the runs that ended. */
  readonly signal: AbortSignal;
  /** The commit under test, for the report. */
  readonly commit: EvidenceCommit;
  /** Receives how far the test is. */
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Where a test keeps its report and its files. */
export interface LoadPlace {
  /** Path of the report. */
  readonly path: string;
  /** Folder with room for the library, in which a temporary folder is made. */
  readonly workFolder: string;
  /** The report of the test that is continued; `null` for a new one. */
  readonly before: LoadReport | null;
}

/** Room beside the library: what nginx serves, and what the system needs. */
const SPARE_BYTES = 3e9;
const MAX_MESSAGES = 5;

/**
 * Fetch a large library several times with the real program, from a real nginx, each time into an empty folder, compare
 * every file with its source, and write the report after each run.
 *
 * @param host Signal, commit, progress
 * @param settings The library and the number of runs
 * @param place Report and folder
 * @returns The report
 * @throws {KitError} `inconclusive` without nginx, `unsafe` if too little disk space is free
 */
export async function measureLoad(host: LoadHost, settings: LoadSettings, place: LoadPlace): Promise<LoadReport> {
  const startedMs = performance.now();
  const tools = await findTools();
  tools.need("nginx");
  const parent = resolve(place.workFolder);
  await ensureDir(parent);
  await assertSpace(parent, settings.bytes);
  const folder = await Deno.makeTempDir({ dir: parent, prefix: "civitai-dl-load-" });
  const runs = [...place.before?.runs ?? []];
  const write = async (end: LoadEnd): Promise<LoadReport> => {
    const report = reportOf(runs, { host, settings, end, before: place.before, startedMs });
    const measured = { ...report, nginx: tools.versions.nginx ?? "" };
    await writeAtomic(place.path, `${JSON.stringify(measured, null, 2)}\n`);
    return measured;
  };
  try {
    const root = join(folder, "files");
    await ensureDir(root);
    const state: LoadState = { requested: 0 };
    await using server = await startWebServer({ tools, folder }, { root });
    await using library = await openLoadLibrary(settings, {
      storageOrigin: server.origin,
      onLink: () => void state.requested++,
    });
    const tell = (step: LoadProgress["step"], runMs: number) =>
      host.onProgress({
        planned: settings.runs,
        done: runs,
        files: library.facts.length,
        requested: state.requested,
        step,
        runMs,
      });
    tell("preparing", 0);
    await library.sandbox.exportFiles(root, library.facts.map(({ fileId }) => fileId));
    const expected = await listExpectedItems(library.sandbox);
    host.signal.throwIfAborted();
    // The first start in a checkout compiles its modules, and takes 20 MB that no later one needs.
    if (runs.length < settings.runs) await startProgram({ library, folder, signal: host.signal }, ["--dry-run"]);
    while (runs.length < settings.runs) {
      state.requested = 0;
      runs.push(await measureRun(runs.length, { library, expected, server, folder, signal: host.signal, tell }));
      await write({ type: "running" });
    }
  } catch (error) {
    if (!host.signal.aborted) throw error;
    return await write({ type: "signal", reason: String(host.signal.reason) });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return await write({ type: "planned" });
}

async function assertSpace(parent: string, bytes: number): Promise<void> {
  const free = await freeSpace(parent);
  const needed = 1.1 * bytes + SPARE_BYTES;
  if (free >= needed) return;
  throw new KitError(
    "unsafe",
    `Cannot begin: ${formatSize(free)} are free in "${parent}", ${formatSize(needed)} wanted`,
    {
      hint: "Free some space, or give another --work-folder",
    },
  );
}

interface LoadState {
  /** Links that the program has requested in the run under way. */
  requested: number;
}

interface RunOptions {
  readonly library: LoadLibrary;
  readonly expected: readonly ExpectedItem[];
  readonly server: WebServer;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: (step: LoadProgress["step"], runMs: number) => void;
}

async function measureRun(run: number, options: RunOptions): Promise<LoadRun> {
  const { library: { bytes }, expected, server, folder, signal, tell } = options;
  await server.takeRequests();
  const startMs = performance.now();
  const timer = setInterval(() => tell("fetching", performance.now() - startMs), 1000);
  try {
    const measured = await startProgram(options);
    signal.throwIfAborted();
    clearInterval(timer);
    tell("comparing", performance.now() - startMs);
    const sent = await server.takeRequests();
    const compared = await compareLibrary(join(folder, "library"), expected, { signal });
    const wrong = compared.flatMap(({ problem }) => problem === null ? [] : [problem]);
    const { code, seconds, cpuSeconds, peakRssBytes, stderr } = measured;
    const errors = code === 0 ? [] : stderr.trim().split("\n").slice(-MAX_MESSAGES);
    return {
      run,
      files: expected.length,
      right: expected.length - wrong.length,
      bytes,
      sentBytes: sent.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
      seconds,
      cpuSeconds,
      peakRssBytes,
      code,
      messages: [...errors, ...wrong].slice(0, MAX_MESSAGES),
    };
  } finally {
    clearInterval(timer);
    await removeLibrary(folder);
  }
}

/** Fetch the library with the real program. */
function startProgram(
  { library: { sandbox, bytes }, folder, signal }: Pick<RunOptions, "library" | "folder" | "signal">,
  words: readonly string[] = [],
): Promise<MeasuredProcess> {
  const command = [...programWords("scripts/download.ts"), "--base-url", sandbox.apiOrigin, ...QUIET_WORDS];
  return measureProcess([...command, ...userWords(sandbox), ...words], {
    cwd: folder,
    env: { ...programEnv(folder), CIVITAI_API_KEY: sandbox.token },
    bytes,
    signal,
  });
}

interface ReportOptions {
  readonly host: LoadHost;
  readonly settings: LoadSettings;
  readonly end: LoadEnd;
  readonly before: LoadReport | null;
  readonly startedMs: number;
}

function reportOf(runs: readonly LoadRun[], options: ReportOptions): Omit<LoadReport, "nginx"> {
  const { host, settings, end, before, startedMs } = options;
  const claims = judgeLoad(runs);
  const ms = Math.round(performance.now() - startedMs);
  return {
    schema: LOAD_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit: host.commit,
    machine: thisMachine(),
    seed: settings.seed,
    startedAt: before?.startedAt ?? new Date(Date.now() - ms).toISOString(),
    endedAt: new Date().toISOString(),
    plannedMs: 0,
    actualMs: (before?.actualMs ?? 0) + ms,
    verdict: end.type === "planned" ? verdictOfLoad(claims) : end.type === "signal" ? "aborted" : "inconclusive",
    end,
    settings,
    claims,
    runs: [...runs],
  };
}
