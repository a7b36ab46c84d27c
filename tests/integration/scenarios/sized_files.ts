import { join } from "node:path";
import { HastyClock } from "../../../lib/base/mod.ts";
import {
  DEFAULT_CHOICE,
  download,
  type DownloadEvent,
  type Engine,
  openEngine,
  openLibrary,
  type PlanTarget,
  repairLibrary,
  type RepairSummary,
  verifyLibrary,
} from "../../../lib/downloader/mod.ts";
import { openCatalog } from "../../../lib/library/mod.ts";
import { type FileFact, parseToxic, type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { LineMemory, PROFILES, readJournal } from "../../../lib/transfer/mod.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";
import { startProgram } from "../../helpers/start_program.ts";
import { downloadWords } from "./download_words.ts";

/** The engines that are tried; only `turbo` may use several connections for a file. */
export type SizedEngine = "stable" | "parallel" | "turbo";

/** How a file is fetched. */
export interface FetchWay {
  readonly engine: SizedEngine;
  /** Faults of the sandbox while it is fetched; how often each resource was requested is counted anew. */
  readonly toxics?: readonly string[];
  /** Whether more connections are known to pay off, so that the pilot adds them at once. */
  readonly isCapped?: boolean;
  /** Interrupts the run, as Ctrl-C does, when the sandbox has sent so many bytes. */
  readonly stopAtBytes?: number;
  /** Whether files are flushed to disk. */
  readonly isDurable?: boolean;
}

/** What a run did. */
export interface FetchedFile {
  /** Bytes that the storage sent. */
  readonly sentBytes: number;
  /** Why bytes were thrown away, in order. */
  readonly restarts: readonly string[];
  /** Most connections at the same time. */
  readonly connections: number;
  /** Bytes of an earlier part that were kept. */
  readonly resumedBytes: number;
  /** Class of the failure of the file; `null` if it was fetched. */
  readonly failure: string | null;
  /** Number of responses with a fault. */
  readonly faults: number;
}

/** A sandbox with one file of each size, and an empty library for each case. */
export class SizedFiles implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #facts: ReadonlyMap<number, FileFact>;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#facts = new Map([...sandbox.facts()].map((fact) => [fact.sizeBytes, fact]));
  }

  /** Start the sandbox. */
  static async open(sizes: readonly number[]): Promise<SizedFiles> {
    const sandbox = await startSandbox({
      size: { creators: 1, modelsPerCreator: sizes.length },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      imagesPerVersion: { min: 0, max: 0 },
      galleryPerVersion: 0,
      fileSizes: sizes,
      outcomes: {},
      nastyNames: 0,
    });
    return new SizedFiles(sandbox);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox.close();
  }

  /** Fetch a file with the engine of the product, in this process. */
  fetch(folder: string, sizeBytes: number, way: FetchWay): Promise<FetchedFile> {
    return this.fetchAll(folder, [sizeBytes], way);
  }

  /** Fetch several files at the same time, if the engine does. */
  async fetchAll(folder: string, sizes: readonly number[], way: FetchWay): Promise<FetchedFile> {
    const stop = new AbortController();
    const { log } = this.#sandbox;
    this.#begin(way.toxics);
    const events: DownloadEvent[] = [];
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    using engine = this.#engine(library, way, (event) => {
      events.push(event);
      if (event.type === "bytes" && log.storageBytes >= (way.stopAtBytes ?? Infinity)) stop.abort(new Error("stopped"));
    });
    const lines = new LineMemory();
    if (way.isCapped) lines.recordVerdict(new URL(this.#sandbox.storageOrigin).host, "capped");
    await download({
      ...engine,
      line: { ...engine.line, lines },
      targets: sizes.map((sizeBytes) => this.#target(sizeBytes)),
      choice: { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 },
      command: "download",
      reserveBytes: 0,
      approve: () => Promise.resolve(true),
      signal: stop.signal,
    }).catch((error) => {
      if (error !== stop.signal.reason) throw error;
    });
    return this.#found(events);
  }

  /**
   * Start the program as a process of its own, and kill it when the sandbox has sent half of the file and the journal of
   * its part has a number of blocks.
   */
  async fetchAndKill(folder: string, sizeBytes: number, way: FetchWay, blocks = 0): Promise<void> {
    const { log, token, apiOrigin, storageOrigin } = this.#sandbox;
    this.#begin(way.toxics);
    const { modelId } = this.#fact(sizeBytes);
    const words = ["--engine", way.engine, "--no-images", "--previews", "0", "--gallery", "0", "--quiet"];
    const place = { apiOrigin, catalog: { creators: () => [] } };
    const run = startProgram([...downloadWords(place, words), `model:${modelId}`], {
      folder,
      env: { CIVITAI_API_KEY: token },
      origins: [apiOrigin, storageOrigin],
    });
    let hasEnded = false;
    const ended = run.ended.then((ending) => {
      hasEnded = true;
      return ending;
    });
    const isReached = async (): Promise<boolean> =>
      log.storageBytes >= sizeBytes / 2 &&
      (blocks === 0 || ((await readJournal(this.pathOf(folder, sizeBytes)))?.blocks.length ?? 0) >= blocks);
    while (!hasEnded && !await isReached()) await new Promise((wake) => setTimeout(wake, 2));
    if (hasEnded) throw new Error(`The program ended before it could be killed: ${(await ended).stderr}`);
    run.kill("SIGKILL");
    await ended;
    // A server notices a closed connection late; what it still sends must not count for the next run.
    while (this.#sandbox.openExchanges > 0) await new Promise((wake) => setTimeout(wake, 2));
  }

  /** Verify the library by its bytes, and repair what is broken. */
  async repair(folder: string, way: FetchWay): Promise<RepairSummary & { readonly sentBytes: number }> {
    this.#begin(way.toxics);
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    await verifyLibrary(library, { deep: true });
    using engine = this.#engine(library, way, () => {});
    const summary = await repairLibrary({ ...engine, signal: new AbortController().signal });
    return { ...summary, sentBytes: this.#sandbox.log.storageBytes };
  }

  /** Whether the file at its final name is the one that the sandbox offers; `null` if there is none. */
  async isRight(folder: string, sizeBytes: number): Promise<boolean | null> {
    try {
      return await sha256Of(this.pathOf(folder, sizeBytes)) === await this.#fact(sizeBytes).sha256();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  /** Final path of a file of the library. */
  pathOf(folder: string, sizeBytes: number): string {
    const { versionId, fileId } = this.#fact(sizeBytes);
    const library = join(folder, "library");
    using catalog = openCatalog(join(library, ".civitai-dl", "catalog.db"), { readOnly: true });
    return join(library, catalog.item(`file:${versionId}:${fileId}`)!.path);
  }

  #engine(
    library: Parameters<typeof openEngine>[0]["library"],
    { engine, isDurable = false }: FetchWay,
    onEvent: (event: DownloadEvent) => void,
  ): Engine {
    const { apiOrigin: baseUrl, token } = this.#sandbox;
    const rates = { modelRate: 0, imageRate: 0, downloadRate: 0 };
    return openEngine({
      library,
      profile: PROFILES[engine],
      client: { baseUrl, token, ...rates },
      durable: isDurable,
      // Faults are frequent, and their waits are not what is tried.
      clock: new HastyClock(50),
      env: () => undefined,
      onEvent,
    });
  }

  #begin(toxics: readonly string[] = []): void {
    this.#sandbox.setToxics(toxics.map((text) => parseToxic(text)));
    this.#sandbox.log.clear();
  }

  #found(events: readonly DownloadEvent[]): FetchedFile {
    const { log } = this.#sandbox;
    const end = events.findLast((event) => event.type === "end");
    return {
      sentBytes: log.storageBytes,
      restarts: events.flatMap((event) => event.type === "restart" ? [event.reason] : []),
      connections: Math.max(1, ...events.flatMap((event) => event.type === "connections" ? [event.count] : [])),
      resumedBytes: events.find((event) => event.type === "start")?.resumedBytes ?? 0,
      failure: end?.failure ?? null,
      faults: log.requests.filter(({ toxics }) => toxics.some((name) => name !== "bandwidth")).length,
    };
  }

  #target(sizeBytes: number): PlanTarget {
    return { type: "model", modelId: this.#fact(sizeBytes).modelId, versionId: null };
  }

  #fact(sizeBytes: number): FileFact {
    const fact = this.#facts.get(sizeBytes);
    if (fact === undefined) throw new RangeError(`The sandbox has no file of ${sizeBytes} bytes`);
    return fact;
  }
}
