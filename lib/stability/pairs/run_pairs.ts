import { exists } from "@std/fs";
import { dirname, join } from "node:path";
import {
  acquireLock,
  type EvidenceCommit,
  KitError,
  openEvidence,
  readTextIfExists,
  thisMachine,
  thisProgram,
  writeAtomic,
} from "../../base/mod.ts";
import { assertSameRun, SilenceWatch, type SoakEnd, WatchedProcess } from "../../soak/mod.ts";
import type { ProfileName } from "../../transfer/mod.ts";
import type { StabilityAnswer, StabilityJob } from "../work/stability_job.ts";
import { openWorkFolder } from "../harness/work_folder.ts";
import { fetchSide, type Side } from "./fetch_side.ts";
import { judgePairs, verdictOfPairs } from "./judge_pairs.ts";
import type { PairProgress } from "./pair_progress.ts";
import { PAIR_SCHEMA, type PairReport, type PairRound, type PairSettings, type PairSitting } from "./pair_report.ts";
import { pairRound } from "./pair_round.ts";

/** The functions and data that a run needs from the program that starts it. */
export interface PairHost {
  /** Signal that ends the run early; its report then has the finished rounds. */
  readonly signal: AbortSignal;
  /** The commit under test, for the report. */
  readonly commit: EvidenceCommit;
  /** Creates the command of a process under test, which may only write to `folder` and connect to `origins`. */
  readonly workerCommand: (
    place: { readonly folder: string; readonly origins: readonly string[] },
  ) => Deno.Command;
  /** Receives how far the run is, at its start and after each round. */
  readonly onProgress: (progress: PairProgress) => void;
  /** Receives a problem that does not end the run. */
  readonly onNotice: (text: string) => void;
}

/** Where a run keeps its report and its libraries. */
export interface PairPlace {
  /** Path of the report, which ends with `.json`. */
  readonly path: string;
  /** Whether to continue the run of the report. */
  readonly isResumed: boolean;
  /** Folder of the libraries; a temporary one if `undefined`. */
  readonly workFolder: string | undefined;
}

/** Shortest time between two reports, in milliseconds. */
const REPORT_MS = 60_000;

/** The order of the profiles; each is compared with the one before. */
const LADDER: readonly ProfileName[] = ["stable", "resilient", "parallel", "turbo"];

/** The profile before another; `null` for the first. */
export function predecessorOf(profile: ProfileName): ProfileName | null {
  return LADDER[LADDER.indexOf(profile) - 1] ?? null;
}

/**
 * Read the settings of a run that is to be continued.
 *
 * @param path The report
 * @returns Its settings
 * @throws {EvidenceError} If the report is truncated, was modified, or is of another kind
 */
export async function readPairSettings(path: string): Promise<PairSettings> {
  return (await readReport(path)).settings;
}

/**
 * Let two profiles do the same programs of work in turns, under the same faults, and write the report after each round.
 *
 * @param host Signal, commit, worker and messages of the program
 * @param settings What is compared
 * @param place Report and work folder
 * @returns The report
 * @throws {KitError} `unsafe` if another run uses the same folder, the report exists, or a resumed run is of another
 * commit, machine or settings; `usage` if it is complete
 */
export async function runPairs(host: PairHost, settings: PairSettings, place: PairPlace): Promise<PairReport> {
  const { path, isResumed, workFolder } = place;
  using _lock = await acquireLock(join(dirname(path), "paired-stability.lock"), { command: "paired-stability" });
  const before = isResumed ? await resumedReport(path, host, settings) : null;
  if (before === null && await exists(path)) {
    throw new KitError("unsafe", `Cannot begin: "${path}" exists`, {
      hint: "Continue it with --resume, or name another file with --output",
    });
  }
  await using folder = await openWorkFolder(workFolder);
  const run = new PairRun(host, { settings, path, folder: folder.path, before });
  return await run.finish();
}

async function resumedReport(path: string, host: PairHost, settings: PairSettings): Promise<PairReport> {
  const report = await readReport(path);
  assertSameRun(report, { commit: host.commit, machine: thisMachine(), settings });
  if (report.rounds.length < settings.rounds) return report;
  throw new KitError("usage", `Cannot resume: the run is complete after ${settings.rounds} rounds`, {
    hint: "Begin a new run; a report has as many rounds as were decided beforehand",
  });
}

async function readReport(path: string): Promise<PairReport> {
  const text = await readTextIfExists(path);
  if (text === null) {
    throw new KitError("usage", `Cannot resume "${path}": there is no such file`, {
      hint: "Name the report of the run that was stopped",
    });
  }
  return openEvidence(text, { schema: PAIR_SCHEMA, version: 1 }) as unknown as PairReport;
}

interface PairRunOptions {
  readonly settings: PairSettings;
  readonly path: string;
  readonly folder: string;
  readonly before: PairReport | null;
}

/** A run under way. */
class PairRun {
  readonly #host: PairHost;
  readonly #options: PairRunOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #startedMs = performance.now();
  readonly #rounds: PairRound[];
  readonly #waiting: number[];
  #active = 0;
  #writtenMs = performance.now();

  constructor(host: PairHost, options: PairRunOptions) {
    this.#host = host;
    this.#options = options;
    this.#rounds = [...options.before?.rounds ?? []];
    const done = new Set(this.#rounds.map(({ round }) => round));
    this.#waiting = Array.from({ length: options.settings.rounds }, (_, round) => round).filter((one) =>
      !done.has(one)
    );
  }

  /** Do all rounds, or those until the run is stopped, and write the report. */
  async finish(): Promise<PairReport> {
    const { signal } = this.#host;
    const stop = new AbortController();
    const any = AbortSignal.any([signal, stop.signal]);
    const lanes = Array.from({ length: this.#options.settings.lanes }, (_, lane) => this.#workLane(lane, any));
    // If one lane breaks, the others must not go on for hours.
    for (const lane of lanes) lane.catch((error) => stop.abort(error));
    const ends = await Promise.allSettled(lanes);
    const broken = ends.find(({ status }) => status === "rejected");
    if (broken !== undefined && !signal.aborted) throw stop.signal.reason;
    return await this.#write(signal.aborted ? { type: "signal", reason: String(signal.reason) } : { type: "planned" });
  }

  async #workLane(lane: number, signal: AbortSignal): Promise<void> {
    const folder = join(this.#options.folder, `lane-${lane}`);
    await Deno.mkdir(folder);
    await using child = new WatchedProcess({
      // Each round has sandboxes on ports of its own.
      command: () => this.#host.workerCommand({ folder, origins: ["http://127.0.0.1"] }),
      onLost: (reason) => this.#host.onNotice(`${reason}; it is started again`),
      onErrorText: this.#host.onNotice,
    });
    for (let round; (round = this.#waiting.shift()) !== undefined;) {
      signal.throwIfAborted();
      this.#active++;
      this.#tell();
      const done = await this.#doRound(round, { folder, child, signal });
      this.#active--;
      this.#rounds.push(done);
      for (const message of done.messages) this.#host.onNotice(`round ${round + 1}: ${message}`);
      this.#tell();
      if (performance.now() - this.#writtenMs >= REPORT_MS) await this.#write({ type: "running" });
    }
  }

  /** Let both profiles do a round, the profile first in every second one. */
  async #doRound(
    round: number,
    { folder, child, signal }: {
      readonly folder: string;
      readonly child: WatchedProcess;
      readonly signal: AbortSignal;
    },
  ): Promise<PairRound> {
    const { settings: { profile, against, toxics: level, seed: firstSeed } } = this.#options;
    const seed = firstSeed + round;
    const first = round % 2 === 0 ? "profile" : "against";
    const fetch = async (engine: ProfileName): Promise<Side> => {
      const id = `${round}-${engine}`;
      using watch = new SilenceWatch({ name: id, signal });
      const hand = async (job: StabilityJob) =>
        await child.work(job, { signal: watch.signal, beat: watch.beat }) as StabilityAnswer;
      return await fetchSide({ id, seed, engine, level, folder: join(folder, id), hand, signal });
    };
    const early = await fetch(first === "profile" ? profile : against);
    const late = await fetch(first === "profile" ? against : profile);
    const [ours, theirs] = first === "profile" ? [early, late] : [late, early];
    return pairRound({ round, seed, first, profile: ours, against: theirs });
  }

  #tell(): void {
    this.#host.onProgress({
      settings: this.#options.settings,
      done: this.#rounds,
      earlier: this.#options.before?.rounds.length ?? 0,
      active: this.#active,
      elapsedMs: performance.now() - this.#startedMs,
    });
  }

  async #write(end: SoakEnd): Promise<PairReport> {
    this.#writtenMs = performance.now();
    const { settings, path, before } = this.#options;
    const rounds = this.#rounds.toSorted((a, b) => a.round - b.round);
    const claims = judgePairs(rounds);
    const sitting: PairSitting = {
      startedAt: this.#startedAt,
      endedAt: new Date().toISOString(),
      rounds: rounds.length - (before?.rounds.length ?? 0),
      ms: Math.round(performance.now() - this.#startedMs),
    };
    const sittings = [...before?.sittings ?? [], sitting];
    const report: PairReport = {
      schema: PAIR_SCHEMA,
      version: 1,
      tool: thisProgram(),
      commit: this.#host.commit,
      machine: thisMachine(),
      seed: settings.seed,
      startedAt: sittings[0]!.startedAt,
      endedAt: sitting.endedAt,
      plannedMs: 0,
      actualMs: sittings.reduce((sum, { ms }) => sum + ms, 0),
      verdict: end.type === "planned" ? verdictOfPairs(claims) : end.type === "signal" ? "aborted" : "inconclusive",
      end,
      settings,
      claims,
      rounds,
      sittings,
    };
    // Without indentation: a report has hundreds of thousands of times.
    await writeAtomic(path, `${JSON.stringify(report)}\n`);
    return report;
  }
}
