import * as z from "zod";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import type { ListedRuleset, Ruleset, StoredRuleset } from "./ruleset.ts";

const text = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const names = z.array(text, { error: "must be a list of names" });
const parameters = z.record(z.string(), z.unknown());

const fileSchema = z.strictObject({
  name: text,
  target: z.enum(["branch", "tag", "push"]),
  enforcement: z.enum(["active", "evaluate", "disabled"]),
  conditions: z.strictObject({ ref_name: z.strictObject({ include: names, exclude: names }) }),
  rules: z.array(z.strictObject({ type: text, parameters: parameters.optional() })).min(1),
  bypass_actors: z.array(z.strictObject({
    actor_id: z.int().nullable(),
    actor_type: text,
    bypass_mode: z.enum(["always", "pull_request", "exempt"]),
  })),
});

/**
 * Parse a file of `.github/rulesets`.
 *
 * @param json The text
 * @param file Path of the file in messages
 * @returns The ruleset
 * @throws {ConfigError} With the line and column of each mistake
 */
export function parseRuleset(json: string, file: string): Ruleset {
  // JSON is YAML, and this reader knows the place of every value.
  const yaml = readYaml(json, { begin: '{ "name": …' });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const ruleset = checkShape(fileSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  return ruleset!;
}

const storedSchema = z.object({
  id: z.int(),
  name: z.string(),
  target: z.string().default("branch"),
  enforcement: z.string(),
  conditions: z.object({
    ref_name: z.object({ include: z.array(z.string()).default([]), exclude: z.array(z.string()).default([]) })
      .default({ include: [], exclude: [] }),
  }).nullish().transform((conditions) => conditions ?? { ref_name: { include: [], exclude: [] } }),
  rules: z.array(z.object({ type: z.string(), parameters: parameters.optional() })).default([]),
  bypass_actors: z.array(z.object({
    actor_id: z.int().nullish().transform((id) => id ?? null),
    actor_type: z.string(),
    bypass_mode: z.string().default("always"),
  })).nullish().transform((actors) => actors ?? null),
});

/**
 * Parse a ruleset of GitHub's API.
 *
 * @param json The answer
 * @returns The ruleset, or `null` if the answer is none
 */
export function parseStoredRuleset(json: unknown): StoredRuleset | null {
  return storedSchema.safeParse(json).data ?? null;
}

const listSchema = z.array(z.object({ id: z.int(), name: z.string() }));

/**
 * Parse a page of the list of rulesets of GitHub's API.
 *
 * @param json The answer
 * @returns The entries, or `null` if the answer is no list of rulesets
 */
export function parseRulesetList(json: unknown): readonly ListedRuleset[] | null {
  return listSchema.safeParse(json).data ?? null;
}
