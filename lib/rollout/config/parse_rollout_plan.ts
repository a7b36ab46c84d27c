import { closest } from "../../base/mod.ts";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { DEFAULT_RULES, type JudgeRules } from "../stage/judge_rules.ts";
import type { RolloutPlan, RolloutStep } from "./rollout_plan.ts";
import { type RolloutFile, rolloutSchema, type ThresholdsEntry } from "./_rollout_schema.ts";

/** Options of {@linkcode parseRolloutPlan}. */
export interface ParseRolloutPlanOptions {
  /**
   * Name of the file in messages.
   *
   * @default {"rollout.yml"}
   */
  readonly file?: string | undefined;
  /** Names that `from` and `to` may have, the most careful first; if absent, any name is accepted. */
  readonly alternatives?: readonly string[] | undefined;
}

/**
 * Parse the plan of a rollout.
 *
 * @param text The YAML
 * @param options The file's name, and the existing alternatives
 * @returns The plan, with the defaults filled in
 * @throws {ConfigError} With the line and column of each mistake
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRolloutPlan } from "@civitai-dl/civitai-dl/rollout";
 *
 * const { salt, steps } = parseRolloutPlan(`version: 1
 * name: new-search
 * from: old
 * to: new
 * steps:
 *   - setWeight: 10
 *   - analysis: {}
 *   - pause: 1h
 *   - setWeight: 100`);
 * assertEquals(salt, "new-search");
 * assertEquals(steps[2], { type: "pause", durationMs: 3_600_000 });
 * ```
 */
export function parseRolloutPlan(text: string, options: ParseRolloutPlanOptions = {}): RolloutPlan {
  const { file = "rollout.yml", alternatives } = options;
  const yaml = readYaml(text, { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(rolloutSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const { name, from, to, thresholds = {} } = written!;
  checkAlternatives(written!, alternatives, mistakes);
  const rules = readRules(thresholds);
  checkRules(rules, mistakes);
  const steps = readSteps(written!, mistakes);
  mistakes.throwIfAny(file);
  checkOrder(steps, mistakes);
  mistakes.throwIfAny(file);
  return { name, salt: written!.salt ?? name, from, to, steps, rules };
}

function checkAlternatives(
  { from, to }: RolloutFile,
  alternatives: readonly string[] | undefined,
  mistakes: Mistakes,
): void {
  if (from === to) mistakes.add(["to"], `"to" is the same as "from": nothing would change`);
  if (alternatives === undefined) return;
  for (const [key, value] of [["from", from], ["to", to]] as const) {
    if (alternatives.includes(value)) continue;
    const near = closest(value, alternatives);
    const hint = near === undefined ? `There are ${alternatives.join(", ")}` : `Did you mean "${near}"?`;
    mistakes.add([key], `"${key}" is "${value}", which does not exist`, { hint });
  }
}

function readRules(entry: ThresholdsEntry): JudgeRules {
  const base = DEFAULT_RULES;
  return {
    healthyRate: entry.healthy ?? base.healthyRate,
    failingRate: entry.failing ?? base.failingRate,
    alpha: entry.alpha ?? base.alpha,
    beta: entry.beta ?? base.beta,
    maxDrop: entry.maxDrop ?? base.maxDrop,
    speedAlpha: entry.speedAlpha ?? base.speedAlpha,
    minSamples: entry.minSamples ?? base.minSamples,
  };
}

function checkRules(rules: JudgeRules, mistakes: Mistakes): void {
  if (rules.failingRate <= rules.healthyRate) {
    mistakes.add(["thresholds", "failing"], `"failing" is not above "healthy" (${rules.healthyRate * 100}%)`);
  }
  if (rules.alpha + rules.beta >= 1) mistakes.add(["thresholds", "beta"], `"alpha" and "beta" together reach 100%`);
  if (rules.speedAlpha + rules.beta >= 1) {
    mistakes.add(["thresholds", "beta"], `"speedAlpha" and "beta" together reach 100%`);
  }
}

function readSteps(file: RolloutFile, mistakes: Mistakes): readonly RolloutStep[] {
  return file.steps.flatMap((entry, index): readonly RolloutStep[] => {
    const path = ["steps", index] as const;
    const keys = Object.keys(entry);
    if (keys.length !== 1) {
      const state = keys.length === 0 ? "has no key" : `has the keys ${keys.join(" and ")}`;
      mistakes.add(path, `the step ${state}, and must have one of setWeight, analysis, pause`);
      return [];
    }
    if (entry.setWeight !== undefined) return [{ type: "weight", percentage: entry.setWeight }];
    if (entry.pause !== undefined) return [{ type: "pause", durationMs: entry.pause }];
    return [{ type: "analysis" }];
  });
}

/** Check that the shares rise to 100, and that each analysis has two arms to compare. */
function checkOrder(steps: readonly RolloutStep[], mistakes: Mistakes): void {
  if (steps[0]?.type !== "weight") {
    mistakes.add(["steps", 0], "the first step sets no weight", { hint: "Begin with setWeight: 10" });
  }
  const last = steps.at(-1)!;
  if (last.type !== "weight" || last.percentage !== 100) {
    mistakes.add(["steps", steps.length - 1], "the last step is not setWeight: 100", {
      hint: "End with setWeight: 100",
    });
  }
  let weight = -1;
  for (const [index, step] of steps.entries()) {
    if (step.type === "weight") {
      if (step.percentage <= weight) {
        mistakes.add(["steps", index, "setWeight"], `${step.percentage} is not above the weight before it, ${weight}`);
      }
      weight = step.percentage;
      if (steps[index + 1]?.type === "weight") {
        mistakes.add(["steps", index], `nothing waits at ${weight} %`, {
          hint: "Add analysis: {} or a pause after it",
        });
      }
    }
    if (step.type === "analysis" && (weight <= 0 || weight >= 100)) {
      const state = weight >= 100 ? "nothing is left to compare the canary with" : "the canary gets nothing yet";
      mistakes.add(["steps", index], `the analysis cannot end: ${state}`, {
        hint: "Put it after a setWeight between 0 and 100",
      });
    }
  }
}
