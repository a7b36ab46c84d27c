import SCHEMA from "../../../config/civitai-dl.schema.json" with { type: "json" };

/** Names that a configuration file may use, and those that it may not use where somebody would write them. */
export interface KnownSettings {
  /** Keys at the top, each of which means the same for every command. */
  readonly shared: ReadonlySet<string>;
  /** Commands, each of which may have its own section. */
  readonly commands: ReadonlySet<string>;
  /** Keys in sections of commands. */
  readonly own: ReadonlySet<string>;
  /** Lists the commands whose section has a key. */
  readonly ownersOf: (name: string) => readonly string[];
  /** Returns the key at the top that sets the flags of a name, if it is another word: `output` for `--library`. */
  readonly keyOf: (name: string) => string | undefined;
  /** Whether a command has a flag of this name that only the command line sets. */
  readonly isTyped: (name: string) => boolean;
}

/** A property of the schema; `anyOf` has both forms of a name that is a flag and a command. */
interface Property {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Property[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly $ref?: string;
  readonly not?: object;
}

const PROPERTIES: Readonly<Record<string, Property>> = SCHEMA.properties;
const REFERENCE = "#/properties/";

/** Names from the schema that `deno task docs` generates, so that no script has to import all commands. */
export const KNOWN_SETTINGS: KnownSettings = {
  shared: new Set(namesOf((form) => !isSection(form))),
  commands: new Set(namesOf(isSection)),
  own: new Set(
    Object.keys(PROPERTIES).flatMap((command) =>
      Object.entries(formsOf(command).find(isSection)?.properties ?? {})
        .filter(([, { not }]) => not === undefined)
        .map(([name]) => name)
    ),
  ),
  ownersOf: (name) => sectionsWith(name, ({ not }) => not === undefined).map(([command]) => command),
  keyOf(name) {
    const [section] = sectionsWith(name, ({ $ref = "" }) => $ref !== "" && $ref !== REFERENCE + name);
    return section?.[1].properties?.[name]?.$ref?.slice(REFERENCE.length);
  },
  isTyped: (name) => sectionsWith(name, ({ not }) => not !== undefined).length > 0,
};

function namesOf(isWanted: (form: Property) => boolean): readonly string[] {
  return Object.keys(PROPERTIES).filter((name) => formsOf(name).some(isWanted));
}

function formsOf(name: string): readonly Property[] {
  const property = PROPERTIES[name] ?? {};
  return property.anyOf?.some(isSection) ? property.anyOf : [property];
}

function isSection({ type }: Property): boolean {
  return type === "object";
}

/** Sections that have a property which is wanted. */
function sectionsWith(
  name: string,
  isWanted: (property: Property) => boolean,
): readonly (readonly [command: string, section: Property])[] {
  return Object.keys(PROPERTIES)
    .map((command) => [command, formsOf(command).find(isSection) ?? {}] as const)
    .filter(([, { properties = {} }]) => Object.hasOwn(properties, name) && isWanted(properties[name]!));
}
