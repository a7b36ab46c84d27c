import type { FlagSource, FlagValue } from "./flag.ts";

/** A parsed value and its source. */
export interface FoundValue {
  /** The value; an array for a repeatable flag. */
  readonly value: FlagValue;
  /** The source of the value. */
  readonly source: FlagSource;
}
