import * as z from "zod";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { type StrategyFile, strategySchema } from "./_strategy_schema.ts";
import type { Strategy } from "./strategy.ts";

/** Words that names may contain, by the kind of branch; a name of another kind has only `{name}`. */
const PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = {
  phase: ["phase", "version", "minor"],
  release: ["version", "minor"],
};

/**
 * Parse a branch strategy.
 *
 * @param text The YAML
 * @param file Name of the file in messages
 * @returns The strategy, with defaults
 * @throws {ConfigError} With the line and column of each mistake
 */
export function parseStrategy(text: string, file: string): Strategy {
  const yaml = readYaml(text, { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(strategySchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const strategy = withDefaults(written!);
  checkReferences(strategy, mistakes);
  mistakes.throwIfAny(file);
  return strategy;
}

function withDefaults(file: StrategyFile): Strategy {
  const { remote = "origin", main = "main", develop = "develop", mainBy = "push", protection, phases, branches } = file;
  return {
    remote,
    main,
    develop,
    mainBy,
    protection: protection === undefined ? null : {
      workflow: protection.workflow,
      checks: protection.checks,
      approvals: protection.approvals ?? 0,
      finishBy: protection.finishBy ?? ["maintain", "admin"],
    },
    phases,
    branches: branches.map((rule) => ({
      kind: rule.kind,
      name: rule.name,
      from: rule.from,
      also: rule.also ?? [],
      into: rule.into ?? [],
      gate: rule.gate ?? null,
      tag: rule.tag ?? null,
      beside: rule.beside ?? [],
    })),
  };
}

/** Check what no schema can: names of branches that others refer to, order of phases, words in patterns. */
function checkReferences({ main, develop, phases, branches }: Strategy, mistakes: Mistakes): void {
  for (const [index, { phase }] of phases.entries()) {
    if (phase === index + 1) continue;
    mistakes.add(["phases", index, "phase"], `phase ${phase} is in place ${index + 1}`, {
      hint: "Number the phases 1, 2, 3 … in order",
    });
  }
  for (const [index, rule] of branches.entries()) {
    const path = ["branches", index] as const;
    if (branches.findIndex(({ kind }) => kind === rule.kind) < index) {
      mistakes.add([...path, "kind"], `the kind "${rule.kind}" is defined twice`);
    }
    const bases = [main, develop];
    if (!bases.includes(rule.from)) mistakes.addUnknown([...path, "from"], "long-lived branch", rule.from, bases);
    for (const [place, target] of rule.into.entries()) {
      if (!bases.includes(target)) mistakes.addUnknown([...path, "into", place], "long-lived branch", target, bases);
    }
    const known = PLACEHOLDERS[rule.kind] ?? ["name"];
    for (const pattern of [rule.name, ...rule.also, ...rule.beside, ...rule.tag === null ? [] : [rule.tag]]) {
      for (const [, word] of pattern.matchAll(/\{(\w*)\}/g)) {
        if (!known.includes(word!)) mistakes.addUnknown([...path, "kind"], "placeholder", word!, known);
      }
    }
  }
}

/**
 * Generate the JSON Schema of a strategy file, for editors.
 *
 * @returns A JSON Schema of draft 2020-12
 */
export function strategyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(strategySchema, { io: "input" }), title: "Branch strategy" };
}
