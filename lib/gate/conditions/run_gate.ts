import { type Clock, type EvidenceMachine, formatDuration, KitError, messageOf, systemClock } from "../../base/mod.ts";
import { formatOperator, formatTrials, verdictOf } from "../../judge/mod.ts";
import type { EvidenceReaders } from "./evidence_readers.ts";
import type { EvidenceFile } from "../evidence/find_evidence.ts";
import type { GateCheck } from "./gate_check.ts";
import type { GateCondition, GatePhase } from "../config/gate_config.ts";
import type { GateReport, GateRow } from "./gate_report.ts";
import type { GateRepository } from "../evidence/gate_repository.ts";
import { judgeEvidence } from "./_judge_evidence.ts";
import { judgeConditionReading } from "./_judge_reading.ts";
import { noFindings, type RowFindings } from "./_row_findings.ts";

/** Options of {@linkcode runGate}. */
export interface RunGateOptions extends EvidenceReaders {
  /** Checks by the names that conditions use. A condition whose check is missing is `not evaluated`. */
  readonly checks?: Readonly<Record<string, GateCheck>> | undefined;
  /** Files that may contain reports. */
  readonly evidence?: readonly EvidenceFile[] | undefined;
  /** The version control of the working folder; `null` if there is none. */
  readonly repository?: GateRepository | null | undefined;
  /** The machine that runs the gate; needed for conditions with `sameMachine`. */
  readonly machine?: EvidenceMachine | undefined;
  /** Names of the conditions to judge; if absent, all are judged. */
  readonly only?: readonly string[] | undefined;
  /** Whether to judge only the conditions marked as quick, which take a few minutes in total. */
  readonly isQuick?: boolean | undefined;
  /** Remarks on the conditions, for the reader of the report. */
  readonly notes?: readonly string[] | undefined;
  /** Stops the gate. The conditions that were not judged by then are `not evaluated`, so the gate does not pass. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Called before a condition is judged, with its number from 1 and the number of all selected ones. */
  readonly onCondition?: ((condition: GateCondition, place: ConditionPlace) => void) | undefined;
  /** Called with each row as soon as its condition is judged. */
  readonly onRow?: ((row: GateRow) => void) | undefined;
}

/** The place of a condition among the selected ones. */
export interface ConditionPlace {
  /** Its number, from 1. */
  readonly number: number;
  /** How many there are. */
  readonly count: number;
}

const NO_MACHINE: EvidenceMachine = { cpu: "", cores: 0, memoryBytes: 0, kernel: "", arch: "" };

/**
 * Judge all conditions of a phase, one after another. A failed condition does not stop the others.
 *
 * @param phase The phase
 * @param options Checks, reports, and a selection of conditions
 * @returns A row for each judged condition, and the verdict over all of them
 * @throws {KitError} `usage` if a selected condition does not exist, or none is selected
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type GateCheck, parseGateConfig, runGate } from "@civitai-dl/civitai-dl/gate";
 *
 * const { phases } = parseGateConfig(`version: 1
 * phases:
 *   - name: release
 *     title: Ready to ship
 *     conditions:
 *       - { id: todos, title: Nothing is left to do, check: todos, require: "= 0" }`);
 * const todos: GateCheck = () =>
 *   Promise.resolve({ value: 0, count: 3, unit: "files", measured: "none in 3 files", problems: [] });
 * const { verdict } = await runGate(phases[0]!, { checks: { todos } });
 * assertEquals(verdict, "pass");
 * ```
 */
export async function runGate(phase: GatePhase, options: RunGateOptions = {}): Promise<GateReport> {
  const { repository = null, clock = systemClock, signal, onCondition = () => {}, onRow = () => {} } = options;
  const chosen = choose(phase, options);
  const startedAt = new Date(clock.now()).toISOString();
  const rows: GateRow[] = [];
  for (const [index, condition] of chosen.entries()) {
    if (!signal?.aborted) onCondition(condition, { number: index + 1, count: chosen.length });
    const start = clock.monotonic();
    const findings = await judgeUnlessStopped(condition, options);
    const row = makeRow(condition, findings, (clock.monotonic() - start) / 1000);
    rows.push(row);
    onRow(row);
  }
  const leftOut = phase.conditions.filter((condition) => !chosen.includes(condition)).map((condition) => condition.id);
  const verdict = verdictOf(rows);
  return {
    phase: phase.name,
    title: phase.title,
    verdict,
    phaseVerdict: leftOut.length > 0 && verdict === "pass" ? "inconclusive" : verdict,
    isPartial: leftOut.length > 0,
    isStopped: signal?.aborted ?? false,
    leftOut,
    notes: options.notes ?? [],
    commit: repository?.sha ?? "",
    isDirty: repository?.isDirty ?? null,
    startedAt,
    at: new Date(clock.now()).toISOString(),
    rows,
  };
}

function choose(phase: GatePhase, options: RunGateOptions): readonly GateCondition[] {
  const { only, isQuick = false } = options;
  const known = phase.conditions.map((condition) => condition.id);
  const unknown = only?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new KitError("usage", `Cannot judge "${unknown}": phase ${phase.name} has no such condition`, {
      hint: `Available: ${known.join(", ")}`,
    });
  }
  const chosen = phase.conditions.filter((condition) =>
    (only === undefined || only.includes(condition.id)) && (!isQuick || condition.isQuick)
  );
  if (chosen.length > 0) return chosen;
  throw new KitError("usage", `Cannot judge phase ${phase.name}: the selection contains no condition`);
}

const STOPPED = noFindings("not evaluated", "the gate was stopped before it was judged");

/** Judge a condition, unless the gate is stopped meanwhile: a check that was cut short says nothing. */
async function judgeUnlessStopped(condition: GateCondition, options: RunGateOptions): Promise<RowFindings> {
  const { signal } = options;
  if (signal?.aborted) return STOPPED;
  const findings = await judgeCondition(condition, options);
  return signal?.aborted ? STOPPED : findings;
}

/** Time in milliseconds that a stopped check has to end the processes that it started. */
const STOP_MS = 4000;

/** Wait for a check; one that goes on after the gate was stopped is left behind. */
async function waitFor<T>(check: Promise<T>, { signal, clock = systemClock }: RunGateOptions): Promise<T> {
  if (signal === undefined) return await check;
  const isOver = new AbortController();
  const { promise: leftBehind, reject } = Promise.withResolvers<never>();
  const stop = () => void clock.sleep(STOP_MS, { signal: isOver.signal }).then(() => reject(signal.reason), () => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([check, leftBehind]);
  } finally {
    signal.removeEventListener("abort", stop);
    isOver.abort();
  }
}

/** Judge one condition. Any error becomes a finding of that condition, so that the others are judged too. */
async function judgeCondition(condition: GateCondition, options: RunGateOptions): Promise<RowFindings> {
  const { checks = {}, evidence = [], repository = null, machine = NO_MACHINE, clock = systemClock, signal } = options;
  const { source, timeoutMs } = condition;
  if (source.type === "evidence") {
    const context = { now: clock.now(), repository, machine };
    return await judgeEvidence(condition, source, { ...options, files: evidence, context }).catch((error) =>
      noFindings("not evaluated", `its reports could not be judged: ${messageOf(error)}`)
    );
  }
  const check = Object.hasOwn(checks, source.name) ? checks[source.name] : undefined;
  if (check === undefined) return noFindings("not evaluated", `the check "${source.name}" does not exist`);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException("Timed out", "TimeoutError")), timeoutMs);
  try {
    const both = signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]);
    return judgeConditionReading(await waitFor(check(source.parameters, { signal: both }), options), condition);
  } catch (error) {
    if (limit.signal.aborted) return noFindings("fail", `it did not end within ${formatDuration(timeoutMs)}`);
    return noFindings("not evaluated", `it could not be run: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function makeRow(condition: GateCondition, findings: RowFindings, seconds: number): GateRow {
  const { id, title, phase, command } = condition;
  const { unit, limit, ...found } = findings;
  return {
    id,
    title,
    phase,
    ...found,
    required: describeRequired(condition, { unit, limit }),
    command,
    seconds,
  };
}

/** Describe what is required, in the unit of what was measured. */
function describeRequired(condition: GateCondition, { unit, limit }: Pick<RowFindings, "unit" | "limit">): string {
  const { source, require, minCount, counted } = condition;
  const parts: string[] = [];
  if (require !== null) parts.push(`${formatOperator(require.text)}${unitBehind(unit)}`);
  if (source.type === "evidence" && source.demand.minDurationMs > 0) {
    parts.push(`${formatDuration(source.demand.minDurationMs)} of work`);
  }
  if (minCount > 1) parts.push(counted === "" ? `n ≥ ${minCount}` : `≥ ${formatTrials(minCount, counted)}`);
  if (require === null) parts.push(limit ?? "every claim holds");
  return parts.join(", ");
}

/** A rate is required as a percentage, or as none at all. */
function unitBehind(unit = ""): string {
  if (unit === "" || unit === "rate") return "";
  return unit === "ratio" ? " times" : ` ${unit}`;
}
