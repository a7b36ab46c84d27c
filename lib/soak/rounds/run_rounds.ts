import { type EvidenceHeader, KitError, openEvidence, thisMachine, thisProgram, writeAtomic } from "../../base/mod.ts";
import { type Claim, type ReportEnd, type RunReport, type RunVerdict, verdictOfRun } from "../../judge/mod.ts";
import { assertSameRun } from "../records/assert_same_run.ts";
import { openReport, readReport } from "../records/open_report.ts";
import type { RunHost } from "../run_host.ts";
import { openWorkFolder } from "./work_folder.ts";

/** Work that is done for a number of rounds, and what they claim. */
export interface RoundsForm<Settings, Round, Facts> {
  /** Name of the command, for messages and locks. */
  readonly command: string;
  /** Schema of its reports. */
  readonly schema: string;
  /** What a resumed run has to have too. */
  readonly settings: Settings;
  /** Number of rounds. */
  readonly rounds: number;
  /** Number of rounds at the same time. */
  readonly lanes: number;
  /**
   * Free space that a run needs, in bytes.
   *
   * @default {500 MB}
   */
  readonly neededBytes?: number | undefined;
  /** Prepares the work, which uses the folder and is closed with the stack. */
  readonly open: (bench: RoundsBench) => Promise<RoundWork<Round>>;
  /** Judges the rounds that are done. */
  readonly judge: (rounds: readonly Round[]) => readonly Claim[];
  /**
   * The verdict on the run.
   *
   * @default {verdictOfRun, by all claims}
   */
  readonly verdictOf?: ((claims: readonly Claim[], end: ReportEnd) => RunVerdict) | undefined;
  /** What else the report says. */
  readonly factsOf: (rounds: readonly Round[]) => Facts;
}

/** Where the work is done. */
export interface RoundsBench {
  /** A new folder, which is removed at the end. */
  readonly folder: string;
  /** What is closed at the end. */
  readonly stack: AsyncDisposableStack;
  /** Stops the work. */
  readonly signal: AbortSignal;
}

/** Does a round. */
export type RoundWork<Round> = (
  round: number,
  context: { readonly lane: number; readonly signal: AbortSignal },
) => Promise<Round>;

/** Where a run keeps its report and its files. */
export interface RoundsPlace {
  /** Path of the report, which ends with `.json`. */
  readonly path: string;
  /** Whether to continue the run of the report. */
  readonly isResumed: boolean;
  /** Folder in which a temporary one is made; that of the system if `undefined`. */
  readonly workFolder: string | undefined;
}

/** How far a run is. */
export interface RoundsProgress<Round> {
  /** Number of planned rounds. */
  readonly planned: number;
  /** The finished rounds, those of earlier sittings included. */
  readonly done: readonly Round[];
  /** Number of rounds that earlier sittings finished. */
  readonly earlier: number;
  /** Number of rounds under way. */
  readonly active: number;
  /** Time of this sitting, in milliseconds. */
  readonly elapsedMs: number;
}

/** A part of a run, from a start or a resumption to the next stop. */
export interface RoundsSitting {
  /** Start, ISO 8601 UTC. */
  readonly startedAt: string;
  /** End, ISO 8601 UTC. */
  readonly endedAt: string;
  /** Rounds that it finished. */
  readonly rounds: number;
  /** Working time in milliseconds. */
  readonly ms: number;
}

/** The findings of a run so far. */
export interface RoundsReport<Settings, Round> extends RunReport {
  /** What was done. */
  readonly settings: Settings;
  /** The finished rounds, by number. */
  readonly rounds: readonly Round[];
  /** The parts of the run. */
  readonly sittings: readonly RoundsSitting[];
}

/** Shortest time between two reports, in milliseconds. */
const REPORT_MS = 60_000;

/**
 * Do a form of work for a number of rounds, several at a time, and write the report after each of them, at most once a
 * minute. A stopped run goes on with the rounds that are missing.
 *
 * @param host Signal, commit and display of the program
 * @param form The work and its settings
 * @param place Report and work folder
 * @returns The report
 * @throws {KitError} `unsafe` if another run uses the same folder, the report exists, too little disk space is free, or a
 * resumed run is of another commit, machine or settings; `usage` if it is complete
 */
export async function runRounds<
  Settings extends { readonly seed: number },
  Round extends { readonly round: number },
  Facts extends object,
>(
  host: RunHost<RoundsProgress<Round>>,
  form: RoundsForm<Settings, Round, Facts>,
  place: RoundsPlace,
): Promise<RoundsReport<Settings, Round> & Facts> {
  const { path, isResumed, workFolder } = place;
  const { command, schema, settings, rounds, neededBytes } = form;
  const resume = (text: string): RoundsReport<Settings, Round> => {
    const report = parseRounds<RoundsReport<Settings, Round>>(text, schema);
    assertSameRun(report, { commit: host.commit, machine: thisMachine(), settings });
    if (report.rounds.length < rounds) return report;
    throw new KitError("usage", `Cannot resume: the run is complete after ${rounds} rounds`, {
      hint: "Begin a new run; a report has as many rounds as were decided beforehand",
    });
  };
  using report = await openReport(path, { command, resume: isResumed ? resume : undefined });
  await using folder = await openWorkFolder(workFolder, { neededBytes });
  return await new RoundsRun(host, form, { path, before: report.resumed }).finish(folder.path);
}

/**
 * Read the report of a run that is to be continued.
 *
 * @param path The report
 * @param schema Its schema
 * @returns The report
 * @throws {KitError} `usage` if there is none
 * @throws {EvidenceError} If it is truncated, was modified, or is of another kind
 */
export async function readRounds<Report extends EvidenceHeader>(path: string, schema: string): Promise<Report> {
  return parseRounds(await readReport(path), schema);
}

function parseRounds<Report extends EvidenceHeader>(text: string, schema: string): Report {
  return openEvidence(text, { schema, version: 1 }) as unknown as Report;
}

/** A run under way. */
class RoundsRun<
  Settings extends { readonly seed: number },
  Round extends { readonly round: number },
  Facts extends object,
> {
  readonly #host: RunHost<RoundsProgress<Round>>;
  readonly #form: RoundsForm<Settings, Round, Facts>;
  readonly #path: string;
  readonly #before: RoundsReport<Settings, Round> | null;
  readonly #startedAt = new Date().toISOString();
  readonly #startedMs = performance.now();
  readonly #done: Round[];
  readonly #waiting: number[];
  #active = 0;
  #writtenMs = performance.now();

  constructor(
    host: RunHost<RoundsProgress<Round>>,
    form: RoundsForm<Settings, Round, Facts>,
    { path, before }: {
      readonly path: string;
      readonly before: RoundsReport<Settings, Round> | null;
    },
  ) {
    this.#host = host;
    this.#form = form;
    this.#path = path;
    this.#before = before;
    this.#done = [...before?.rounds ?? []];
    const done = new Set(this.#done.map(({ round }) => round));
    this.#waiting = Array.from({ length: form.rounds }, (_, round) => round).filter((one) => !done.has(one));
  }

  /** Do all rounds, or those until the run is stopped, and write the report. */
  async finish(folder: string): Promise<RoundsReport<Settings, Round> & Facts> {
    const { signal } = this.#host;
    const broken = new AbortController();
    const any = AbortSignal.any([signal, broken.signal]);
    this.#reportProgress();
    try {
      await using stack = new AsyncDisposableStack();
      const work = await this.#form.open({ folder, stack, signal: any });
      const lanes = Array.from({ length: this.#form.lanes }, (_, lane) => this.#workLane(work, lane, any));
      // If one lane breaks, the others must not go on for hours.
      for (const lane of lanes) lane.catch((error) => broken.abort(error));
      await Promise.allSettled(lanes);
      any.throwIfAborted();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return await this.#write(signal.aborted ? { type: "signal", reason: String(signal.reason) } : { type: "planned" });
  }

  async #workLane(work: RoundWork<Round>, lane: number, signal: AbortSignal): Promise<void> {
    for (let round; (round = this.#waiting.shift()) !== undefined;) {
      signal.throwIfAborted();
      this.#active++;
      this.#reportProgress();
      const done = await work(round, { lane, signal });
      this.#active--;
      this.#done.push(done);
      this.#reportProgress();
      if (performance.now() - this.#writtenMs >= REPORT_MS) await this.#write({ type: "running" });
    }
  }

  #reportProgress(): void {
    this.#host.onProgress({
      planned: this.#form.rounds,
      done: this.#done,
      earlier: this.#before?.rounds.length ?? 0,
      active: this.#active,
      elapsedMs: performance.now() - this.#startedMs,
    });
  }

  async #write(end: ReportEnd): Promise<RoundsReport<Settings, Round> & Facts> {
    this.#writtenMs = performance.now();
    const { schema, settings, judge, verdictOf = verdictOfRun, factsOf } = this.#form;
    const rounds = this.#done.toSorted((a, b) => a.round - b.round);
    const claims = judge(rounds);
    const sitting: RoundsSitting = {
      startedAt: this.#startedAt,
      endedAt: new Date().toISOString(),
      rounds: rounds.length - (this.#before?.rounds.length ?? 0),
      ms: Math.round(performance.now() - this.#startedMs),
    };
    const sittings = [...this.#before?.sittings ?? [], sitting];
    const report = {
      schema,
      version: 1,
      tool: thisProgram(),
      commit: this.#host.commit,
      machine: thisMachine(),
      seed: settings.seed,
      startedAt: sittings[0]!.startedAt,
      endedAt: sitting.endedAt,
      plannedMs: 0,
      actualMs: sittings.reduce((sum, { ms }) => sum + ms, 0),
      verdict: verdictOf(claims, end),
      end,
      settings,
      claims,
      rounds,
      sittings,
      ...factsOf(rounds),
    } as const;
    // Without indentation: a report may have hundreds of thousands of times.
    await writeAtomic(this.#path, `${JSON.stringify(report)}\n`);
    return report;
  }
}
