import { ensureDir } from "@std/fs";
import { dirname, join } from "node:path";
import { compareLibrary, type ExpectedItem, type LibraryRows, listExpectedItems, readRows } from "../comparison/mod.ts";
import { parseImageFolder, sidecarPath } from "../library/mod.ts";
import { type Sandbox, type SandboxExchange, startSandbox, type ToxicRule } from "../sandbox/mod.ts";
import {
  reconcile,
  type ServedExchange,
  type SoakContext,
  type SoakJob,
  type SoakMessage,
  type SoakResult,
} from "../soak/mod.ts";
import type { ProfileName } from "../transfer/mod.ts";
import { countBrokenJob, countJob, type JobCounts, missingMessage } from "./facts/count_job.ts";
import { type LagSecond, MachineLag, sumLags } from "./facts/machine_lag.ts";
import { limitsOfRun, limitsWithin, SilenceJudge } from "./facts/silence_limits.ts";
import { untilQuiet } from "./facts/until_quiet.ts";
import { weighItems } from "./facts/weigh_items.ts";
import {
  engineOf,
  isDownload,
  type StabilityAnswer,
  type StabilityJob,
  type StabilityKind,
  timeoutsOf,
} from "./stability_job.ts";
import { isRequestOf } from "./work/counted_traffic.ts";
import { countFaults } from "./work/stability_toxics.ts";

/** Options of {@linkcode StabilityLane.open}. */
export interface StabilityLaneOptions {
  /** Folder of its libraries. */
  readonly folder: string;
  /** Seed of the run, from which its catalogs are made. */
  readonly seed: number;
  /**
   * The only engine of the run.
   *
   * @default {"all"}
   */
  readonly engine?: ProfileName | "all" | undefined;
  /** Returns the faults of a job for its seed. */
  readonly toxics: (seed: number) => readonly ToxicRule[];
  /**
   * Time limit for a server that does not respond, in milliseconds.
   *
   * @default {a tenth of the engine's own limits}
   */
  readonly silentMs?: number | undefined;
  /** Called with each exchange of the sandbox. */
  readonly onExchange?: ((exchange: SandboxExchange) => void) | undefined;
  /** Passes a job to the process under test. */
  readonly hand: (job: StabilityJob, context: LaneContext) => Promise<StabilityAnswer>;
}

/** The context of a job; a test may leave out who observes it. */
export type LaneContext = Omit<SoakContext, "observe"> & Partial<Pick<SoakContext, "observe">>;

/** A silence or a slow line that has ended, and how long it may have lasted. */
interface EndedSilence {
  readonly name: string;
  readonly kind: keyof typeof PLACES;
  readonly ms: number;
  readonly limitMs: number;
  /** When it ended, in milliseconds since the epoch. */
  readonly endedMs: number;
}

/** What a request was during its silence. */
const PLACES = {
  headers: "silent before its headers",
  body: "silent in the middle of its body",
  slow: "slow in its body",
} as const;

const KEPT_IDS = 2000;
const KEPT_JOBS = 100;

/**
 * Size of the largest file of each catalog of a run, in MiB. Each is hashed by a worker; those of two, three and six
 * blocks take every other way that the engine chooses by a size, and are rare because they take long. Every lane offers
 * all catalogs, so that a job gets the same one in whichever lane it runs.
 */
const LARGEST_MIB = [12, 20, 12, 12, 12, 40, 12, 96] as const;

/**
 * A sandbox and a library for one job at a time. The job is done and then checked, so that the server's count belongs
 * exactly to that job, to the last byte. The seed of a download chooses the catalog that it downloads; the jobs after it
 * use its library and its catalog.
 */
export class StabilityLane implements AsyncDisposable {
  readonly #options: StabilityLaneOptions;
  readonly #sandbox: Sandbox;
  /** What the sandbox offers with each of its catalogs that was chosen before: hashing all of them takes seconds. */
  readonly #offers = new Map<number, readonly ExpectedItem[]>();
  readonly #served: SandboxExchange[];
  readonly #creators: readonly string[];
  /** Ids of incomplete requests of earlier jobs, which the server may report late. */
  #broken: string[] = [];
  /** Ids of earlier jobs without a result: it is unknown which of their requests were incomplete. */
  #silent: string[] = [];
  readonly #lag = new MachineLag();
  /** Silences of the job under way that have ended. */
  readonly #silences: EndedSilence[] = [];
  #library = "";
  /** The items that the library is downloaded from. */
  #expected: readonly ExpectedItem[] = [];
  #violations = 0;
  /** Judges the silences of the job under way. */
  #watch: { readonly judge: SilenceJudge; readonly observe: SoakContext["observe"] } | null = null;

  private constructor(
    options: StabilityLaneOptions,
    parts: {
      readonly sandbox: Sandbox;
      readonly served: SandboxExchange[];
    },
  ) {
    this.#options = options;
    this.#sandbox = parts.sandbox;
    this.#served = parts.served;
    this.#creators = [...parts.sandbox.catalog.creators()].map((creator) => creator.username);
  }

  /** Start the sandbox of a lane. */
  static async open(options: StabilityLaneOptions): Promise<StabilityLane> {
    const served: SandboxExchange[] = [];
    const watcher: { lane: StabilityLane | null } = { lane: null };
    const onExchange = (exchange: SandboxExchange): void => {
      if (watcher.lane !== null) watcher.lane.#recordExchange(exchange);
    };
    const sandbox = await startSandbox({
      size: { creators: 2, modelsPerCreator: 5 },
      // Three of ten files fail for good: what a failure leaves open shows only if files fail.
      outcomes: { removed: 0.1, noAccess: 0.1, staleHash: 0.1 },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      galleryPerVersion: 1,
      imagesPerVersion: { min: 0, max: 1 },
      fileBytes: { min: 4096, max: 500_000 },
      maxStorageConnections: 4,
      onExchange,
    });
    await ensureDir(options.folder);
    watcher.lane = new StabilityLane(options, { sandbox, served });
    return watcher.lane;
  }

  /** Origins that the process under test may connect to. */
  get origins(): readonly string[] {
    return [this.#sandbox.apiOrigin, this.#sandbox.storageOrigin];
  }

  /** Pass a job to the process under test, and check its result. */
  async work(job: SoakJob, context: LaneContext): Promise<SoakResult> {
    const { toxics, hand, silentMs = null } = this.#options;
    const kind = job.kind as StabilityKind;
    const engine = engineOf(kind, this.#options.engine);
    if (isDownload(kind) || this.#library === "") await this.#renew(job);
    this.#sandbox.setToxics(job.isInjected ? toxics(job.seed) : []);
    const timeouts = silentMs === null ? timeoutsOf(job.index) : "fixed";
    const limits = silentMs === null ? limitsOfRun(engine, timeouts) : limitsWithin(engine, silentMs);
    this.#watch = { judge: new SilenceJudge(limits), observe: context.observe ?? (() => {}) };
    const { apiOrigin, token } = this.#sandbox;
    const order = { id: job.id, kind, engine, folder: this.#library, apiOrigin, token, silentMs, timeouts };
    const before = await readRows(this.#library);
    let isAnswered = false;
    let lags: readonly LagSecond[] = [];
    // Without an answer, nobody knows which engine met a slow line.
    let waitsForSlowLines = true;
    try {
      const answer = await hand({ ...order, creators: this.#creators }, context);
      isAnswered = true;
      lags = answer.lags;
      waitsForSlowLines = answer.wasStable;
      return await this.#check(job, { answer, before }, context);
    } catch (error) {
      const failure = isAnswered ? null : failureOf(error);
      if (failure === null) throw error;
      const { missing: _, ...counts } = countBrokenJob(failure, String(error), this.#wanted(kind, before));
      return counts;
    } finally {
      if (!isAnswered) this.#silent = [...this.#silent, job.id].slice(-KEPT_JOBS);
      // Regardless of the result, the next job starts with empty counts.
      await untilQuiet(this.#sandbox);
      this.#judgeSilences(lags, waitsForSlowLines);
      this.#served.length = 0;
      this.#violations = this.#sandbox.log.violations.length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _lag = this.#lag;
    await this.#sandbox.close();
  }

  #recordExchange(exchange: SandboxExchange): void {
    this.#served.push(exchange);
    this.#options.onExchange?.(exchange);
    if (this.#watch === null) return;
    const { judge } = this.#watch;
    const { id, silence, slowLine, route, startedMs } = exchange;
    const name = id ?? "a request";
    const host = route.startsWith("/api") ? "api" : "storage";
    if (silence === null) judge.recordResponse(host, startedMs, performance.now());
    else {
      const { step, ms } = silence;
      const limitMs = judge.limitOf({ host, step, startedMs, ms });
      this.#silences.push({ name, kind: step, ms, limitMs, endedMs: performance.timeOrigin + performance.now() });
    }
    const slowLimitMs = slowLine === null ? null : judge.slowLimitOf(slowLine);
    if (slowLine === null || slowLimitMs === null) return;
    const { ms, sinceMs } = slowLine;
    const endedMs = performance.timeOrigin + sinceMs + ms;
    this.#silences.push({ name, kind: "slow", ms, limitMs: slowLimitMs, endedMs });
  }

  /**
   * Tell which silences and slow connections of the job were cut in time, apart from what delayed this process and that under
   * test. An engine that stepped down to `stable` need not cut slow lines.
   */
  #judgeSilences(lags: readonly LagSecond[], waitsForSlowLines: boolean): void {
    const ended = this.#silences.splice(0).filter(({ kind }) => !(kind === "slow" && waitsForSlowLines));
    for (const { name, kind, ms, limitMs, endedMs } of ended) {
      const lagMs = [this.#lag.seconds, lags].reduce((sum, one) => sum + sumLags(one, endedMs - ms, endedMs), 0);
      const isLate = ms > limitMs + lagMs;
      const text = `cut too late: ${name} was ${PLACES[kind]} for ${Math.round(ms)} ms, ` +
        `${Math.round(limitMs)} ms are allowed, and ${Math.round(lagMs)} ms for the lag of the machine`;
      const slowLines = kind === "slow" ? 1 : 0;
      const messages: readonly SoakMessage[] = isLate ? [{ kind: "late_cut", text }] : [];
      this.#watch?.observe({ silences: 1, slowLines, lateCuts: messages.length, messages });
    }
  }

  /** Begin an empty library of the catalog that the job's seed chooses. */
  async #renew({ index, seed }: SoakJob): Promise<void> {
    if (this.#library !== "") await Deno.remove(this.#library, { recursive: true }).catch(() => {});
    this.#library = join(this.#options.folder, `library-${index}`);
    await ensureDir(this.#library);
    const catalog = seed % LARGEST_MIB.length;
    this.#sandbox.setSeed(this.#options.seed + catalog, { fileSizes: [LARGEST_MIB[catalog]! << 20] });
    this.#expected = this.#offers.get(catalog) ?? await listExpectedItems(this.#sandbox);
    this.#offers.set(catalog, this.#expected);
  }

  /** The items that a job has to plan or fetch. */
  #wanted(kind: StabilityKind, rows: LibraryRows): readonly ExpectedItem[] {
    if (kind === "verify") return [];
    if (kind !== "update") return this.#expected;
    // An update requests the models that the library knows.
    const models = new Set([...rows.values()].filter(({ kind }) => kind === "file").map(({ modelId }) => modelId));
    return this.#expected.filter(({ modelId }) => modelId !== null && models.has(modelId));
  }

  async #check(
    job: SoakJob,
    { answer, before }: { readonly answer: StabilityAnswer; readonly before: LibraryRows },
    { beat }: LaneContext,
  ): Promise<SoakResult> {
    beat("comparing");
    await untilQuiet(this.#sandbox);
    const kind = job.kind as StabilityKind;
    const late = new Set(this.#broken);
    const isLate = (id: string) => late.has(id) || this.#silent.some((jobId) => isRequestOf(jobId, id));
    const served = this.#served.splice(0).filter(({ id }) => id === null || !isLate(id));
    const exchanges = reconcile(answer.sent, served.map(toServed));
    const open = answer.sent.filter(({ isWhole }) => !isWhole).map(({ id }) => id);
    this.#broken = [...this.#broken, ...open].slice(-KEPT_IDS);
    const crowded =
      this.#sandbox.log.violations.slice(this.#violations).filter(({ type }) => type === "tooManyConnections")
        .length;
    const { retries, transitions, mode, limit } = answer;
    const rows = await readRows(this.#library);
    const compared = kind === "plan" ? [] : await compareLibrary(this.#library, this.#expected, { rows });
    const done = compared.filter(({ row }) => row?.state === "done");
    const wrong = done.flatMap(({ problem }): readonly SoakMessage[] =>
      problem === null ? [] : [{ kind: "wrong_bytes", text: `wrong bytes: ${problem}` }]
    );
    const { missing, ...counts } = await this.#count(kind, { answer, before, rows });
    const faults = served.reduce((sum, { toxics }) => sum + countFaults(toxics), 0);
    // What a fault breaks is fetched again.
    const { messages: heavy = [], ...weight } = faults === 0 && counts.failures === 0
      ? weighItems({ expected: this.#expected, served, before, rows })
      : {};
    return {
      ...counts,
      missing: missing.length,
      retries,
      transitions,
      mode,
      limit,
      exchanges,
      faults,
      files: done.length,
      ...weight,
      bytes: answer.bytes,
      concurrencyErrors: Math.min(counts.attempts, answer.concurrencyErrors + crowded),
      mismatches: wrong.length,
      messages: [...wrong, ...heavy, ...counts.messages],
    };
  }

  /** Compare what the job reports, and what is in its library, with what the sandbox offers. */
  async #count(
    kind: StabilityKind,
    { answer, before, rows }: {
      readonly answer: StabilityAnswer;
      readonly before: LibraryRows;
      readonly rows: LibraryRows;
    },
  ): Promise<JobCounts> {
    const isPlan = kind === "plan";
    const states = isPlan
      ? new Map(answer.planned.map((key) => [key, "planned"] as const))
      : new Map(Array.from(rows, ([key, { state }]) => [key, state] as const));
    const expected = this.#wanted(kind, before.size === 0 ? rows : before);
    const wanted = isPlan || kind === "verify" || answer.stopped !== null ? [] : this.#listSidecars(expected, rows);
    const isThere = await Promise.all(wanted.map((paths) => this.#hasAny(paths)));
    const counts = countJob({
      answer,
      expected,
      states,
      isPlan,
      sidecars: wanted.length,
      absentSidecars: wanted.filter((_, index) => !isThere[index]).map(([path]) => path!),
    });
    if (kind !== "verify") return counts;
    const done = [...rows.values()].filter(({ state }) => state === "done").length;
    const unread = Array.from(
      { length: Math.max(0, done - answer.checked) },
      () => missingMessage("a file was not verified"),
    );
    return { ...counts, expected: done, missing: unread, messages: [...unread.slice(0, 1), ...counts.messages] };
  }

  /** The files beside the fetched ones, each with the paths that it may have. */
  #listSidecars(
    expected: readonly ExpectedItem[],
    rows: LibraryRows,
  ): readonly (readonly string[])[] {
    return expected.flatMap(({ key, kind, sidecars }) => {
      const row = rows.get(key);
      if (row?.state !== "done") return [];
      const { path } = row;
      if (kind === "image") return [[`${parseImageFolder(path)}/images_metadata.json`]];
      if (kind !== "file") return [];
      const description = [`${dirname(path)}/description.md`, sidecarPath(path, ".description.md")];
      return [...sidecars.map((ending) => [sidecarPath(path, ending)]), description];
    });
  }

  async #hasAny(paths: readonly string[]): Promise<boolean> {
    for (const path of paths) {
      const stat = await Deno.stat(join(this.#library, path)).catch(() => null);
      if (stat !== null && stat.size > 0) return true;
    }
    return false;
  }
}

/** The class of the failure with which a job ended; `null` if it did not fail but broke. */
function failureOf(error: unknown): string | null {
  return error instanceof Error && "failure" in error && typeof error.failure === "string" ? error.failure : null;
}

/** The server's record of a request, with what helps to explain a difference. */
function toServed({ id, bytes, route, status, toxics }: SandboxExchange): ServedExchange {
  const faults = toxics.length === 0 ? "no fault" : toxics.join(" and ");
  return { id: id ?? "without a name", bytes, what: `${status} for ${route} with ${faults}` };
}
