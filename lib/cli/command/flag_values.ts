import { KitError } from "../../base/mod.ts";
import type { Flag, FlagScalar, FlagSource, FlagType, FlagValue } from "./flag.ts";

/** A parsed value and where it came from. */
export interface FoundValue {
  /** The parsed value. */
  readonly value: FlagValue;
  /** Who said it. */
  readonly source: FlagSource;
}

const TEXTS: readonly FlagType[] = ["string", "choice", "path", "date"];
const NUMBERS: readonly FlagType[] = ["integer", "number", "duration", "size"];

/**
 * The values of a command's flags, by typed getters. Asking for a flag that the command does not declare, or as another
 * type than declared, is a mistake in the program and throws a `TypeError`, so the first test finds it.
 */
export class FlagValues {
  readonly #flags: ReadonlyMap<string, Flag>;
  readonly #values: ReadonlyMap<string, FoundValue>;

  /**
   * Make them from what was parsed.
   *
   * @param flags What the command declares
   * @param values What was found
   */
  constructor(flags: readonly Flag[], values: ReadonlyMap<string, FoundValue>) {
    this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
    this.#values = values;
  }

  /** Whether a boolean flag is on; absent is off. */
  boolean(name: string): boolean {
    return this.#one(name, ["boolean"]) === true;
  }

  /** The text of a string, choice, path or date flag; `undefined` when it has no value. */
  string(name: string): string | undefined {
    return this.#one(name, TEXTS) as string | undefined;
  }

  /** The number of an integer, number, duration (milliseconds) or size (bytes) flag. */
  number(name: string): number | undefined {
    return this.#one(name, NUMBERS) as number | undefined;
  }

  /** The moment of a date flag. */
  date(name: string): Date | undefined {
    const text = this.#one(name, ["date"]);
    return text === undefined ? undefined : new Date(text as string);
  }

  /** The texts of a repeatable flag; empty when it has none. */
  strings(name: string): readonly string[] {
    return this.#many(name, TEXTS) as readonly string[];
  }

  /** The numbers of a repeatable flag; empty when it has none. */
  numbers(name: string): readonly number[] {
    return this.#many(name, NUMBERS) as readonly number[];
  }

  /** Like `string`, for a flag that has a default or that the command cannot do without. */
  requiredString(name: string): string {
    return this.string(name) ?? missing(name);
  }

  /** Like `number`, for a flag that has a default or that the command cannot do without. */
  requiredNumber(name: string): number {
    return this.number(name) ?? missing(name);
  }

  /** Where a value came from; `undefined` when there is none. */
  given(name: string): FlagSource | undefined {
    this.#flag(name);
    return this.#values.get(name)?.source;
  }

  /** All values by name, for a report's settings. */
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
  throw new KitError("usage", `Missing flag --${name}: it has no value`, { hint: `Give --${name}` });
}
