import { KitError } from "../../base/mod.ts";
import type { ReleaseVersion, TaggedStage } from "../../installation/mod.ts";
import { fillGate } from "./fill_gate.ts";
import type { StageRule, Strategy, VersionLine } from "./strategy.ts";

/**
 * Find the line of a version.
 *
 * @param strategy The strategy
 * @param version A version of any stage
 * @returns Its line
 * @throws {KitError} `usage` if it is of no line
 */
export function lineOf({ lines }: Strategy, { base }: Pick<ReleaseVersion, "base">): VersionLine {
  const name = base.split(".").slice(0, 2).join(".");
  const line = lines.find((one) => one.name === name);
  if (line !== undefined) return line;
  throw new KitError("usage", `Cannot release ${base}: there is no line ${name}`, {
    hint: `The lines are ${lines.map((one) => `${one.name}.x`).join(", ")}; config/branches.yml lists them`,
  });
}

/**
 * Find the rule of a stage.
 *
 * @param strategy The strategy
 * @param stage The stage
 * @returns Its rule
 * @throws {KitError} `usage` if releases have no such stage
 */
export function stageRuleOf({ stages }: Strategy, stage: TaggedStage): StageRule {
  const rule = stages.find((one) => one.stage === stage);
  if (rule !== undefined) return rule;
  throw new KitError("usage", `Cannot tag a ${stage} version: the branch strategy has no such stage`, {
    hint: `The stages are ${stages.map((one) => one.stage).join(", ")}; config/branches.yml lists them`,
  });
}

/** What a gate of the strategy is filled with. */
export interface ReleaseGateOptions {
  /** The stage to tag. */
  readonly stage: TaggedStage;
  /** Absolute path of the folder of reports in the user's checkout; `null` if there is none. */
  readonly reports: string | null;
}

/**
 * Return the command that a tree must pass to be tagged: that of the version's line, or else that of a fix, or of its
 * stage.
 *
 * @param strategy The strategy
 * @param version The version to tag
 * @param options Stage, and where the reports are
 * @returns Program and arguments; `null` if there is none
 */
export function releaseGateOf(
  strategy: Strategy,
  version: Pick<ReleaseVersion, "base">,
  { stage, reports }: ReleaseGateOptions,
): readonly string[] | null {
  const line = lineOf(strategy, version);
  const isPatch = !version.base.endsWith(".0");
  const gate = line.gate ?? (isPatch ? strategy.patchGate : null) ?? stageRuleOf(strategy, stage).gate;
  const phase = line.phase === null ? undefined : String(line.phase);
  return gate === null ? null : fillGate(gate, { phase }, reports);
}
