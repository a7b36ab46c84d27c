import { join } from "node:path";
import { systemClock } from "../../base/mod.ts";
import { compareLibrary, listExpectedItems } from "../../comparison/mod.ts";
import { parseToxic, type Sandbox, startSandbox, type ToxicRule } from "../../sandbox/mod.ts";
import { peakOverlap } from "../../stats/mod.ts";
import { type RoundsPlace, type RoundsProgress, runRounds } from "../../soak/mod.ts";
import type { StabilityAnswer } from "../stability_job.ts";
import { StabilityWorker, type WorkerHost } from "../work/stability_worker.ts";
import { countFaults } from "../work/stability_toxics.ts";
import {
  CONCURRENCY_SCHEMA,
  type ConcurrencyReport,
  type ConcurrencyRound,
  type ConcurrencySettings,
  type Workforce,
} from "./concurrency_report.ts";
import { findBreaches } from "./find_breaches.ts";
import { explainReservation, judgeConcurrency } from "./judge_concurrency.ts";

/** Who works in each round: the first round is what the others are compared with. */
export const WORKFORCES: readonly Workforce[] = [
  { name: "1 worker", workers: 1, processes: 1 },
  { name: "2 workers", workers: 2, processes: 1 },
  { name: "4 workers", workers: 4, processes: 1 },
  { name: "8 workers", workers: 8, processes: 1 },
  { name: "2 processes", workers: 4, processes: 2 },
];

/** Maximum number of creators; each is a job of its own, so that processes take turns. */
const MAX_CREATORS = 10;
/** Minimum number of models of a creator: more than there are workers. */
const MIN_MODELS = 20;
/** Divisor of the waits between attempts. */
const HASTE = 20;
/** Time limit for a server that does not respond, in milliseconds; nothing is silent on purpose here. */
const SILENT_MS = 30_000;
/** Pause after each creator, so that the other process gets the library, in milliseconds. */
const PAUSE_MS = 500;
/** Longest wait for the other process, in milliseconds. */
const WAIT_MS = 600_000;
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
 * @param host Signal, commit, worker and display of the program
 * @param settings Size and seed
 * @param options The report, and who works; the first round must have one worker
 * @returns The report
 */
export async function runConcurrency(
  host: WorkerHost<RoundsProgress<ConcurrencyRound>>,
  settings: ConcurrencySettings,
  { workforces = WORKFORCES, ...place }: RunConcurrencyOptions,
): Promise<ConcurrencyReport> {
  let series: LibraryProblems | null = null;
  return await runRounds(host, {
    command: "concurrency-test",
    schema: CONCURRENCY_SCHEMA,
    settings,
    rounds: workforces.length,
    lanes: 1,
    judge: (rounds) => [judgeConcurrency(rounds)],
    factsOf: (rounds) => ({
      failures: rounds.flatMap(({ name, messages }) =>
        messages.map((text) => ({ kind: "other" as const, text: `${name}: ${text}` }))
      ).slice(0, MAX_LISTED),
      command: `deno task concurrency-test --models ${settings.models} --seed ${settings.seed}`,
    }),
    open: ({ folder }) =>
      Promise.resolve(async (round, { signal }) => {
        const workforce = workforces[round]!;
        host.display.log(`Run ${round + 1} of ${workforces.length}: ${workforce.name}`);
        const library = join(folder, String(round));
        const done = await doRound(host, { settings, workforce, library, series, signal });
        series ??= done.problems;
        const { facts, errors } = done;
        const found = { ...facts, round, errors: errors.length, messages: errors.slice(0, MAX_LISTED) };
        host.display.log(describeRound(found));
        return found;
      }),
  }, { ...place, isResumed: false, workFolder: undefined });
}

/** Options of {@linkcode runConcurrency}. */
export interface RunConcurrencyOptions extends Pick<RoundsPlace, "path"> {
  /**
   * Who works in each round.
   *
   * @default {WORKFORCES}
   */
  readonly workforces?: readonly Workforce[] | undefined;
}

/** What is wrong in a library after a round: with each item, by its key, or what failed without one. */
type LibraryProblems = ReadonlyMap<string, string | null>;

interface RoundOptions {
  readonly settings: ConcurrencySettings;
  readonly workforce: Workforce;
  /** The library, which does not exist yet. */
  readonly library: string;
  /** What is wrong after the round with one worker; `null` for that round itself. */
  readonly series: LibraryProblems | null;
  readonly signal: AbortSignal;
}

interface RoundResult {
  readonly facts: Omit<ConcurrencyRound, "round" | "errors" | "messages">;
  readonly problems: LibraryProblems;
  /** Errors of concurrency, as text. */
  readonly errors: readonly string[];
}

async function doRound(host: WorkerHost<never>, options: RoundOptions): Promise<RoundResult> {
  const { settings: { models, seed }, workforce, library, series, signal } = options;
  const { workers } = workforce;
  const startedMs = performance.now();
  const creators = Math.min(MAX_CREATORS, Math.floor(models / MIN_MODELS));
  const faulty = new Set<string>();
  // A new sandbox counts the requests for each file anew, so that the same ones are faulty in every round.
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
    onExchange: ({ id, toxics }) => void (id !== null && countFaults(toxics) > 0 && faulty.add(id)),
  });
  await Deno.mkdir(library);
  const answers = await workTogether(host, { sandbox, workforce, library, signal });
  const problems = await findProblems(library, sandbox, answers.flat());
  const transfers = answers.flat().flatMap(({ sent }) => sent)
    .flatMap(({ transfer, ...one }) => transfer === null ? [] : [{ ...one, ...transfer }]);
  const crowded = sandbox.log.violations.filter(({ type }) => type === "tooManyConnections");
  const breaches = findBreaches(transfers, faulty);
  const errors = [
    ...series === null ? [] : findNewProblems(series, problems),
    ...breaches.map(({ rule, resource, message }) => `${rule} of ${resource}: ${message}`),
    ...crowded.map(({ path }) => `more than ${workers} connections: ${path}`),
  ];
  const facts = {
    ...workforce,
    files: [...sandbox.facts()].filter(({ creator }) => creator !== null).length,
    failed: [...problems.values()].filter((problem) => problem !== null).length,
    peak: peakOverlap(transfers.map(({ startedMs: start, endedMs: end }) => ({ start, end }))),
    waits: answers.flat().reduce((sum, { waits }) => sum + waits, 0),
    shares: answers.map((all) => all.reduce((sum, { done }) => sum + done, 0)),
    requests: transfers.length,
    faults: transfers.filter(({ id }) => faulty.has(id)).length,
    seconds: Math.round(performance.now() - startedMs) / 1000,
  };
  await Deno.remove(library, { recursive: true });
  return { facts: { ...facts, reservation: explainReservation(facts) }, problems, errors };
}

/**
 * Let all processes of a round work at the same time, creator by creator; every second one begins with the last.
 *
 * @returns The answers of each process
 */
async function workTogether(
  host: WorkerHost<never>,
  { sandbox, workforce, library, signal }: Pick<RoundOptions, "workforce" | "library" | "signal"> & {
    readonly sandbox: Sandbox;
  },
): Promise<readonly (readonly StabilityAnswer[])[]> {
  const { apiOrigin, storageOrigin, token } = sandbox;
  const creators = [...sandbox.catalog.creators()].map(({ username }) => username);
  const { workers, processes } = workforce;
  const work = async (index: number): Promise<readonly StabilityAnswer[]> => {
    await using worker = new StabilityWorker(host, { folder: library, origins: [apiOrigin, storageOrigin] });
    const answers: StabilityAnswer[] = [];
    for (const [turn, creator] of (index % 2 === 0 ? creators : creators.toReversed()).entries()) {
      const answer = await worker.do({
        id: `p${index}-${turn}`,
        kind: "download:turbo",
        engine: "turbo",
        folder: library,
        apiOrigin,
        token,
        silentMs: SILENT_MS,
        haste: HASTE,
        timeouts: "fixed",
        creators: [creator],
        onlyFiles: true,
        // The profile has no more than four connections; this test also tries what a later one may have.
        connections: workers,
        libraryWaitMs: WAIT_MS,
      }, signal);
      answers.push(answer);
      if (processes > 1) await systemClock.sleep(PAUSE_MS, { signal });
    }
    return answers;
  };
  return await Promise.all(Array.from({ length: processes }, (_, index) => work(index)));
}

/** Compare the library with the sandbox, and add what failed without an item. */
async function findProblems(
  library: string,
  sandbox: Sandbox,
  answers: readonly StabilityAnswer[],
): Promise<LibraryProblems> {
  const problems = new Map<string, string | null>(answers.flatMap(({ lost, problems, stopped }) => [
    ...lost.map(({ key, path, message }) => [key, `${path}: ${message}`] as const),
    ...problems.map(({ target, message }) => [target, message] as const),
    ...stopped === null ? [] : [["stopped", stopped.message] as const],
  ]));
  for (const { item: { key }, row, problem } of await compareLibrary(library, await listExpectedItems(sandbox))) {
    problems.set(key, row?.state === "done" ? problem : problems.get(key) ?? problem);
  }
  return problems;
}

/** What is wrong after this round, but not after that with one worker. */
function findNewProblems(series: LibraryProblems, problems: LibraryProblems): readonly string[] {
  return [...problems].flatMap(([key, problem]) => {
    const isNew = problem !== null && (series.get(key) ?? null) === null;
    return isNew ? [`${key}: ${problem}`] : [];
  });
}

function describeRound(
  { name, files, failed, errors, peak, waits, faults, seconds, processes }: ConcurrencyRound,
): string {
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
