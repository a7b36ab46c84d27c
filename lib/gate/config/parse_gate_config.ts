import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { completeCondition } from "./_complete_condition.ts";
import type { GateConfig, GatePhase } from "./gate_config.ts";
import { type GateFile, gateSchema } from "./_gate_schema.ts";

/** Options of {@linkcode parseGateConfig}. */
export interface ParseGateConfigOptions {
  /**
   * Name of the file in messages.
   *
   * @default {"phases.yml"}
   */
  readonly file?: string | undefined;
  /** Names of the existing checks; any other name is an error. If absent, any name is accepted. */
  readonly checks?: readonly string[] | undefined;
}

/**
 * Parse a phases file. A phase inherits all conditions of the phase that it extends, and cannot change them.
 *
 * @param text The YAML
 * @param options The file's name, and the existing checks
 * @returns The phases, each with all its conditions
 * @throws {ConfigError} With the line and column of each error
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseGateConfig } from "@civitai-dl/civitai-dl/gate";
 *
 * const text = `version: 1
 * phases:
 *   - name: release
 *     title: Ready to ship
 *     conditions:
 *       - { id: lint, title: No warnings, check: lint, require: "= 0" }`;
 * const { phases } = parseGateConfig(text, { file: "phases.yml", checks: ["lint"] });
 * assertEquals(phases[0]!.conditions.map(({ id, require }) => [id, require?.value]), [["lint", 0]]);
 * ```
 */
export function parseGateConfig(text: string, options: ParseGateConfigOptions = {}): GateConfig {
  const { file = "phases.yml", checks } = options;
  const yaml = readYaml(text, { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(gateSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const phases = readPhases(written!, mistakes, checks);
  mistakes.throwIfAny(file);
  return { sources: written!.sources ?? [], sourcesOf: written!.sourcesOf ?? {}, phases };
}

function readPhases(file: GateFile, mistakes: Mistakes, checks: readonly string[] | undefined): readonly GatePhase[] {
  const phases = new Map<string, GatePhase>();
  const complete = { checks, sources: file.sources, sourcesOf: file.sourcesOf ?? {} };
  for (const [index, { name, title, extends: base, conditions: entries }] of file.phases.entries()) {
    const path = ["phases", index] as const;
    if (phases.has(name)) mistakes.add([...path, "name"], `the phase "${name}" is defined twice`);
    const inherited = base === undefined ? [] : phases.get(base)?.conditions;
    if (inherited === undefined) {
      mistakes.add([...path, "extends"], `no phase before this one is named "${base}"`, {
        hint: phases.size === 0 ? "This is the first phase" : `Available: ${[...phases.keys()].join(", ")}`,
      });
    }
    const conditions = [...inherited ?? []];
    for (const [place, entry] of entries.entries()) {
      const note = (key: string, message: string, hint?: string) =>
        mistakes.add([...path, "conditions", place, key], message, { hint });
      const before = conditions.find(({ id }) => id === entry.id);
      if (before !== undefined) note("id", `the condition "${entry.id}" is also in phase ${before.phase}`);
      const condition = completeCondition({ ...entry, phase: name }, { ...complete, note });
      if (condition !== undefined) conditions.push(condition);
    }
    phases.set(name, { name, title, extends: base ?? null, conditions });
  }
  return [...phases.values()];
}
