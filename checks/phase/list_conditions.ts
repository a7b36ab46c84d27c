import { closest, KitError } from "../../lib/base/mod.ts";
import type { GateCondition, GatePhase } from "../../lib/gate/mod.ts";
import { findPhase } from "./judge_phase.ts";
import { readPhases } from "./read_phases.ts";

/** A condition, and the phase for which it is explained. */
export interface ExplainedCondition {
  /** The condition. */
  readonly condition: GateCondition;
  /** The phase's name. */
  readonly phase: string;
}

/** Options of {@linkcode listPhase}. */
export interface ListPhaseOptions {
  /** Whether to list the conditions of earlier phases, too. */
  readonly isResolved: boolean;
  /**
   * The phases file.
   *
   * @default {that of the project}
   */
  readonly file?: string | undefined;
}

/** List the conditions of a phase. */
export async function listPhase(name: string, { isResolved, file }: ListPhaseOptions): Promise<GatePhase> {
  const phase = findPhase(await readPhases(file), name);
  if (isResolved) return phase;
  return { ...phase, conditions: phase.conditions.filter((one) => one.phase === phase.name) };
}

/** Options of {@linkcode explainCondition}. */
export interface ExplainConditionOptions {
  /**
   * The phase's name.
   *
   * @default {the last phase that contains the condition}
   */
  readonly phase?: string | undefined;
  /**
   * The phases file.
   *
   * @default {that of the project}
   */
  readonly file?: string | undefined;
}

/** Find a condition. */
export async function explainCondition(id: string, options: ExplainConditionOptions): Promise<ExplainedCondition> {
  const config = await readPhases(options.file);
  const phases = options.phase === undefined ? config.phases.toReversed() : [findPhase(config, options.phase)];
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
