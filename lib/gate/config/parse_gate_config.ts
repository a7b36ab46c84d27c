import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { completeCondition } from "./_complete_condition.ts";
import type { GateCondition, GateConfig, GatePhase } from "./gate_config.ts";
import { type ConditionEntry, type GateFile, gateSchema } from "./_gate_schema.ts";

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
 * Parse a phases file. A phase inherits all conditions of the phase that it extends. A condition with the id of an
 * inherited one overrides only the keys that it contains.
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
  const merged = new Map<string, ReadonlyMap<string, ConditionEntry & { readonly phase: string }>>();
  const phases: GatePhase[] = [];
  const complete = { checks, sources: file.sources, sourcesOf: file.sourcesOf ?? {} };
  for (const [index, phase] of file.phases.entries()) {
    const path = ["phases", index] as const;
    if (merged.has(phase.name)) mistakes.add([...path, "name"], `the phase "${phase.name}" is defined twice`);
    const base = phase.extends === undefined ? new Map() : merged.get(phase.extends);
    if (base === undefined) {
      mistakes.add([...path, "extends"], `no phase before this one is named "${phase.extends}"`, {
        hint: merged.size === 0 ? "This is the first phase" : `Available: ${[...merged.keys()].join(", ")}`,
      });
    }
    const entries = new Map<string, ConditionEntry & { readonly phase: string }>(base);
    const own = new Set<string>();
    for (const [conditionIndex, entry] of phase.conditions.entries()) {
      const place = [...path, "conditions", conditionIndex];
      if (own.has(entry.id)) {
        mistakes.add([...place, "id"], `the condition "${entry.id}" is defined twice in this phase`);
      }
      own.add(entry.id);
      const before = entries.get(entry.id);
      const evidence = entry.evidence === undefined ? before?.evidence : { ...before?.evidence, ...entry.evidence };
      const whole = { phase: phase.name, ...before, ...entry, ...evidence === undefined ? {} : { evidence } };
      completeCondition(whole, {
        ...complete,
        note: (key, message, hint) => mistakes.add([...place, key], message, { hint }),
      });
      entries.set(entry.id, whole);
    }
    merged.set(phase.name, entries);
    const conditions = [...entries.values()].map((entry) => completeCondition(entry, { ...complete, note: () => {} }));
    phases.push({
      name: phase.name,
      title: phase.title,
      extends: phase.extends ?? null,
      conditions: conditions.filter((one): one is GateCondition => one !== undefined),
    });
  }
  return phases;
}
