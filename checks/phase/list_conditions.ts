import { closest, KitError } from "../../lib/base/mod.ts";
import type { GateCondition, GatePhase } from "../../lib/gate/mod.ts";
import { findPhase } from "./judge_phase.ts";
import { readConditions, type ReadConditionsOptions } from "./read_conditions.ts";

/** A phase with the requested conditions, and where they come from. */
export interface ListedPhase extends GatePhase {
  /** A sentence without a period that names the file and its commit. */
  readonly source: string;
}

/** A condition, and the phase for which it is explained. */
export interface ExplainedCondition {
  /** The condition. */
  readonly condition: GateCondition;
  /** The phase's name. */
  readonly phase: string;
  /** A sentence without a period that names the file and its commit. */
  readonly source: string;
}

/** List the conditions of a phase: all if `isResolved` is true, otherwise only those that it adds itself. */
export async function listPhase(
  name: string,
  isResolved: boolean,
  options: ReadConditionsOptions,
): Promise<ListedPhase> {
  const { config, source } = await readConditions(options);
  const phase = findPhase(config, name);
  if (isResolved) return { ...phase, source };
  return { ...phase, source, conditions: phase.conditions.filter((one) => one.phase === phase.name) };
}

/** Find a condition in the named phase; without a name, in the last phase that contains it. */
export async function explainCondition(
  id: string,
  name: string | undefined,
  options: ReadConditionsOptions,
): Promise<ExplainedCondition> {
  const { config, source } = await readConditions(options);
  const phases = name === undefined ? config.phases.toReversed() : [findPhase(config, name)];
  for (const phase of phases) {
    const condition = phase.conditions.find((one) => one.id === id);
    if (condition !== undefined) return { condition, phase: phase.name, source };
  }
  const known = [...new Set(phases.flatMap((phase) => phase.conditions.map((one) => one.id)))];
  const near = closest(id, known);
  throw new KitError("usage", `Cannot explain "${id}": there is no such condition`, {
    hint: near === undefined ? `There are ${known.join(", ")}` : `Did you mean "${near}"?`,
  });
}
