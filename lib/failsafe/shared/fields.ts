/** A JSON object of a state file. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws {SyntaxError} If it is no object */
export function asFields(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new SyntaxError(`"${name}" is no object`);
}

/** @throws {SyntaxError} If it is no list */
export function asList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new SyntaxError(`"${name}" is no list`);
}

/** @throws {SyntaxError} If it is no text */
export function asText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new SyntaxError(`"${name}" is no text`);
}

/** @throws {SyntaxError} If it is neither text nor `null` */
export function asTextOrNull(value: unknown, name: string): string | null {
  return value === null ? null : asText(value, name);
}

/** @throws {SyntaxError} If it is no whole number from 0, or from `min` */
export function asCount(value: unknown, name: string, min = 0): number {
  if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
  throw new SyntaxError(`"${name}" is no whole number from ${min}`);
}

/** @throws {SyntaxError} If it is no time; gives milliseconds since the epoch */
export function asTime(value: unknown, name: string): number {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isFinite(time)) return time;
  throw new SyntaxError(`"${name}" is no time`);
}

/** @throws {SyntaxError} If it is neither a time nor `null` */
export function asTimeOrNull(value: unknown, name: string): number | null {
  return value === null ? null : asTime(value, name);
}

/** ISO 8601 UTC. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** ISO 8601 UTC, or `null`. */
export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms);
}
