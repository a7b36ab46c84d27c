/** What a flag's value is; it decides how the text is parsed and what the getters give. */
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

/** One parsed value: durations in milliseconds, sizes in bytes, dates as ISO 8601 UTC. */
export type FlagScalar = boolean | number | string;

/** The value of a flag: an array for a flag that may be repeated. */
export type FlagValue = FlagScalar | readonly FlagScalar[];

/** Where a value came from, strongest first: command line, environment, configuration file, default. */
export type FlagSource = "flag" | "env" | "config" | "default";

/** One flag of a command, as data. */
export interface Flag {
  /** Kebab-case, without dashes; a boolean `x` also takes `--no-x`, so no name starts with `no-`. */
  readonly name: string;
  /** What the value is. */
  readonly type: FlagType;
  /** One line for `--help`. */
  readonly summary: string;
  /** One letter, without the dash. */
  readonly short?: string;
  /** What the number counts, such as `per second`. */
  readonly unit?: string;
  /** The value when nothing else says one, written as a user would: `"30s"`, `"20M"`, `true`. */
  readonly default?: FlagValue;
  /** The environment variable that also sets it. */
  readonly env?: string;
  /** The allowed values of a `choice`. */
  readonly choices?: readonly string[];
  /** May be repeated; the value is then an array. */
  readonly multiple?: boolean;
  /** Also cut each value of a `multiple` flag at this text. */
  readonly split?: string;
  /** Must be given by flag, environment or configuration. */
  readonly required?: boolean;
  /** The least value, written as a user would: `1`, `"5s"`, `"1M"`. */
  readonly min?: number | string;
  /** The greatest value, written as a user would. */
  readonly max?: number | string;
  /** Refuses a text of the right type that is no value, by a `SyntaxError` that says why. */
  readonly check?: (text: string) => unknown;
  /** A sample value for help and documentation. */
  readonly example?: string;
  /** The heading under which help lists it. */
  readonly group?: string;
  /** Works, but is left out of help and completions. */
  readonly hidden?: boolean;
  /** What help writes for the value; the type's own word otherwise. */
  readonly placeholder?: string;
}
