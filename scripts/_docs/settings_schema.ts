import type { Command, Flag } from "../../lib/cli/mod.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Describe `civitai-dl.yml` for editors: each flag is a setting, and each command may have its own section.
 *
 * @param commands Every command
 * @returns A JSON Schema (draft 2020-12)
 */
export function settingsSchema(commands: readonly Command[]): JsonSchema {
  const names = new Set(commands.map(({ name }) => name));
  const settings: Record<string, JsonSchema> = {};
  for (const command of commands) {
    for (const flag of settingsOf(command)) settings[flag.name] ??= settingOf(flag);
  }
  const properties = { ...settings };
  for (const command of commands) {
    const own = settingsOf(command).map((flag) => {
      // The property of a name that is a command, too, is not the flag's alone.
      const shared = names.has(flag.name) ? undefined : settings[flag.name];
      return [flag.name, refOr(shared, flag)];
    });
    const section = {
      type: "object",
      description: command.summary,
      properties: Object.fromEntries(own),
      additionalProperties: false,
    };
    const flag = settings[command.name];
    properties[command.name] = flag === undefined ? section : { anyOf: [flag, section] };
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of civitai-dl",
    description: "Keys are flags without the dashes; the section of a command counts for that command alone.",
    type: "object",
    properties,
    additionalProperties: false,
  };
}

/** Refer to the setting for all commands if the command's own setting equals it. */
function refOr(shared: JsonSchema | undefined, flag: Flag): JsonSchema {
  const own = settingOf(flag);
  return JSON.stringify(shared) === JSON.stringify(own) ? { $ref: `#/properties/${flag.name}` } : own;
}

/** Return all flags of a command, including hidden flags, which also work in the file. */
function settingsOf(command: Command): readonly Flag[] {
  return command.flags ?? [];
}

function settingOf(flag: Flag): JsonSchema {
  const value = { ...typeOf(flag), description: flag.summary };
  return flag.multiple
    ? { anyOf: [typeOf(flag), { type: "array", items: typeOf(flag) }], description: flag.summary }
    : value;
}

function typeOf({ type, choices }: Flag): JsonSchema {
  switch (type) {
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "integer" };
    case "number":
      return { type: "number" };
    case "duration":
    case "size":
      return { type: ["string", "number"] };
    case "choice":
      return { enum: choices ?? [] };
    case "date":
    case "path":
    case "string":
      return { type: ["string", "number"] };
  }
}
