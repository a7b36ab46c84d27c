import { type Client, createClient } from "../../../lib/civitai/mod.ts";
import {
  type Choice,
  DEFAULT_CHOICE,
  download,
  type DownloadEvent,
  type DownloadOptions,
  type DownloadResult,
  type FetchOptions,
  type Library,
  PlanReport,
  type PlanTarget,
  planTargets,
  ServiceWatch,
  type SettledPlanning,
} from "../../../lib/downloader/mod.ts";
import type { SettledFetch } from "../../../lib/downloader/settled_fetch.ts";
import { type CatalogItem, readForgotten } from "../../../lib/library/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../lib/sandbox/mod.ts";
import { createFetchTransport, HashPool } from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { type ChosenOptions, fetchContext, fetchOptions } from "./fetch_options.ts";
import { type LibraryPlace, withLibrary } from "./kept_library.ts";

/** One creator with three models of one small file each, without faults. */
export const PLAIN: SandboxOptions = {
  size: { creators: 1, modelsPerCreator: 3 },
  versionsPerModel: { min: 1, max: 1 },
  filesPerVersion: { min: 1, max: 1 },
  imagesPerVersion: { min: 0, max: 0 },
  galleryPerVersion: 0,
  fileBytes: { min: 1024, max: 4096 },
  requireLogin: 0,
  outcomes: {},
  nastyNames: 0,
};

/** A choice without images. */
export const NO_IMAGES: Choice = { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 };

/** What a test chooses of a run and of its line. */
export type RunChanges = Partial<ChosenOptions>;

/** A library, a sandbox to fill it from, and the means to do so. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly library: Library;
  readonly client: Client;
  readonly clock: FakeClock;
  /** Options of a run. */
  options(changes?: RunChanges): FetchOptions;
  /** Context to fetch a single item. */
  readonly context: SettledFetch;
  readonly events: DownloadEvent[];
  /** All models of the sandbox. */
  readonly everything: readonly PlanTarget[];
  planContext(changes?: Partial<SettledPlanning>): SettledPlanning;
  plan(targets?: readonly PlanTarget[], choice?: Choice): Promise<SettledPlanning>;
  /** The planned file of the first model. */
  firstItem(): CatalogItem;
  download(changes?: RunChanges & Partial<DownloadOptions>): Promise<DownloadResult>;
}

/** Run a story on a new bench. */
export function withBench(
  options: SandboxOptions,
  story: (bench: Bench) => Promise<void>,
  place: LibraryPlace = {},
): Promise<void> {
  return withLibrary(async (library) => {
    await using sandbox = await startSandbox({ ...PLAIN, ...options });
    using transport = createFetchTransport();
    using hashers = new HashPool();
    const clock = new FakeClock(Date.now());
    const { apiOrigin: baseUrl, token } = sandbox;
    const rates = { modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity };
    const client = createClient({ baseUrl, token, clock, ...rates });
    const events: DownloadEvent[] = [];
    const onEvent = (event: DownloadEvent): void => void events.push(event);
    const common = { library, client, clock, onEvent, transport: transport.send, hashers };
    const runOptions: Bench["options"] = (changes = {}) => fetchOptions({ ...common, ...changes });
    const everything = [...sandbox.catalog.models()].map((model): PlanTarget => (
      { type: "model", modelId: model.id, versionId: null }
    ));
    const planContext: Bench["planContext"] = (changes = {}) => {
      const runId = library.catalog.startRun({ command: "test", engine: "stable", targets: null });
      const service = new ServiceWatch(changes.client ?? client);
      return {
        ...runOptions(),
        choice: NO_IMAGES,
        forgotten: readForgotten(library.catalog),
        runId,
        report: new PlanReport(),
        service,
        retries: undefined,
        concurrency: 1,
        pace: undefined,
        ...changes,
      };
    };
    await story({
      sandbox,
      library,
      client,
      clock,
      events,
      everything,
      planContext,
      options: runOptions,
      context: fetchContext(common),
      async plan(targets = everything, choice = NO_IMAGES) {
        const context = planContext({ choice });
        await planTargets(context, targets);
        return context;
      },
      firstItem: () => library.catalog.items({ kinds: ["file"] }).next().value as CatalogItem,
      download: (changes = {}) =>
        download({
          ...runOptions(changes),
          targets: everything,
          choice: NO_IMAGES,
          command: "download",
          reserveBytes: 0,
          approve: () => Promise.resolve(true),
          ...changes,
        }),
    });
  }, place);
}

/** Count the items by outcome. */
export function outcomesOf(events: readonly DownloadEvent[]): Readonly<Record<string, number>> {
  const ends = events.filter((event) => event.type === "end");
  return Object.fromEntries([...Map.groupBy(ends, (event) => event.outcome)].map(([name, all]) => [name, all.length]));
}
