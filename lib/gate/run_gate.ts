import { type Clock, type Evidence, type EvidenceMachine, formatDuration, KitError, systemClock } from "../base/mod.ts";
import type { EvidenceFile } from "./find_evidence.ts";
import type { GateCheck } from "./gate_check.ts";
import type { ClaimJudge, GateCondition, GatePhase } from "./gate_config.ts";
import type { GateReport, GateRow } from "./gate_report.ts";
import type { GateRepository } from "./gate_repository.ts";
import { judgeEvidence } from "./_judge_evidence.ts";
import { judgeReading } from "./_judge_reading.ts";
import { noFindings, type RowFindings } from "./_row_findings.ts";

/** Options of {@linkcode runGate}. */
export interface RunGateOptions {
  /** Functions by the names that conditions use. */
  readonly checks?: Readonly<Record<string, GateCheck>> | undefined;
  /** Files that may be reports. */
  readonly evidence?: readonly EvidenceFile[] | undefined;
  /**
   * Makes claims of what a report measured, for reports that do not make them themselves; in the form that
   * {@linkcode readClaims} reads.
   */
  readonly claimsOf?: ((evidence: Evidence) => readonly unknown[]) | undefined;
  /** The working folder's version control; `null` if there is none. */
  readonly repository?: GateRepository | null | undefined;
  /** This machine; needed by conditions that want the same one. */
  readonly machine?: EvidenceMachine | undefined;
  /** Only these conditions. */
  readonly only?: readonly string[] | undefined;
  /** Only what takes less than two minutes in all. */
  readonly isQuick?: boolean | undefined;
  /** Stops everything; what was not looked at yet is not judged, and the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Told of each row as it is there. */
  readonly onRow?: ((row: GateRow) => void) | undefined;
}

const NO_MACHINE: EvidenceMachine = { cpu: "", cores: 0, memoryBytes: 0, kernel: "", arch: "" };

/**
 * Look at every condition of a phase, one after another; none stops the others.
 *
 * @param phase The phase
 * @param options Checks, reports, and which conditions
 * @returns A row for each, and the verdict of all
 * @throws {KitError} `usage` if a selected condition does not exist, or none is left
 *
 * @example
 * ```ts
 * import { parseGateConfig, runGate } from "@civitai-dl/civitai-dl/gate";
 * const { phases } = parseGateConfig(`
 * version: 1
 * phases:
 *   - name: one
 *     title: The first
 *     conditions: [{ id: no-todo, title: Nothing is left to do, check: todos, require: "= 0" }]`);
 * const todos = async () => ({ value: 0, count: 3, unit: "files", measured: "none in 3 files", problems: [] });
 * const { verdict } = await runGate(phases[0]!, { checks: { todos } });
 * console.assert(verdict === "pass");
 * ```
 */
export async function runGate(phase: GatePhase, options: RunGateOptions = {}): Promise<GateReport> {
  const { repository = null, clock = systemClock, signal, onRow = () => {} } = options;
  const chosen = choose(phase, options);
  const rows: GateRow[] = [];
  for (const condition of chosen) {
    signal?.throwIfAborted();
    const start = clock.monotonic();
    const findings = condition.level === "off"
      ? noFindings("not evaluated", "switched off")
      : await look(condition, options);
    const row = makeRow(condition, findings, (clock.monotonic() - start) / 1000);
    rows.push(row);
    onRow(row);
  }
  const leftOut = phase.conditions.filter((condition) => !chosen.includes(condition)).map((condition) => condition.id);
  return {
    phase: phase.name,
    title: phase.title,
    verdict: verdictOf(rows),
    isPartial: leftOut.length > 0,
    leftOut,
    commit: repository?.sha ?? "",
    isDirty: repository?.isDirty ?? null,
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
      hint: `There are ${known.join(", ")}`,
    });
  }
  const chosen = phase.conditions.filter((condition) =>
    (only === undefined || only.includes(condition.id)) && (!isQuick || condition.isQuick)
  );
  if (chosen.length > 0) return chosen;
  throw new KitError("usage", `Cannot judge phase ${phase.name}: no condition is left by this selection`);
}

/** Whatever goes wrong in one condition is that condition's row. */
async function look(condition: GateCondition, options: RunGateOptions): Promise<RowFindings> {
  const { checks = {}, evidence = [], repository = null, machine = NO_MACHINE, clock = systemClock, signal } = options;
  const { claimsOf = () => [] } = options;
  const { source, timeoutMs } = condition;
  if (source.type === "evidence") {
    const context = { now: clock.now(), repository, machine };
    return await judgeEvidence(condition, source, evidence, context, claimsOf).catch((error) => {
      signal?.throwIfAborted();
      return noFindings("not evaluated", `its reports could not be judged: ${messageOf(error)}`);
    });
  }
  const check = Object.hasOwn(checks, source.name) ? checks[source.name] : undefined;
  if (check === undefined) return noFindings("not evaluated", `there is no check "${source.name}" here`);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException("Timed out", "TimeoutError")), timeoutMs);
  try {
    const both = signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]);
    return judgeReading(await check(source.parameters, { signal: both }), condition);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.signal.aborted) return noFindings("fail", `it did not end in ${formatDuration(timeoutMs)}`);
    return noFindings("not evaluated", `it could not be run: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function makeRow(condition: GateCondition, findings: RowFindings, seconds: number): GateRow {
  const { id, title, phase, level, command, onNoData } = condition;
  const { verdict } = findings;
  const isMissing = verdict === "not evaluated" || verdict === "inconclusive";
  const counted = verdict === "not evaluated" ? onNoData : isMissing ? "inconclusive" : verdict;
  return {
    id,
    title,
    phase,
    level,
    ...findings,
    required: describeRequired(condition),
    command,
    seconds,
    countsAs: level === "error" ? counted : "nothing",
  };
}

/** What is asked for where no number is. */
const NEEDS: Readonly<Record<ClaimJudge, string>> = {
  rate: "",
  interval: "",
  count: "",
  verdict: "the report's verdict",
  run: "every claim holds",
  taken: "measured",
};

function describeRequired(condition: GateCondition): string {
  const { source, require, minCount } = condition;
  const parts = [require?.text ?? ""];
  if (source.type === "evidence" && source.demand.minDurationMs > 0) {
    parts.push(`${formatDuration(source.demand.minDurationMs)} of work`);
  }
  if (minCount > 1) parts.push(`n ≥ ${minCount}`);
  if (require === null && source.type === "evidence") parts.push(NEEDS[source.judge]);
  return parts.filter((part) => part !== "").join(", ");
}

function verdictOf(rows: readonly GateRow[]): GateReport["verdict"] {
  if (rows.some((row) => row.countsAs === "fail")) return "fail";
  if (rows.some((row) => row.countsAs === "inconclusive")) return "inconclusive";
  // Without one condition that decided, nothing is proven.
  return rows.some((row) => row.countsAs === "pass") ? "pass" : "inconclusive";
}
