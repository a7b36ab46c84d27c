import type { Command, Flag, FlagScalar } from "../../lib/cli/mod.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Describe `civitai-dl.yml` for editors: a shared flag is a key at the top, and each command may have a section with all
 * of its flags. A flag that only the command line sets accepts no value, so that an editor marks it and says why.
 *
 * @returns A JSON Schema (draft 2020-12)
 */
export function settingsSchema(commands: readonly Command[]): JsonSchema {
  const names = new Set(commands.map(({ name }) => name));
  const shared: Record<string, JsonSchema> = {};
  for (const { flags = [] } of commands) {
    for (const flag of flags) if (flag.setting === "shared") shared[flag.key ?? flag.name] ??= settingOf(flag);
  }
  const properties = { ...shared };
  for (const command of commands) {
    const own = (command.flags ?? []).map((flag) => [flag.name, propertyOf(flag, names)]);
    const section = {
      type: "object",
      description: command.summary,
      properties: Object.fromEntries(own),
      additionalProperties: false,
    };
    const flag = shared[command.name];
    properties[command.name] = flag === undefined ? section : { anyOf: [flag, section] };
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of civitai-dl",
    description:
      "A key at the top counts for every command that has such a flag; the keys of a section count for its command alone.",
    type: "object",
    properties,
    additionalProperties: false,
  };
}

function propertyOf(flag: Flag, commands: ReadonlySet<string>): JsonSchema {
  const key = flag.key ?? flag.name;
  if (flag.setting === "none") return { not: {}, description: `Only on the command line: ${flag.summary}` };
  // The property of a name that is a command, too, is not the flag's alone.
  return flag.setting === "shared" && !commands.has(key) ? { $ref: `#/properties/${key}` } : settingOf(flag);
}

function settingOf(flag: Flag): JsonSchema {
  const one = typeOf(flag);
  const description = flag.unit === undefined ? flag.summary : `${flag.summary}, ${flag.unit}`;
  const value = flag.default === undefined ? {} : { default: flag.default };
  return flag.multiple
    ? { anyOf: [one, { type: "array", items: one }], description, ...value }
    : { ...one, description, ...value };
}

function typeOf({ type, choices, min, max }: Flag): JsonSchema {
  switch (type) {
    case "boolean":
      return { type: "boolean" };
    case "integer":
    case "number":
      return { type, ...bound("minimum", min), ...bound("maximum", max) };
    case "choice":
      return { enum: choices ?? [] };
    case "duration":
    case "size":
    case "date":
    case "path":
    case "string":
      return { type: ["string", "number"] };
  }
}

function bound(name: string, value: FlagScalar | undefined): JsonSchema {
  return value === undefined ? {} : { [name]: value };
}
