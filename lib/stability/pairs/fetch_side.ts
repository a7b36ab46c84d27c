import { type ComparedItem, compareLibrary, listExpectedItems } from "../../comparison/mod.ts";
import { startSandbox } from "../../sandbox/mod.ts";
import type { ProfileName } from "../../transfer/mod.ts";
import { LIMIT_SHARE } from "../facts/silence_limits.ts";
import { untilQuiet } from "../facts/until_quiet.ts";
import type { StabilityAnswer } from "../stability_job.ts";
import type { StabilityWorker } from "../work/stability_worker.ts";
import { stabilityToxics, type ToxicLevel } from "../work/stability_toxics.ts";
import { ItemExchanges } from "./item_exchanges.ts";

/** What became of one item. */
export interface SideItem {
  /** Key of the item in the catalog. */
  readonly key: string;
  /** Class of the failure; `null` if its file is there, with the right bytes. */
  readonly failure: string | null;
  /** What the program, or the comparison with the source, says about the failure. */
  readonly message: string;
  /** Whether one of its answers had a fault; delays do not count. */
  readonly isHit: boolean;
  /**
   * For how long a request for it was open, in milliseconds, as the sandbox measures it; `null` if it was never
   * requested. Waits for a free connection do not count: with several files at once, they are part of the plan.
   */
  readonly ms: number | null;
}

/** What one profile made of a program of work. */
export interface Side {
  /** The items, in the order of the sandbox. */
  readonly items: readonly SideItem[];
  /** How long all took, in seconds. */
  readonly seconds: number;
}

/** Options of {@linkcode fetchSide}. */
export interface FetchSideOptions {
  /** Id of the job, and prefix of its request ids. */
  readonly id: string;
  /** Seed of catalog and faults. */
  readonly seed: number;
  /** The profile. */
  readonly engine: ProfileName;
  /** Level of the faults. */
  readonly level: ToxicLevel;
  /** Folder of the library, which does not exist yet. It is removed at the end. */
  readonly folder: string;
  /** The process under test; if it is lost, all that it has not fetched has failed. */
  readonly worker: StabilityWorker;
  /** Stops the job. */
  readonly signal: AbortSignal;
}

/** All limits for silence are a tenth in these runs, and so are the waits between attempts. */
const HASTE = 1 / LIMIT_SHARE;

/**
 * Let one profile do the program of work of a seed, in a new library and against a new sandbox: which answers have faults
 * depends only on the seed, the item, and how often it was requested before.
 *
 * @param options Seed, profile, faults, folder, process
 * @returns What became of each item
 * @throws The signal's reason
 */
export async function fetchSide(options: FetchSideOptions): Promise<Side> {
  const { id, seed, engine, level, folder, worker, signal } = options;
  const exchanges = new ItemExchanges();
  await using sandbox = await startSandbox({
    seed,
    size: { creators: 2, modelsPerCreator: 20 },
    outcomes: {},
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    galleryPerVersion: 0,
    imagesPerVersion: { min: 1, max: 2 },
    fileBytes: { min: 4096, max: 200_000 },
    fileSizes: [8 << 20],
    maxStorageConnections: 4,
    toxics: stabilityToxics(level, seed),
    onExchange: (exchange) => exchanges.record(exchange, performance.now()),
  });
  const expected = await listExpectedItems(sandbox);
  await Deno.mkdir(folder);
  try {
    const startMs = performance.now();
    const answer = await worker.do({
      id,
      kind: `download:${engine}`,
      engine,
      folder,
      apiOrigin: sandbox.apiOrigin,
      token: sandbox.token,
      silentMs: null,
      haste: HASTE,
      timeouts: "fixed",
      creators: [...sandbox.catalog.creators()].map(({ username }) => username),
    }, signal);
    const seconds = Math.round(performance.now() - startMs) / 1000;
    await untilQuiet(sandbox);
    const compared = await compareLibrary(folder, expected);
    return { items: compared.map((one) => judgeItem(one, { answer, exchanges })), seconds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function judgeItem(
  { item: { key, source, targets }, row, problem }: ComparedItem,
  { answer, exchanges }: { readonly answer: StabilityAnswer; readonly exchanges: ItemExchanges },
): SideItem {
  const facts = { key, ...exchanges.of(source) };
  if (problem === null) return { ...facts, failure: null, message: "" };
  if (row?.state === "done") return { ...facts, failure: "integrity", message: problem };
  const reason = answer.lost.find((item) => item.key === key) ??
    answer.problems.find(({ target }) => targets.includes(target)) ?? answer.stopped;
  return { ...facts, failure: reason?.failure ?? "missing", message: reason?.message ?? "missing without a failure" };
}
