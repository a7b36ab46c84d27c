import SCHEMA from "../../../config/civitai-dl.schema.json" with { type: "json" };

/** Names that a configuration file may use. */
export interface KnownSettings {
  /** Flags of any command. */
  readonly flags: ReadonlySet<string>;
  /** Commands, each of which may have its own section. */
  readonly commands: ReadonlySet<string>;
}

/** Names from the schema that `deno task docs` generates, so that no script has to import all commands. */
export const KNOWN_SETTINGS: KnownSettings = {
  flags: new Set(namesOf((property) => property.type !== "object")),
  commands: new Set(namesOf((property) => property.type === "object")),
};

function namesOf(isWanted: (property: { readonly type?: unknown }) => boolean): readonly string[] {
  const properties: Readonly<Record<string, object>> = SCHEMA.properties;
  return Object.entries(properties).filter(([, property]) => isWanted(property)).map(([name]) => name);
}
