/** A JSON object of a state file. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws {SyntaxError} If the value is not an object */
export function asFields(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new SyntaxError(`"${name}" is not an object`);
}

/** @throws {SyntaxError} If the value is not an array */
export function asList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new SyntaxError(`"${name}" is not a list`);
}

/** @throws {SyntaxError} If the value is not a string */
export function asText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new SyntaxError(`"${name}" is not a string`);
}

/** @throws {SyntaxError} If the value is neither a string nor `null` */
export function asTextOrNull(value: unknown, name: string): string | null {
  return value === null ? null : asText(value, name);
}

/** @throws {SyntaxError} If the value is not a safe integer of at least `min` */
export function asCount(value: unknown, name: string, min = 0): number {
  if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
  throw new SyntaxError(`"${name}" is not a whole number from ${min}`);
}

/**
 * Convert a date string to milliseconds since the epoch.
 *
 * @throws {SyntaxError} If the value is not a date string
 */
export function asTime(value: unknown, name: string): number {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isFinite(time)) return time;
  throw new SyntaxError(`"${name}" is not a time`);
}

/** @throws {SyntaxError} If the value is neither a date string nor `null` */
export function asTimeOrNull(value: unknown, name: string): number | null {
  return value === null ? null : asTime(value, name);
}

/** Convert milliseconds since the epoch to ISO 8601 UTC. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Convert milliseconds since the epoch to ISO 8601 UTC; `null` remains `null`. */
export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms);
}
