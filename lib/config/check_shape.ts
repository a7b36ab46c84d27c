import type * as z from "zod";
import { closest } from "../base/mod.ts";
import type { Mistakes } from "./mistakes.ts";
import type { YamlPath } from "./read_yaml.ts";

/** What {@linkcode checkShape} needs from a schema; zod schemas satisfy it. */
export interface ShapeSchema<T> {
  /** Validates a value. */
  safeParse(value: unknown): { readonly success: boolean; readonly data?: T | undefined; readonly error?: unknown };
}

/**
 * Validate a parsed file. Mistakes are reported in YAML terms, such as mapping and list, instead of zod's terms.
 *
 * @param zodSchema A zod schema; its own error messages are used if they begin with "must "
 * @param mistakes Receives the mistakes; those about unknown keys suggest the key that was probably meant
 * @returns The output of the schema, or `undefined` if the file does not match it
 */
export function checkShape<T>(zodSchema: ShapeSchema<T>, value: unknown, mistakes: Mistakes): T | undefined {
  const result = zodSchema.safeParse(value);
  if (result.success) return result.data;
  const schema = zodSchema as unknown as z.ZodType;
  const { issues } = result.error as z.core.$ZodError;
  const misspelt = new Set(issues.flatMap((issue) => listIntendedPaths(schema, issue)));
  for (const issue of issues) {
    // A misspelled key is reported only as unknown, not also as missing.
    const isMissing = valueAt(value, stepsOf(issue)) === undefined;
    if (!isMissing || !misspelt.has(JSON.stringify(stepsOf(issue)))) addIssue(schema, value, issue, mistakes);
  }
  return undefined;
}

function stepsOf(issue: z.core.$ZodIssue): YamlPath {
  return issue.path.filter((step) => typeof step !== "symbol");
}

/** List the paths of the known keys that were probably meant by the unknown ones. */
function listIntendedPaths(schema: z.ZodType, issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const path = stepsOf(issue);
  const known = keysAt(schema, path);
  return issue.keys.flatMap((key) => closest(key, known) ?? []).map((key) => JSON.stringify([...path, key]));
}

function addIssue(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue, mistakes: Mistakes): void {
  const path = stepsOf(issue);
  const key = String(path.at(-1));
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, path);
    for (const unknown of issue.keys) {
      const near = closest(unknown, known);
      const hint = near === undefined ? `Valid keys: ${known.join(", ")}` : `Did you mean "${near}"?`;
      mistakes.add([...path, unknown], `unknown key "${unknown}"`, { hint, atKey: true });
    }
    return;
  }
  const found = valueAt(value, path);
  if (found === undefined && path.length > 0) {
    mistakes.add(path, `the key "${key}" is missing`, { hint: `Add ${key}:` });
    return;
  }
  if (issue.code === "invalid_value") {
    addValueIssue(path, found, issue.values.map(String), mistakes);
    return;
  }
  if (issue.code === "invalid_key") {
    mistakes.add(path, `"${key}" is not a name`, { hint: "Use letters, digits and _", atKey: true });
    return;
  }
  mistakes.add(path, `${nameOf(path)} is ${describeValue(found)}, and ${describe(issue)}`);
}

function nameOf(path: YamlPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the file";
  return typeof last === "number" ? `entry ${last + 1}` : `"${last}"`;
}

function addValueIssue(path: YamlPath, found: unknown, allowed: readonly string[], mistakes: Mistakes): void {
  const key = String(path.at(-1));
  if (key === "version" && typeof found === "number" && found > 1) {
    mistakes.add(path, `version ${found} is newer than this program`, {
      hint: "Update the program, or write version: 1",
    });
    return;
  }
  const near = typeof found === "string" ? OPERATORS[found] ?? closest(found, allowed) : undefined;
  const all = allowed.map((one) => `"${one}"`).join(", ");
  mistakes.add(path, `"${key}" is ${describeValue(found)}, and must be ${allowed.length > 1 ? "one of " : ""}${all}`, {
    hint: near === undefined ? undefined : `Did you mean "${near}"?`,
  });
}

/** Spellings of operators in other languages, mapped to ours. */
const OPERATORS: Readonly<Record<string, string>> = { "=": "==", "=>": ">=", "=<": "<=", "<>": "!=", "===": "==" };

function describe(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith("must ")) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case "too_big":
      return `must not be above ${issue.maximum}`;
    case "too_small":
      return issue.origin === "string" ? "must not be empty" : `must be ${issue.minimum} or more`;
    default:
      return "is not valid here";
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
};

/** Describe a value in a word or two. */
function describeValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  const text = String(value);
  // An address may contain a secret.
  if (/^[a-z][a-z0-9+.-]*:\S/i.test(text)) return "an address";
  return typeof value === "string" ? `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : text;
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** List the keys that the schema allows in the mapping at a path. */
function keysAt(schema: z.ZodType, path: YamlPath): readonly string[] {
  let current = shapeOf(schema);
  for (const step of path) {
    const element = current?.type === "array" ? current.element : undefined;
    current = shapeOf(current?.type === "object" ? current.shape[step] : element);
  }
  return current?.type === "object" ? Object.keys(current.shape) : [];
}

/**
 * Find the definition of a schema, without `optional` around it. It is read as data, so that only modules that define
 * schemas load zod.
 */
function shapeOf(schema: z.core.$ZodType | undefined): z.core.$ZodTypes["_zod"]["def"] | undefined {
  let current = schema as z.core.$ZodTypes | undefined;
  while (current?._zod.def.type === "optional") current = current._zod.def.innerType as z.core.$ZodTypes;
  return current?._zod.def;
}
