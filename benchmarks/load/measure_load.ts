import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { type MeasuredProcess, measureProcess } from "../../lib/bench/mod.ts";
import { compareLibrary, type ExpectedItem, listExpectedItems } from "../../lib/comparison/mod.ts";
import { type RoundsPlace, type RunHost, runRounds } from "../../lib/soak/mod.ts";
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
import { judgeLoad } from "./judge_load.ts";
import { type LoadLibrary, openLoadLibrary } from "./load_library.ts";
import type { LoadProgress } from "./load_progress.ts";
import { LOAD_SCHEMA, type LoadReport, type LoadRun, type LoadSettings } from "./load_report.ts";

/** Room beside the library: what nginx serves, and what the system needs. */
const SPARE_BYTES = 3e9;
const MAX_MESSAGES = 5;

/**
 * Fetch a large library several times with the real program, from a real nginx, each time into an empty folder, and
 * compare every file with its source.
 *
 * @throws {KitError} `inconclusive` without nginx, `unsafe` if too little disk space is free
 */
export async function measureLoad(
  host: RunHost<LoadProgress>,
  settings: LoadSettings,
  place: RoundsPlace,
): Promise<LoadReport> {
  const tools = await findTools();
  tools.need("nginx");
  let latest: LoadProgress = { planned: settings.runs, done: [], files: 0, requested: 0, step: "preparing", runMs: 0 };
  const report = (changes: Partial<LoadProgress>): void => host.onProgress(latest = { ...latest, ...changes });
  return await runRounds({ ...host, onProgress: report }, {
    command: "load-test",
    schema: LOAD_SCHEMA,
    settings,
    rounds: settings.runs,
    lanes: 1,
    neededBytes: 1.1 * settings.bytes + SPARE_BYTES,
    judge: judgeLoad,
    factsOf: () => ({ nginx: tools.versions.nginx ?? "" }),
    async open({ folder, stack, signal }) {
      const root = join(folder, "files");
      await ensureDir(root);
      const server = stack.use(await startWebServer({ tools, folder }, { root }));
      const onLink = (): void => report({ requested: latest.requested + 1 });
      const library = stack.use(await openLoadLibrary(settings, { storageOrigin: server.origin, onLink }));
      await library.sandbox.exportFiles(root, library.facts.map(({ fileId }) => fileId));
      const expected = await listExpectedItems(library.sandbox);
      signal.throwIfAborted();
      report({ files: expected.length });
      const options = { library, expected, server, folder, signal, report };
      // The first start in a checkout compiles its modules, and takes 20 MB that no later one needs.
      await startProgram(options, ["--dry-run"]);
      return (round) => measureRun(round, options);
    },
  }, place);
}

interface RunOptions {
  readonly library: LoadLibrary;
  readonly expected: readonly ExpectedItem[];
  readonly server: WebServer;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly report: (changes: Partial<LoadProgress>) => void;
}

async function measureRun(round: number, options: RunOptions): Promise<LoadRun> {
  const { library: { bytes }, expected, server, folder, signal, report } = options;
  await server.takeRequests();
  const startMs = performance.now();
  report({ requested: 0, step: "fetching", runMs: 0 });
  const timer = setInterval(() => report({ runMs: performance.now() - startMs }), 1000);
  try {
    const measured = await startProgram(options);
    signal.throwIfAborted();
    report({ step: "comparing" });
    const sent = await server.takeRequests();
    const compared = await compareLibrary(join(folder, "library"), expected, { signal });
    const wrong = compared.flatMap(({ problem }) => problem === null ? [] : [problem]);
    const { code, seconds, cpuSeconds, peakRssBytes, stderr } = measured;
    const errors = code === 0 ? [] : stderr.trim().split("\n").slice(-MAX_MESSAGES);
    return {
      round,
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
