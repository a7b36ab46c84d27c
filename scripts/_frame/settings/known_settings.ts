import SCHEMA from "../../../config/civitai-dl.schema.json" with { type: "json" };

/** Names that a configuration file may use. */
export interface KnownSettings {
  /** Flags of any command. */
  readonly flags: ReadonlySet<string>;
  /** Commands, each of which may have its own section. */
  readonly commands: ReadonlySet<string>;
  /**
   * Whether a key outside of sections is a setting of a command. It is none if the command's flag of the same name takes
   * other values (`size` of `download` selects files, and `size` of `sandbox` counts models), or one value where the file
   * has a list.
   */
  readonly isShared: (key: string, command: string, value: unknown) => boolean;
}

/** A property of the schema; `anyOf` has both forms of a name that is a flag and a command. */
export interface Property {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly $ref?: string;
}

const PROPERTIES: Readonly<Record<string, Property>> = SCHEMA.properties;

/** Names from the schema that `deno task docs` generates, so that no script has to import all commands. */
export const KNOWN_SETTINGS: KnownSettings = {
  flags: new Set(namesOf((form) => !isSection(form))),
  commands: new Set(namesOf(isSection)),
  isShared(key, command, value) {
    const own = formsOf(command).find(isSection)?.properties?.[key];
    if (own === undefined || own.$ref !== undefined) return true;
    const [shared] = formsOf(key).filter((form) => !isSection(form));
    if (shared === undefined || !takesValuesOf(own, shared)) return false;
    // A list that no command takes is a mistake, and is refused where the value is read.
    return !Array.isArray(value) || takesList(own) || !formsOf(key).some(takesList);
  },
};

function namesOf(isWanted: (form: Property) => boolean): readonly string[] {
  return Object.keys(PROPERTIES).filter((name) => formsOf(name).some(isWanted));
}

function formsOf(name: string): readonly Property[] {
  const property = PROPERTIES[name] ?? {};
  return property.anyOf ?? [property];
}

function isSection({ type }: Property): boolean {
  return type === "object";
}

/**
 * Whether a setting takes every single value of another one. Lists are left out: a flag that takes a list and one that
 * takes a value may still mean the same.
 */
export function takesValuesOf(own: Property, other: Property): boolean {
  const mine = oneValue(own);
  const theirs = oneValue(other);
  if (mine.enum !== undefined || theirs.enum !== undefined) {
    return theirs.enum?.every((value) => mine.enum?.includes(value)) ?? false;
  }
  const types = [mine.type ?? []].flat();
  return [theirs.type ?? []].flat().every((type) => types.includes(type));
}

function takesList(setting: Property): boolean {
  return setting.type === "array" || (setting.anyOf?.some(takesList) ?? false);
}

/** The first form of a setting is a single value. */
function oneValue(setting: Property): Property {
  return setting.anyOf?.[0] ?? setting;
}
