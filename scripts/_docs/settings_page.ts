import { takesValuesOf } from "../_frame/settings/known_settings.ts";

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

/**
 * Render the reference of all configuration files from their schemas: a table of keys for each file. A key inside an
 * object has the name of the object and a dot before it, one inside a list has `[]`.
 *
 * @param settings The schema of `civitai-dl.yml`, whose sections repeat its keys for single commands
 * @param files The other files
 * @returns Markdown
 */
export function renderSettingsPage(settings: SettingsFile, files: readonly SettingsFile[]): string {
  return [
    "# Keys of the configuration files",
    "Made from the schemas by `deno task docs`; do not edit.",
    ...sectionOf(settings, ["key", "value", "meaning", "commands"], rowsOfSettings(settings.schema)),
    ...files.flatMap((file) => sectionOf(file, ["key", "value", "meaning"], rowsOf(file.schema))),
  ].join("\n\n") + "\n";
}

function sectionOf(
  { name, text }: SettingsFile,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
  return [`## ${name}`, text, lines.join("\n")];
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

/** More are only counted. */
const MOST_COMMANDS = 4;

/** A key at the top counts for each command that has a flag of this name with the same kind of values. */
function rowsOfSettings({ properties = {} }: JsonSchema): readonly (readonly string[])[] {
  const forms = Object.entries(properties).flatMap(([name, schema]) => {
    // A name that is a flag and a command has both forms.
    const { anyOf = [] } = schema;
    return (anyOf.some(isSection) ? anyOf : [schema]).map((form) => [name, form] as const);
  });
  const sections = forms.filter(([, form]) => isSection(form));
  return forms.filter(([, form]) => !isSection(form)).map(([key, schema]) => {
    const commands = sections.filter(([, section]) => takesSame(section.properties?.[key], schema)).map(([name]) =>
      name
    );
    const by = commands.length > MOST_COMMANDS ? `${commands.length} commands` : commands.join(", ");
    return [`\`${key}\``, valueOf(schema), meaningOf(schema), by];
  });
}

function takesSame(own: JsonSchema | undefined, shared: JsonSchema): boolean {
  return own !== undefined && (own.$ref !== undefined || takesValuesOf(own, shared));
}

/** Whether it is the section of a command. */
function isSection({ properties }: JsonSchema): boolean {
  return properties !== undefined;
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
