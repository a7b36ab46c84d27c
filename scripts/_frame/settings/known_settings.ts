import SCHEMA from "../../../config/civitai-dl.schema.json" with { type: "json" };

/** Names that a configuration file may use. */
export interface KnownSettings {
  /** Flags of any command. */
  readonly flags: ReadonlySet<string>;
  /** Commands, each of which may have its own section. */
  readonly commands: ReadonlySet<string>;
}

/** A property of the schema; `anyOf` has both forms of a name that is a flag and a command. */
interface Property {
  readonly description?: string;
  readonly type?: unknown;
  readonly anyOf?: readonly Property[];
}

/** Names from the schema that `deno task docs` generates, so that no script has to import all commands. */
export const KNOWN_SETTINGS: KnownSettings = {
  flags: new Set(namesOf((form) => form.type !== "object")),
  commands: new Set(namesOf((form) => form.type === "object")),
};

function namesOf(isWanted: (form: Property) => boolean): readonly string[] {
  const properties: Readonly<Record<string, Property>> = SCHEMA.properties;
  return Object.entries(properties).filter(([, property]) => (property.anyOf ?? [property]).some(isWanted))
    .map(([name]) => name);
}
