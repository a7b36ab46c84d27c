import { join } from "node:path";
import { type EvidenceCommit, thisMachine, thisProgram } from "../../base/mod.ts";
import { parseToxic, type Sandbox, startSandbox, type ToxicRule } from "../../sandbox/mod.ts";
import { SilenceWatch, WatchedProcess } from "../../soak/mod.ts";
import { compareLibrary } from "../facts/compare_library.ts";
import { type ExpectedItem, listExpectedItems } from "../facts/expected_items.ts";
import type { ConcurrencyAnswer } from "./concurrency_job.ts";
import {
  CONCURRENCY_SCHEMA,
  type ConcurrencyReport,
  type ConcurrencyRound,
  type ConcurrencyRun,
  type ConcurrencySettings,
} from "./concurrency_report.ts";
import { findBreaches, isFaulty } from "./find_breaches.ts";
import { explainReservation, judgeConcurrency } from "./judge_concurrency.ts";
import { peakTransfers } from "./peak_transfers.ts";

/** The functions and data that a test needs from the program that starts it. */
export interface ConcurrencyHost {
  /** Signal that ends the test early; the report then contains the runs up to that time. */
  readonly signal: AbortSignal;
  /** The commit under test, for the report. */
  readonly commit: EvidenceCommit;
  /** Creates the command of a process under test, which may only write to `folder` and connect to `origins`. */
  readonly workerCommand: (
    place: { readonly folder: string; readonly origins: readonly string[] },
  ) => Deno.Command;
  /** Receives a line at the start and at the end of each run. */
  readonly onProgress: (text: string) => void;
}

/** The runs: the first is what the others are compared with. */
export const CONCURRENCY_ROUNDS: readonly ConcurrencyRound[] = [
  { name: "1 worker", workers: 1, processes: 1 },
  { name: "2 workers", workers: 2, processes: 1 },
  { name: "4 workers", workers: 4, processes: 1 },
  { name: "8 workers", workers: 8, processes: 1 },
  { name: "2 processes", workers: 4, processes: 2 },
];

/** Maximum number of creators; each is a run of its own, so that processes take turns. */
const MAX_CREATORS = 10;
/** Minimum number of models of a creator: more than there are workers. */
const MIN_MODELS = 20;
/** Divisor of the waits between attempts. */
const HASTE = 20;
/** Pause after each creator, so that the other process gets the library, in milliseconds. */
const PAUSE_MS = 500;
/** Maximum number of failures that the report lists. */
const MAX_LISTED = 20;

/** Faults that the program recovers from. About one request in seven is hit, the same ones in every run. */
const TOXICS: readonly string[] = [
  ...["latency:4ms,rate=0.3", "jitter:8ms,rate=0.3", "reset,rate=0.03"],
  ...["truncate,rate=0.02", "corrupt,rate=0.02", "serverError,rate=0.02"],
  ...["throttle,rate=0.003", "expiredUrl,rate=0.02", "wrongRange,rate=0.02", "changedEtag,rate=0.02"],
];

/**
 * Do one program of work with 1, 2, 4 and 8 workers and with two processes on one library, each with the same seed and
 * the same faults, and count what only fails if several things happen at the same time.
 *
 * @param host Signal, commit and worker of the program
 * @param settings Size and seed
 * @param rounds The runs; the first must have one worker
 * @returns The report
 */
export async function runConcurrency(
  host: ConcurrencyHost,
  settings: ConcurrencySettings,
  rounds: readonly ConcurrencyRound[] = CONCURRENCY_ROUNDS,
): Promise<ConcurrencyReport> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-concurrency-" });
  const runs: ConcurrencyRun[] = [];
  const failures: string[] = [];
  let series: LibraryState | null = null;
  try {
    for (const [index, round] of rounds.entries()) {
      host.onProgress(`Run ${index + 1} of ${rounds.length}: ${round.name}`);
      const done = await doRound(host, { settings, round, folder: join(folder, String(index)), series });
      series ??= done.state;
      runs.push(done.run);
      failures.push(...done.errors.map((text) => `${round.name}: ${text}`));
      host.onProgress(describeRun(done.run));
    }
  } catch (error) {
    if (!host.signal.aborted) throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const claims = [judgeConcurrency(runs)];
  const isAborted = host.signal.aborted;
  return {
    schema: CONCURRENCY_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit: host.commit,
    machine: thisMachine(),
    seed: settings.seed,
    startedAt,
    endedAt: new Date().toISOString(),
    plannedMs: 0,
    actualMs: Math.round(performance.now() - startedMs),
    verdict: isAborted ? "aborted" : claims[0]!.verdict,
    end: isAborted ? { type: "signal", reason: String(host.signal.reason) } : { type: "planned" },
    settings,
    claims,
    runs,
    failures: failures.slice(0, MAX_LISTED),
    command: `deno task concurrency-test --models ${settings.models} --seed ${settings.seed}`,
  };
}

/** What is wrong in a library after a run: of each item, by its key, or of what failed without one. */
type LibraryState = ReadonlyMap<string, string | null>;

interface RoundOptions {
  readonly settings: ConcurrencySettings;
  readonly round: ConcurrencyRound;
  readonly folder: string;
  /** The library after the run with one worker; `null` for that run itself. */
  readonly series: LibraryState | null;
}

interface RoundResult {
  readonly run: ConcurrencyRun;
  readonly state: LibraryState;
  /** Errors of concurrency, as text. */
  readonly errors: readonly string[];
}

async function doRound(host: ConcurrencyHost, options: RoundOptions): Promise<RoundResult> {
  const { settings: { models, seed }, round, folder, series } = options;
  const { workers } = round;
  const startedMs = performance.now();
  const creators = Math.min(MAX_CREATORS, Math.floor(models / MIN_MODELS));
  const faults = new Set<string>();
  // A new sandbox counts the requests for each file anew, so that the same ones are faulty in every run.
  await using sandbox = await startSandbox({
    seed,
    size: { creators, modelsPerCreator: Math.ceil(models / creators) },
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    galleryPerVersion: 0,
    fileBytes: { min: 1024, max: 8192 },
    maxStorageConnections: workers,
    toxics: TOXICS.map((text): ToxicRule => ({ ...parseToxic(text), seed })),
    onExchange: ({ id, toxics }) => void (id !== null && isFaulty(toxics) && faults.add(id)),
  });
  await Deno.mkdir(folder);
  const answers = await workTogether(host, { sandbox, round, folder });
  const expected = await listExpectedItems(sandbox);
  const state = await readLibrary(folder, expected, answers);
  const transfers = answers.flatMap((answer) => answer.transfers);
  const crowded = sandbox.log.violations.filter(({ type }) => type === "tooManyConnections");
  const breaches = findBreaches(transfers, faults);
  const errors = [
    ...series === null ? [] : findNewFailures(series, state),
    ...breaches.map(({ rule, resource, message }) => `${rule} of ${resource}: ${message}`),
    ...crowded.map(({ path }) => `more than ${workers} connections: ${path}`),
  ];
  const facts = {
    ...round,
    files: expected.length,
    failed: [...state.values()].filter((problem) => problem !== null).length,
    peak: peakTransfers(transfers),
    waits: answers.reduce((sum, { waits }) => sum + waits, 0),
    shares: answers.map(({ done }) => done),
    requests: transfers.length,
    faults: faults.size,
    seconds: Math.round(performance.now() - startedMs) / 1000,
  };
  await Deno.remove(folder, { recursive: true });
  return { run: { ...facts, errors: errors.length, reservation: explainReservation(facts) }, state, errors };
}

/** Let all processes of a round work at the same time; every second one goes through the creators backwards. */
async function workTogether(
  host: ConcurrencyHost,
  { sandbox, round, folder }: { readonly sandbox: Sandbox } & Pick<RoundOptions, "round" | "folder">,
): Promise<readonly ConcurrencyAnswer[]> {
  const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
  const creators = [...sandbox.catalog.creators()].map(({ username }) => username);
  const { apiOrigin, token } = sandbox;
  const work = async (index: number): Promise<ConcurrencyAnswer> => {
    const id = `p${index}`;
    const order = index % 2 === 0 ? creators : creators.toReversed();
    await using child = new WatchedProcess({ command: () => host.workerCommand({ folder, origins }) });
    using watch = new SilenceWatch({ name: id, signal: host.signal });
    const pauseMs = round.processes > 1 ? PAUSE_MS : 0;
    const job = { id, folder, apiOrigin, token, creators: order, workers: round.workers, haste: HASTE, pauseMs };
    try {
      return await child.work(job, { signal: watch.signal, beat: watch.beat }) as ConcurrencyAnswer;
    } catch (error) {
      host.signal.throwIfAborted();
      // What it has not fetched is missing in the library.
      const message = error instanceof Error ? error.message : String(error);
      return { failures: { [id]: `process ${id}: ${message}` }, done: 0, waits: 0, transfers: [] };
    }
  };
  return await Promise.all(Array.from({ length: round.processes }, (_, index) => work(index)));
}

/** Compare the library with the sandbox, and add what failed without an item. */
async function readLibrary(
  folder: string,
  expected: readonly ExpectedItem[],
  answers: readonly ConcurrencyAnswer[],
): Promise<LibraryState> {
  const failures = new Map(answers.flatMap((answer) => Object.entries(answer.failures)));
  const state = new Map<string, string | null>(failures);
  for (const { item: { key }, row, problem } of await compareLibrary(folder, expected)) {
    state.set(key, row?.state === "done" ? problem : failures.get(key) ?? problem);
  }
  return state;
}

/** What is wrong after this run, but not after the run with one worker. */
function findNewFailures(series: LibraryState, state: LibraryState): readonly string[] {
  return [...state].flatMap(([key, problem]) => {
    const isNew = problem !== null && (series.get(key) ?? null) === null;
    return isNew ? [`${key}: ${problem}`] : [];
  });
}

function describeRun({ name, files, failed, errors, peak, waits, faults, seconds, processes }: ConcurrencyRun): string {
  const parts = [
    `${files} files in ${seconds.toFixed(0)} s`,
    `${failed} failed`,
    `${errors} errors of concurrency`,
    `${faults} faults`,
    `at most ${peak} at once`,
    ...processes > 1 ? [`${waits} waits for the other process`] : [],
  ];
  return `${name}: ${parts.join(", ")}`;
}
