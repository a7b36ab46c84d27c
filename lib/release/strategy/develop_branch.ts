import type { RepositoryFacts } from "../../git/mod.ts";
import type { StrategyBranch } from "./branch_name.ts";
import { tagsOfPhase } from "./plan_start.ts";
import type { Strategy } from "./strategy.ts";

/**
 * Describe `develop` as a branch that is merged into `main`: with features between two phases, and after the last one,
 * when no phase brings them there any more.
 *
 * @param strategy The strategy
 * @param facts The repository, which says which phases are finished
 * @returns The branch; the word of its gate is the last finished phase, or the first one before that
 */
export function developBranch(strategy: Strategy, facts: RepositoryFacts): StrategyBranch {
  const { main, develop, developGate, phases } = strategy;
  const isFinished = (tags: readonly string[]) => tags.some((tag) => facts.remote.has(`refs/tags/${tag}`));
  const last = phases.findLast((phase) => isFinished(tagsOfPhase(strategy, phase))) ?? phases[0];
  return {
    name: develop,
    rule: {
      kind: "develop",
      name: develop,
      also: [],
      from: main,
      into: [main],
      gate: developGate,
      tag: null,
      beside: [],
    },
    words: last === undefined ? {} : { phase: String(last.phase) },
  };
}
