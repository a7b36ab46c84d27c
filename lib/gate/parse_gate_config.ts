import type * as z from "npm:zod@^4";
import { closest } from "../base/mod.ts";
import { completeCondition } from "./_complete_condition.ts";
import type { GateCondition, GateConfig, GatePhase } from "./gate_config.ts";
import { GateConfigError } from "./gate_config_error.ts";
import { type ConditionEntry, type GateFile, gateSchema } from "./_gate_schema.ts";
import { GateYaml } from "./_gate_yaml.ts";

/** Options of {@linkcode parseGateConfig}. */
export interface ParseGateConfigOptions {
  /**
   * How messages name the file.
   *
   * @default {"phases.yml"}
   */
  readonly file?: string | undefined;
  /** Names of the checks that exist; another name is a mistake. Without it any name is taken. */
  readonly checks?: readonly string[] | undefined;
}

/**
 * Read the phases and their conditions. A phase takes over all conditions of the one that it extends; one with the same
 * id changes only what it says.
 *
 * @param text The YAML
 * @param options The file's name, and the checks that exist
 * @returns The phases, each with all its conditions
 * @throws {GateConfigError} With line and column of all mistakes
 */
export function parseGateConfig(text: string, options: ParseGateConfigOptions = {}): GateConfig {
  const { file = "phases.yml", checks } = options;
  const yaml = new GateYaml(text);
  const refuse = () => {
    if (yaml.mistakes.length > 0) throw new GateConfigError(file, yaml.mistakes);
  };
  refuse();
  const result = gateSchema.safeParse(yaml.value);
  for (const issue of result.error?.issues ?? []) noteIssue(yaml, issue);
  refuse();
  const written = result.data!;
  const phases = readPhases(written, yaml, checks);
  refuse();
  return { sources: written.sources ?? [], sourcesOf: written.sourcesOf ?? {}, phases };
}

function readPhases(file: GateFile, yaml: GateYaml, checks: readonly string[] | undefined): readonly GatePhase[] {
  const merged = new Map<string, ReadonlyMap<string, ConditionEntry & { readonly phase: string }>>();
  const phases: GatePhase[] = [];
  const complete = { checks, sourcesOf: file.sourcesOf ?? {} };
  for (const [index, phase] of file.phases.entries()) {
    const path = ["phases", index] as const;
    if (merged.has(phase.name)) yaml.add([...path, "name"], `the phase "${phase.name}" stands twice`);
    const base = phase.extends === undefined ? new Map() : merged.get(phase.extends);
    if (base === undefined) {
      yaml.add([...path, "extends"], `no phase before this one is named "${phase.extends}"`, {
        hint: merged.size === 0 ? "This is the first" : `There are ${[...merged.keys()].join(", ")}`,
      });
    }
    const entries = new Map<string, ConditionEntry & { readonly phase: string }>(base);
    const own = new Set<string>();
    for (const [at, entry] of phase.conditions.entries()) {
      const place = [...path, "conditions", at];
      if (own.has(entry.id)) yaml.add([...place, "id"], `the condition "${entry.id}" stands twice in this phase`);
      own.add(entry.id);
      const before = entries.get(entry.id);
      const evidence = entry.evidence === undefined ? before?.evidence : { ...before?.evidence, ...entry.evidence };
      const whole = { phase: phase.name, ...before, ...entry, ...evidence === undefined ? {} : { evidence } };
      completeCondition(whole, {
        ...complete,
        note: (key, message, hint) => yaml.add([...place, key], message, { hint }),
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

function noteIssue(yaml: GateYaml, issue: z.core.$ZodIssue): void {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(path);
    for (const key of issue.keys) {
      const near = closest(key, known);
      const hint = near === undefined ? `Known here: ${known.join(", ")}` : `Did you mean "${near}"?`;
      yaml.add([...path, key], `unknown key "${key}"`, { hint, atKey: true });
    }
    return;
  }
  const last = path.at(-1);
  const found = path.reduce<unknown>((value, step) => (value as Record<string, unknown> | null)?.[step], yaml.value);
  const subject = last === undefined ? "the file" : typeof last === "number" ? `entry ${last + 1}` : `"${last}"`;
  if (found === undefined && last !== undefined) yaml.add(path, `the key ${subject} is missing`);
  else if (issue.code !== "invalid_value") yaml.add(path, `${subject} ${issue.message}`);
  else yaml.add(path, `${subject} must be ${issue.values.map((value) => `"${String(value)}"`).join(" or ")}`);
}

/** The keys that a mapping at this path may have. */
function keysAt(path: readonly (string | number)[]): readonly string[] {
  const phase = gateSchema.shape.phases.element.shape;
  const condition = phase.conditions.element.shape;
  const names = path.filter((step) => typeof step === "string");
  if (names.length === 0) return Object.keys(gateSchema.shape);
  if (names.length === 1) return Object.keys(phase);
  return Object.keys(names.length === 2 ? condition : condition.evidence.unwrap().shape);
}
