import { closest } from "../../base/mod.ts";
import type { ConditionSource, GateCondition, GateConfig } from "./gate_config.ts";
import type { ConditionEntry } from "./_gate_schema.ts";

/** Options of {@linkcode completeCondition}. */
export interface CompleteOptions {
  /** Names of the existing checks; if absent, any name is accepted. */
  readonly checks: readonly string[] | undefined;
  /** Source paths of all other kinds of report; `undefined` for all paths. */
  readonly sources: readonly string[] | undefined;
  /** Source paths by kind of report, as in {@linkcode GateConfig}. */
  readonly sourcesOf: GateConfig["sourcesOf"];
  /** Called with each error: the key that it concerns, what is wrong, and a hint. */
  readonly note: (key: string, message: string, hint?: string) => void;
}

/** Default time limit of a check in milliseconds, long enough for a whole test suite. */
const TIMEOUT_MS = 600_000;

/** Fill in the defaults of a condition. If it is incomplete, report an error and return `undefined`. */
export function completeCondition(
  entry: ConditionEntry & { readonly phase: string },
  options: CompleteOptions,
): GateCondition | undefined {
  const { note } = options;
  const source = readSource(entry, options);
  if (source === undefined) return undefined;
  if (entry.require === undefined && source.type === "check") {
    note("id", `the condition "${entry.id}" has no requirement`, "Add require:, such as < 1%");
    return undefined;
  }
  return {
    id: entry.id,
    title: entry.title,
    phase: entry.phase,
    source,
    isQuick: entry.quick ?? false,
    require: entry.require ?? null,
    minCount: entry.minCount ?? 1,
    counted: entry.counted ?? "",
    timeoutMs: entry.timeout ?? TIMEOUT_MS,
    command: entry.command ?? "",
  };
}

function readSource(entry: ConditionEntry, options: CompleteOptions): ConditionSource | undefined {
  const { checks, sources = null, sourcesOf, note } = options;
  const { check, evidence } = entry;
  if ((check === undefined) === (evidence === undefined)) {
    note("id", `the condition "${entry.id}" must have either check: or evidence:`);
    return undefined;
  }
  if (check !== undefined) {
    if (checks !== undefined && !checks.includes(check)) {
      const near = closest(check, checks);
      note(
        "check",
        `no check is named "${check}"`,
        near === undefined ? `Available: ${checks.join(", ")}` : `Did you mean "${near}"?`,
      );
      return undefined;
    }
    return { type: "check", name: check, parameters: entry.with ?? {} };
  }
  const { claims } = entry;
  if (claims === undefined) {
    note("id", `the condition "${entry.id}" names no claims of the report`, "Add claims: [NAME]");
    return undefined;
  }
  const { schema, maxAge, sameCommit = true, sameMachine = false, minDuration = 0, maxPause } = evidence!;
  const { where = {}, whereOf = {}, proofWhere = {} } = evidence!;
  const demand = {
    schema,
    sameCommit,
    sameMachine,
    where,
    whereOf,
    proofWhere,
    sources: Object.hasOwn(sourcesOf, schema) ? sourcesOf[schema]! : sources,
    maxAgeMs: maxAge ?? null,
    minDurationMs: minDuration,
    maxPauseMs: maxPause ?? null,
  };
  return { type: "evidence", demand, claims };
}
