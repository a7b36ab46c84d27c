import SCHEMA from "../../config/civitai-dl.schema.json" with { type: "json" };

/** Names that a configuration file may use. */
export interface KnownSettings {
  /** Flags of any command. */
  readonly flags: ReadonlySet<string>;
  /** Commands, which may have a section of their own. */
  readonly commands: ReadonlySet<string>;
}

/** Names from the schema, which `deno task docs` generates: so no script must import all commands. */
export const KNOWN_SETTINGS: KnownSettings = {
  flags: new Set(namesOf((property) => property.type !== "object")),
  commands: new Set(namesOf((property) => property.type === "object")),
};

function namesOf(isWanted: (property: { readonly type?: unknown }) => boolean): readonly string[] {
  const properties: Readonly<Record<string, object>> = SCHEMA.properties;
  return Object.entries(properties).filter(([, property]) => isWanted(property)).map(([name]) => name);
}
