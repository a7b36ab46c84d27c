/** The type of a flag's value. It decides how text is parsed and what type the value has. */
export type FlagType =
  | "boolean"
  | "string"
  | "integer"
  | "number"
  | "duration"
  | "size"
  | "date"
  | "choice"
  | "path";

/** One parsed value: durations in milliseconds, sizes in bytes, dates as ISO 8601 in UTC. */
export type FlagScalar = boolean | number | string;

/** The value of a flag: an array for a flag that may be repeated. */
export type FlagValue = FlagScalar | readonly FlagScalar[];

/** The source of a value, in descending precedence: command line, environment, configuration file, default. */
export type FlagSource = "flag" | "env" | "config" | "default";

/** A flag as data. */
export interface Flag {
  /** The name in kebab-case, without leading dashes. A boolean `x` also has `--no-x`, so no name starts with `no-`. */
  readonly name: string;
  /** The type of the value. */
  readonly type: FlagType;
  /** A one-line description for `--help`. */
  readonly summary: string;
  /** The one-letter form, without the dash. */
  readonly short?: string;
  /** The unit of a number, shown in help, such as `per second`. */
  readonly unit?: string;
  /** The value if no other source sets one, in the user's notation: `"30s"`, `"20M"`, `true`. */
  readonly default?: FlagValue;
  /** The environment variable that also sets the flag. It means the same for every command. */
  readonly env?: string;
  /**
   * Where a configuration file sets the flag:
   *
   * - `shared`: at the top of the file, for every command that has such a flag with this key, and in the section of its
   *   command. All of them mean the same by it.
   * - `own`: only in the section of its command.
   * - `none`: nowhere. Such a flag makes one run do something else, which has to be seen where it is typed.
   *
   * @default {"own"}
   */
  readonly setting?: "shared" | "own" | "none";
  /**
   * The key at the top of a configuration file, for a `shared` flag.
   *
   * @default {the name}
   */
  readonly key?: string;
  /** The allowed values of a `choice`. */
  readonly choices?: readonly string[];
  /** Whether the flag may be repeated; its value is then an array. */
  readonly multiple?: boolean;
  /** A separator, such as a comma, that splits each value of a `multiple` flag. */
  readonly split?: string;
  /** Whether the command line, the environment or the configuration file must set the flag. */
  readonly required?: boolean;
  /** The lowest allowed value, in the user's notation: `1`, `"5s"`, `"1M"`. */
  readonly min?: number | string;
  /** The highest allowed value, in the user's notation. */
  readonly max?: number | string;
  /**
   * Validates text that is already known to have the right type. To reject it, throws a `SyntaxError` with the reason.
   */
  readonly check?: (text: string) => unknown;
  /** A word that may stand before a number and is ignored: with `phase`, `phase1` is the same as `1`. */
  readonly prefix?: string;
  /**
   * The commands that mean the same place or site by this flag, and its name there. If it is given, the commands named
   * in the output repeat it.
   */
  readonly carriedTo?: Readonly<Record<string, string>>;
  /**
   * Flags of other commands that users try here, with their dashes, each with what to write instead: the error for such
   * a flag says so.
   */
  readonly insteadOf?: Readonly<Record<string, string>>;
  /** An example value for help and documentation. */
  readonly example?: string;
  /** The heading under which help lists the flag; "Options" if absent. */
  readonly group?: string;
  /** Whether `--help` omits the flag and only `--help --all` lists it, because few users need it. */
  readonly rare?: boolean;
  /** Whether help and completions omit the flag; it still works. */
  readonly hidden?: boolean;
  /** The name of the value in help, such as `FILE`; by default it depends on the type. */
  readonly placeholder?: string;
}
