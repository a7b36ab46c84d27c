import { compareText } from "../../lib/base/mod.ts";
import type { Command, Flag } from "../../lib/cli/mod.ts";

/** The part of a JSON Schema (draft 2020-12) that the schemas of `config/` use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly $ref?: string;
}

/** A configuration file and its schema. */
export interface SettingsFile {
  /** Its name, such as `alerts.yml`. */
  readonly name: string;
  /** What it is for and where it lies, as Markdown. */
  readonly text: string;
  readonly schema: JsonSchema;
}

/** The program's own configuration file, whose keys are the flags of its commands. */
export interface FlagsFile extends Omit<SettingsFile, "schema"> {
  /** What keys in sections are, as Markdown. */
  readonly sectionsText: string;
  readonly commands: readonly Command[];
}

/**
 * Render the reference of all configuration files: of the program's own one from its flags, of the others from their
 * schemas, as a table of keys for each file. A key inside an object has the name of the object and a dot before it, one
 * inside a list has `[]`.
 *
 * @param settings The file that sets flags
 */
export function renderSettingsPage(settings: FlagsFile, files: readonly SettingsFile[]): string {
  const { name, text, sectionsText, commands } = settings;
  const head = ["key", "value", "default", "meaning", "commands"];
  return [
    "# Keys of the configuration files",
    "Made from the flags and the schemas by `deno task docs`; do not edit.",
    `## ${name}`,
    text,
    tableOf(head, rowsOfFlags(commands, "shared")),
    sectionsText,
    tableOf(head, rowsOfFlags(commands, "own")),
    ...files.flatMap(({ name, text, schema }) => [
      `## ${name}`,
      text,
      tableOf(["key", "value", "meaning"], rowsOf(schema)),
    ]),
  ].join("\n\n") + "\n";
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(escaped).join(" | ")} |`).join("\n");
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

/** One row for each meaning of a key, with all commands that mean it. */
function rowsOfFlags(commands: readonly Command[], setting: "shared" | "own"): readonly (readonly string[])[] {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly names: string[] }>();
  for (const { name, flags = [] } of commands) {
    for (const flag of flags) {
      if ((flag.setting ?? "own") !== setting) continue;
      const key = setting === "shared" ? flag.key ?? flag.name : flag.name;
      const cells = [`\`${key}\``, valueOfFlag(flag), defaultOf(flag), flag.summary];
      const row = rows.get(cells.join("\n")) ?? { cells, names: [] };
      rows.set(cells.join("\n"), row);
      row.names.push(name);
    }
  }
  const sorted = [...rows.values()];
  // Meanings of one key stand together; the flags of a command keep their order.
  if (setting === "own") sorted.sort((a, b) => compareText(a.cells[0]!, b.cells[0]!));
  return sorted.map(({ cells, names }) => [...cells, names.join(", ")]);
}

const TYPES: Readonly<Record<Exclude<Flag["type"], "choice">, string>> = {
  boolean: "`true` or `false`",
  integer: "whole number",
  number: "number",
  duration: "time",
  size: "size",
  date: "date",
  path: "path",
  string: "text",
};

function valueOfFlag(flag: Flag): string {
  const { type, choices = [], min, max, unit, multiple } = flag;
  const code = (bound: number | string) => typeof bound === "number" ? String(bound) : `\`${bound}\``;
  const low = min === undefined ? "" : ` from ${code(min)}`;
  const high = max === undefined ? "" : ` ${min === undefined ? "up to" : "to"} ${code(max)}`;
  if (type === "choice") {
    return `${choices.map((choice) => `\`${choice}\``).join(", ")}${multiple ? ", or a list of these" : ""}`;
  }
  const one = `${TYPES[type]}${low}${high}${unit === undefined ? "" : ` ${unit}`}`;
  return multiple ? `${one}, or list of: ${one}` : one;
}

function defaultOf({ type, default: value, multiple }: Flag): string {
  if (value === undefined) return type === "boolean" && !multiple ? "`false`" : "";
  return [value].flat().map((one) => `\`${one}\``).join(", ");
}

function rowsOf(schema: JsonSchema, path = ""): readonly (readonly string[])[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = path === "" ? key : `${path}.${key}`;
    const must = schema.required?.includes(key) ? " (required)" : "";
    return [[`\`${name}\``, `${valueOf(value)}${must}`, meaningOf(value)], ...rowsOf(value, name)];
  });
  const { items, additionalProperties, anyOf = [] } = schema;
  return [
    ...own,
    ...items === undefined ? [] : rowsOf(items, `${path}[]`),
    ...typeof additionalProperties === "object" ? rowsOf(additionalProperties, `${path}.NAME`) : [],
    ...anyOf.flatMap((one) => rowsOf(one, path)),
  ];
}

/** Two tildes, as of `=~` and `!~`, would strike out what is between them. */
function meaningOf({ description = "" }: JsonSchema): string {
  return description.replaceAll("~", "\\~");
}

/** What a value may be, in words. */
function valueOf(schema: JsonSchema): string {
  const { anyOf, examples = [] } = schema;
  if (examples.length > 0) return `such as ${examples.map((one) => `\`${one}\``).join(", ")}`;
  if (anyOf !== undefined) return [...new Set(anyOf.map(valueOf))].join(", or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(", ");
  const types = typeof schema.type === "string" ? [schema.type] : schema.type ?? [];
  // YAML reads a text of digits as a number, so where text may stand, a number may too.
  return types.filter((type) => type !== "number" || !types.includes("string")).map((type) => typeText(type, schema))
    .join(" or ");
}

function typeText(type: string, { items, minimum, maximum }: JsonSchema): string {
  switch (type) {
    case "boolean":
      return "`true` or `false`";
    case "array":
      return `list${items === undefined || valueOf(items) === "" ? "" : ` of: ${valueOf(items)}`}`;
    case "object":
      return "keys and values";
    case "string":
      return "text";
    default:
      return `${type === "integer" ? "whole number" : "number"}${rangeOf(minimum, maximum)}`;
  }
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): string {
  const high = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum === undefined || minimum === -Number.MAX_SAFE_INTEGER) return high === undefined ? "" : ` up to ${high}`;
  return high === undefined ? ` from ${minimum}` : ` from ${minimum} to ${high}`;
}
