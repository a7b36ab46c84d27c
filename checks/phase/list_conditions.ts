import { closest, KitError } from "../../lib/base/mod.ts";
import type { GateCondition, GatePhase } from "../../lib/gate/mod.ts";
import { findPhase, readPhases } from "./judge_phase.ts";

/** A phase with the requested conditions. */
export type ListedPhase = GatePhase;

/** A condition, and the phase for which it is explained. */
export interface ExplainedCondition {
  /** The condition. */
  readonly condition: GateCondition;
  /** The phase's name. */
  readonly phase: string;
}

/** List the conditions of a phase: all if `isResolved` is true, otherwise only those that it adds itself. */
export async function listPhase(file: string, name: string, isResolved: boolean): Promise<ListedPhase> {
  const phase = findPhase(await readPhases(file), name);
  if (isResolved) return phase;
  return { ...phase, conditions: phase.conditions.filter((one) => one.phase === phase.name) };
}

/** Find a condition in the named phase; without a name, in the last phase that contains it. */
export async function explainCondition(
  file: string,
  name: string | undefined,
  id: string,
): Promise<ExplainedCondition> {
  const config = await readPhases(file);
  const phases = name === undefined ? config.phases.toReversed() : [findPhase(config, name)];
  for (const phase of phases) {
    const condition = phase.conditions.find((one) => one.id === id);
    if (condition !== undefined) return { condition, phase: phase.name };
  }
  const known = [...new Set(phases.flatMap((phase) => phase.conditions.map((one) => one.id)))];
  const near = closest(id, known);
  throw new KitError("usage", `Cannot explain "${id}": there is no such condition`, {
    hint: near === undefined ? `There are ${known.join(", ")}` : `Did you mean "${near}"?`,
  });
}
