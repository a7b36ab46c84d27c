import { createHash } from "node:crypto";
import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { openCatalog } from "../library/mod.ts";
import { type Sandbox, type SandboxExchange, startSandbox, type ToxicRule } from "../sandbox/mod.ts";
import { reconcile, type SoakContext, type SoakJob, type SoakResult, WRONG_BYTES } from "../soak/mod.ts";
import type { StabilityAnswer, StabilityJob, StabilityKind } from "./stability_job.ts";
import { countFaults } from "./stability_toxics.ts";

/** Options of {@linkcode StabilityLane.open}. */
export interface StabilityLaneOptions {
  /** Number of the lane, from 0. */
  readonly lane: number;
  /** Folder of its libraries. */
  readonly folder: string;
  /** Seed of the run. */
  readonly seed: number;
  /** Returns the faults of a job for its seed. */
  readonly toxics: (seed: number) => readonly ToxicRule[];
  /**
   * Time limit for a server that does not respond, in milliseconds. It is short because the faults are intended, and an
   * hour should contain many of them.
   *
   * @default {5000}
   */
  readonly silentMs?: number | undefined;
  /** Called with each exchange of the sandbox. */
  readonly onExchange?: ((exchange: SandboxExchange) => void) | undefined;
  /** Passes a job to the process under test. */
  readonly hand: (job: StabilityJob, context: SoakContext) => Promise<StabilityAnswer>;
}

/** Maximum time that the server needs to notice closed connections, in milliseconds. */
const QUIET_MS = 5000;
const KEPT_IDS = 2000;
const KEPT_JOBS = 100;

/**
 * A sandbox and a library for one job at a time. The job is done and then checked, so that the server's count belongs
 * exactly to that job, to the last byte.
 */
export class StabilityLane implements AsyncDisposable {
  readonly #options: StabilityLaneOptions;
  readonly #sandbox: Sandbox;
  readonly #served: SandboxExchange[];
  readonly #creators: readonly string[];
  /** Ids of incomplete requests of earlier jobs, which the server may report late. */
  #broken: string[] = [];
  /** Id prefixes of earlier jobs without a result: it is unknown which of their requests were incomplete. */
  #silent: string[] = [];
  #library = "";
  #violations = 0;

  private constructor(options: StabilityLaneOptions, sandbox: Sandbox, served: SandboxExchange[]) {
    this.#options = options;
    this.#sandbox = sandbox;
    this.#served = served;
    this.#creators = [...sandbox.catalog.creators()].map((creator) => creator.username);
  }

  /** Start the sandbox of a lane. */
  static async open(options: StabilityLaneOptions): Promise<StabilityLane> {
    const served: SandboxExchange[] = [];
    const recordExchange = (exchange: SandboxExchange): void => {
      served.push(exchange);
      options.onExchange?.(exchange);
    };
    const sandbox = await startSandbox({
      seed: options.seed + options.lane,
      size: { creators: 2, modelsPerCreator: 5 },
      outcomes: {},
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      galleryPerVersion: 1,
      imagesPerVersion: { min: 0, max: 1 },
      fileBytes: { min: 4096, max: 500_000 },
      fileSizes: [12 << 20],
      maxStorageConnections: 4,
      onExchange: recordExchange,
    });
    for (const fact of sandbox.facts()) await fact.sha256();
    await ensureDir(options.folder);
    return new StabilityLane(options, sandbox, served);
  }

  /** Origins that the process under test may connect to. */
  get origins(): readonly string[] {
    return [this.#sandbox.apiOrigin, this.#sandbox.storageOrigin];
  }

  /** Pass a job to the process under test, and check its result. */
  async work(job: SoakJob, context: SoakContext): Promise<SoakResult> {
    const { toxics, hand, silentMs = 5000 } = this.#options;
    const kind = job.kind as StabilityKind;
    if (kind.startsWith("download:") || this.#library === "") await this.#renew(job.index);
    this.#sandbox.setToxics(job.isInjected ? toxics(job.seed) : []);
    const { apiOrigin, token } = this.#sandbox;
    const order = { id: job.id, kind, folder: this.#library, apiOrigin, token, silentMs, creators: this.#creators };
    let isAnswered = false;
    try {
      const answer = await hand(order, context);
      isAnswered = true;
      return await this.#check(job, answer, context);
    } finally {
      if (!isAnswered) this.#silent = [...this.#silent, `${job.id}-`].slice(-KEPT_JOBS);
      // Regardless of the result, the next job starts with empty counts.
      await this.#quiet();
      this.#served.length = 0;
      this.#violations = this.#sandbox.log.violations.length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox.close();
  }

  async #renew(index: number): Promise<void> {
    if (this.#library !== "") await Deno.remove(this.#library, { recursive: true }).catch(() => {});
    this.#library = join(this.#options.folder, `library-${index}`);
    await ensureDir(this.#library);
  }

  async #check(job: SoakJob, answer: StabilityAnswer, { beat }: SoakContext): Promise<SoakResult> {
    beat("comparing");
    await this.#quiet();
    const late = new Set(this.#broken);
    const isLate = (id: string) => late.has(id) || this.#silent.some((prefix) => id.startsWith(prefix));
    const served = this.#served.splice(0).filter(({ id }) => id === null || !isLate(id));
    const exchanges = reconcile(answer.sent, served.map(({ id, bytes }) => ({ id: id ?? "without a name", bytes })));
    const open = answer.sent.filter(({ isWhole }) => !isWhole).map(({ id }) => id);
    this.#broken = [...this.#broken, ...open].slice(-KEPT_IDS);
    const crowded =
      this.#sandbox.log.violations.slice(this.#violations).filter(({ type }) => type === "tooManyConnections").length;
    const { attempts, failures, timeouts, retries, errors, messages, transitions, mode, limit } = answer;
    const { files, wrong } = await this.#compare(job.kind as StabilityKind);
    return {
      attempts,
      failures,
      timeouts,
      retries,
      errors,
      transitions,
      mode,
      limit,
      exchanges,
      bytes: answer.bytes,
      concurrencyErrors: Math.min(attempts, answer.concurrencyErrors + crowded),
      faults: served.reduce((sum, { toxics }) => sum + countFaults(toxics), 0),
      files,
      mismatches: wrong.length,
      // First, because the report keeps only the first messages.
      messages: [...wrong, ...messages],
    };
  }

  /** Hash every file that is marked as done in the catalog, and compare it with the source. */
  async #compare(kind: StabilityKind): Promise<{ readonly files: number; readonly wrong: readonly string[] }> {
    if (kind === "plan") return { files: 0, wrong: [] };
    using catalog = openCatalog(join(this.#library, ".civitai-dl", "catalog.db"), { readOnly: true });
    let files = 0;
    const wrong: string[] = [];
    for (const fact of this.#sandbox.facts()) {
      const item = catalog.item(`file:${fact.versionId}:${fact.fileId}`);
      if (item === null || item.state !== "done") continue;
      files++;
      const found = await sha256Of(join(this.#library, item.path));
      const expected = (await fact.sha256()).toLowerCase();
      if (found !== expected) wrong.push(`${WRONG_BYTES}: ${item.path}: SHA-256 is ${found}, expected ${expected}`);
    }
    return { files, wrong };
  }

  /** Wait until the server has no open exchanges or `QUIET_MS` has passed. */
  async #quiet(): Promise<void> {
    const until = performance.now() + QUIET_MS;
    do await new Promise((wake) => setTimeout(wake, 10)); while (
      this.#sandbox.openExchanges > 0 && performance.now() < until
    );
  }
}

/** Hash a file in chunks, so that this process needs little memory; `null` if the file does not exist. */
async function sha256Of(path: string): Promise<string | null> {
  try {
    using file = await Deno.open(path);
    const hash = createHash("sha256");
    const buffer = new Uint8Array(1 << 18);
    for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
    return hash.digest("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
