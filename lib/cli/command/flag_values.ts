import { KitError } from "../../base/mod.ts";
import type { Flag, FlagScalar, FlagSource, FlagType, FlagValue } from "./flag.ts";

/** A parsed value and its source. */
export interface FoundValue {
  /** The value; an array for a repeatable flag. */
  readonly value: FlagValue;
  /** The source of the value. */
  readonly source: FlagSource;
}

const TEXTS: readonly FlagType[] = ["string", "choice", "path", "date"];
const NUMBERS: readonly FlagType[] = ["integer", "number", "duration", "size"];

/**
 * The values of a command's flags, with typed getters. A getter throws a `TypeError` for a flag that the command does
 * not declare, or declares with another type: that is a bug in the program, and the first test finds it.
 */
export class FlagValues {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #values: ReadonlyMap<string, FoundValue>;

  /**
   * Combine declared flags with parsed values.
   *
   * @param flags All flags of the command, including shared and global ones
   * @param values The parsed values by flag name; a flag without an entry has no value
   */
  constructor(flags: readonly Flag[], values: ReadonlyMap<string, FoundValue>) {
    this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
    this.#values = values;
  }

  /** Whether a boolean flag is on; `false` if it has no value. */
  boolean(name: string): boolean {
    return this.#one(name, ["boolean"]) === true;
  }

  /** The text of a string, choice, path or date flag; `undefined` if it has no value. */
  string(name: string): string | undefined {
    return this.#one(name, TEXTS) as string | undefined;
  }

  /** The number of an integer, number, duration (milliseconds) or size (bytes) flag; `undefined` if it has no value. */
  number(name: string): number | undefined {
    return this.#one(name, NUMBERS) as number | undefined;
  }

  /** The date of a date flag; `undefined` if it has no value. */
  date(name: string): Date | undefined {
    const text = this.#one(name, ["date"]);
    return text === undefined ? undefined : new Date(text as string);
  }

  /** All texts of a repeatable flag; empty if it has no value. */
  strings(name: string): readonly string[] {
    return this.#many(name, TEXTS) as readonly string[];
  }

  /** All numbers of a repeatable flag; empty if it has no value. */
  numbers(name: string): readonly number[] {
    return this.#many(name, NUMBERS) as readonly number[];
  }

  /** Like `string`, for a flag that must have a value; throws a `KitError` of code `usage` if it has none. */
  requiredString(name: string): string {
    return this.string(name) ?? missing(name);
  }

  /** Like `number`, for a flag that must have a value; throws a `KitError` of code `usage` if it has none. */
  requiredNumber(name: string): number {
    return this.number(name) ?? missing(name);
  }

  /** The source of a flag's value; `undefined` if it has no value. */
  given(name: string): FlagSource | undefined {
    this.#flag(name);
    return this.#values.get(name)?.source;
  }

  /** All values by flag name, for the settings in a report. */
  all(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#values].map(([name, found]) => [name, found.value]));
  }

  #one(name: string, types: readonly FlagType[]): FlagScalar | undefined {
    const flag = this.#flag(name, types);
    if (flag.multiple) throw new TypeError(`Cannot read --${name} as one value: it is declared repeatable`);
    return this.#values.get(name)?.value as FlagScalar | undefined;
  }

  #many(name: string, types: readonly FlagType[]): readonly FlagScalar[] {
    const flag = this.#flag(name, types);
    if (!flag.multiple) throw new TypeError(`Cannot read --${name} as many values: it is not declared repeatable`);
    return (this.#values.get(name)?.value ?? []) as readonly FlagScalar[];
  }

  #flag(name: string, types?: readonly FlagType[]): Flag {
    const flag = this.#flags.get(name);
    if (flag === undefined) throw new TypeError(`Cannot read --${name}: the command does not declare it`);
    if (types !== undefined && !types.includes(flag.type)) {
      throw new TypeError(`Cannot read --${name} as ${types.join(" or ")}: it is declared as ${flag.type}`);
    }
    return flag;
  }
}

function missing(name: string): never {
  throw new KitError("usage", `Missing flag --${name}: it has no value`, { hint: `Pass --${name}` });
}
