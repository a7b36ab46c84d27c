// @ts-types="@types/semver"
import semver from "semver";
import * as z from "zod";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { type StrategyFile, strategySchema } from "./_strategy_schema.ts";
import { DEFAULT_TAG_FORMS, fillTagForm, type TagForms, TAGGED_STAGES } from "../../installation/mod.ts";
import type { BranchRule, StageRule, Strategy, StrategyPhase, VersionLine } from "./strategy.ts";

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
  const { remote = "origin", main = "main", develop = "develop" } = file;
  const { patchGate = null } = file;
  const lines = file.lines.map(({ line, title, phase = null, gate = null }): VersionLine => {
    return { name: line.replace(/\.x$/, ""), title, phase, gate };
  });
  const stages = file.stages.map(({ stage, tag, gate = null }): StageRule => ({ stage, tag, gate }));
  const branches = file.branches.map((rule): BranchRule => ({
    kind: rule.kind,
    name: rule.name,
    from: rule.from,
    also: rule.also ?? [],
    into: rule.into ?? [],
    gate: rule.gate ?? null,
    tag: rule.tag ?? null,
    beside: rule.beside ?? [],
  }));
  const phases = lines.flatMap(({ name, title, phase }): readonly StrategyPhase[] =>
    phase === null ? [] : [{ phase, version: `${name}.0`, title }]
  );
  return {
    remote,
    main,
    develop,
    patchGate,
    lines,
    phases,
    stages,
    tagForms: tagFormsOf(stages, branches),
    branches,
  };
}

/** Phases are tagged when their branch is finished, so the form of their tags is with the branch. */
function tagFormsOf(stages: readonly StageRule[], branches: readonly BranchRule[]): TagForms {
  const phaseTag = branches.find(({ kind }) => kind === "phase")?.tag ?? null;
  return {
    ...Object.fromEntries(stages.map(({ stage, tag }) => [stage, tag])),
    ...phaseTag === null ? {} : { phase: phaseTag.replace("{phase}", "{number}") },
  };
}

/** Check what no schema can: what one part of the strategy says of another one, and orders. */
function checkReferences(strategy: Strategy, mistakes: Mistakes): void {
  checkLines(strategy, mistakes);
  checkStages(strategy, mistakes);
  checkBranches(strategy, mistakes);
}

function checkLines({ lines, stages, patchGate }: Strategy, mistakes: Mistakes): void {
  let phases = 0;
  const needsPhase = [...stages.map(({ gate }) => gate), patchGate].some(hasPhase);
  for (const [index, { name, phase, gate }] of lines.entries()) {
    const path = ["lines", index] as const;
    const before = lines[index - 1];
    if (before !== undefined && semver.compare(`${name}.0`, `${before.name}.0`) <= 0) {
      mistakes.add([...path, "line"], `${name}.x comes after ${before.name}.x`, {
        hint: "Write the oldest line first",
      });
    }
    if (phase !== null && phase !== ++phases) {
      mistakes.add([...path, "phase"], `phase ${phase} is in place ${phases}`, {
        hint: "Number the phases 1, 2, 3 … in order",
      });
    }
    if (phase === null && gate === null && needsPhase) {
      mistakes.add([...path], `the line ${name}.x has no phase, and gates of stages need one`, {
        hint: "Give it a gate of its own, such as gate: [deno, task, checks]",
      });
    }
  }
}

function hasPhase(gate: readonly string[] | null): boolean {
  return gate?.some((word) => word.includes("{phase}")) ?? false;
}

/** The tags of the stages must be versions whose precedence is the order of the stages, as JSR and npm see it. */
function checkStages({ stages }: Strategy, mistakes: Mistakes): void {
  for (const stage of ["candidate", "stable"] as const) {
    if (!stages.some((one) => one.stage === stage)) mistakes.add(["stages"], `the stage "${stage}" is missing`);
  }
  let last: string | null = null;
  for (const [index, { stage, tag }] of stages.entries()) {
    const path = ["stages", index] as const;
    const before = stages[index - 1];
    if (before !== undefined && TAGGED_STAGES.indexOf(stage) <= TAGGED_STAGES.indexOf(before.stage)) {
      mistakes.add([...path, "stage"], `"${stage}" comes after "${before.stage}"`, {
        hint: `Write them once, in this order: ${TAGGED_STAGES.join(", ")}`,
      });
    }
    const wanted = stage === "candidate" ? /^v\{version\}-[\w.-]+\.\{number\}$/ : /^v\{version\}(-[\w.-]+)?$/;
    const version = semver.valid(fillTagForm(tag, "1.1.0", 1).slice(1));
    if (!wanted.test(tag) || version === null) {
      const form = DEFAULT_TAG_FORMS[stage];
      mistakes.add([...path, "tag"], `"${tag}" is not a form of the tags of "${stage}"`, {
        hint: `Write it like ${form}; without the v it must be a version`,
      });
      continue;
    }
    if (last !== null && semver.compare(version, last) <= 0) {
      mistakes.add([...path, "tag"], `the version ${version} does not come after ${last}`, {
        hint: "Semantic Versioning sorts what follows the hyphen by its letters, and a version without one last",
      });
    }
    last = version;
  }
}

function checkBranches({ main, develop, branches, phases }: Strategy, mistakes: Mistakes): void {
  for (const [index, rule] of branches.entries()) {
    const path = ["branches", index] as const;
    if (branches.findIndex(({ kind }) => kind === rule.kind) < index) {
      mistakes.add([...path, "kind"], `the kind "${rule.kind}" is defined twice`);
    }
    if (rule.kind === "develop" && hasPhase(rule.gate) && phases.length === 0) {
      mistakes.add([...path, "gate"], "it names a phase, and no line has one", { hint: "Leave out {phase}" });
    }
    const bases = [main, develop];
    if (!bases.includes(rule.from)) mistakes.addUnknown([...path, "from"], "long-lived branch", rule.from, bases);
    for (const [place, target] of rule.into.entries()) {
      if (!bases.includes(target)) mistakes.addUnknown([...path, "into", place], "long-lived branch", target, bases);
    }
    if (rule.kind === "release" && rule.into[0] !== main) {
      mistakes.add([...path, rule.into.length === 0 ? "kind" : "into"], `a release is not merged into ${main} first`, {
        hint: `The tag of a release is on its merge in ${main}: into: [${main}, ${develop}]`,
      });
    }
    const known = PLACEHOLDERS[rule.kind] ?? ["name"];
    for (const pattern of [rule.name, ...rule.also, ...rule.beside, ...rule.tag === null ? [] : [rule.tag]]) {
      for (const [, word] of pattern.matchAll(/\{(\w*)\}/g)) {
        if (!known.includes(word!)) mistakes.addUnknown([...path, "kind"], "placeholder", word!, known);
      }
    }
    if (rule.tag !== null) checkTag(rule.tag, rule, { path, mistakes });
  }
}

/** The words of a tag come from the name of the branch, or the tag would be pushed with a placeholder in it. */
function checkTag(
  tag: string,
  { name, also }: BranchRule,
  { path, mistakes }: { readonly path: readonly (string | number)[]; readonly mistakes: Mistakes },
): void {
  for (const word of listWords(tag)) {
    const lacking = [name, ...also].find((pattern) => {
      return !listWords(pattern).some((one) => one === word || IMPLIED[one]?.includes(word));
    });
    if (lacking !== undefined) mistakes.add([...path, "tag"], `{${word}} does not follow from the name "${lacking}"`);
  }
}

/** The words that follow from another one in the name of a branch. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  phase: ["version", "minor"],
  version: ["minor"],
  minor: ["version"],
};

function listWords(pattern: string): readonly string[] {
  return [...pattern.matchAll(/\{(\w+)\}/g)].map(([, word]) => word!);
}

/**
 * Generate the JSON Schema of a strategy file, for editors.
 *
 * @returns A JSON Schema of draft 2020-12
 */
export function strategyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(strategySchema, { io: "input" }), title: "Branch strategy" };
}
