import { closest, KitError, parseDuration, parseSize } from "../../base/mod.ts";
import type { Flag, FlagScalar } from "./flag.ts";

/** Options of {@linkcode parseFlagValue}. */
export interface ParseFlagValueOptions {
  /**
   * The source of the text, for error messages, such as `civitai-dl.yml:12` or `environment CIVITAI_USER`; omitted for
   * the command line.
   */
  readonly place?: string | undefined;
  /**
   * The time before which a date such as `7d` is, in milliseconds since the epoch.
   *
   * @default {Date.now()}
   */
  readonly now?: number | undefined;
}

const ALLOWED: Readonly<Record<Exclude<Flag["type"], "choice">, string>> = {
  boolean: "true or false",
  string: "a non-empty string",
  integer: "a whole number",
  number: "a number",
  duration: "a number of seconds, or a duration such as 30s, 5m, 4h, 7d",
  size: "a number of bytes, or a size such as 500K, 20M, 1.5G",
  date: "a date such as 2026-01-31 or 2026-01-31T12:00:00Z, or a time before now such as 7d",
  path: "a non-empty path",
};

/**
 * Parse and validate one value of a flag.
 *
 * @param flag The flag; its type, choices, bounds and `check` apply
 * @param text The text that the user wrote
 * @returns Milliseconds for a duration, bytes for a size, ISO 8601 in UTC for a date; otherwise a boolean, number or
 * string
 * @throws {KitError} `usage`, with the flag, the value and what is allowed
 */
export function parseFlagValue(flag: Flag, text: string, options: ParseFlagValueOptions = {}): FlagScalar {
  const { place, now = Date.now() } = options;
  const where = place === undefined ? "" : ` (${place})`;
  const value = parseText(flag, withoutPrefix(flag, text), now);
  if (value !== undefined && inBounds(flag, value)) {
    runCheck(flag, text, where);
    return value;
  }
  const near = flag.choices === undefined ? undefined : closest(text, flag.choices);
  throw new KitError(
    "usage",
    `Cannot use "${text}" for --${flag.name}${where}: must be ${describeAllowed(flag, value)}`,
    near === undefined ? {} : { hint: `Did you mean "${near}"?` },
  );
}

function withoutPrefix({ prefix }: Flag, text: string): string {
  const isPrefixed = prefix !== undefined && text.startsWith(prefix) && /^\d/.test(text.slice(prefix.length));
  return isPrefixed ? text.slice(prefix.length) : text;
}

function runCheck(flag: Flag, text: string, where: string): void {
  try {
    flag.check?.(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A parser names the text, and so does this message.
    const said = `"${text}": `;
    const at = error.message.indexOf(said);
    const own = at === -1 ? error.message : error.message.slice(at + said.length);
    const reason = own.charAt(0).toLowerCase() + own.slice(1);
    throw new KitError("usage", `Cannot use "${text}" for --${flag.name}${where}: ${reason}`, { cause: error });
  }
}

/**
 * Parse text according to the flag's type; returns `undefined` if it is malformed. Bounds and `check` are not applied.
 */
function parseText(flag: Flag, text: string, now = Date.now()): FlagScalar | undefined {
  switch (flag.type) {
    case "boolean":
      return parseBoolean(text);
    case "string":
    case "path":
      return text === "" ? undefined : text;
    case "choice":
      return flag.choices?.find((choice) => choice === text) ??
        flag.choices?.find((choice) => foldChoice(choice) === foldChoice(text));
    case "integer":
      return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : undefined;
    case "duration":
      return orUndefined(() => parseDuration(text));
    case "size":
      return orUndefined(() => parseSize(text));
    case "date":
      return parseDate(text) ?? parseAge(text, now);
  }
}

/** Normalize a choice: letter case, spaces, dashes and underscores are not significant. */
function foldChoice(text: string): string {
  return text.replaceAll(/[\s_-]/g, "").toLowerCase();
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  return /^(false|no|off|0)$/i.test(text) ? false : undefined;
}

/** Accept only dates and timestamps with a time zone: without one, the meaning would depend on the machine's zone. */
function parseDate(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  const day = new Date(`${match?.[1]}T00:00:00Z`);
  const stamp = new Date(text);
  // `Date` accepts February 30 and turns it into March 2; reject it.
  if (Number.isNaN(day.getTime()) || Number.isNaN(stamp.getTime()) || day.toISOString().slice(0, 10) !== match?.[1]) {
    return undefined;
  }
  return stamp.toISOString();
}

/** A duration, with its unit, stands for the time so long before now. */
function parseAge(text: string, now: number): string | undefined {
  const age = /[a-z]$/i.test(text) ? orUndefined(() => parseDuration(text)) : undefined;
  const stamp = new Date(now - (age ?? NaN));
  return Number.isNaN(stamp.getTime()) ? undefined : stamp.toISOString();
}

function orUndefined(parse: () => number): number | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function inBounds(flag: Flag, value: FlagScalar): boolean {
  const min = flag.min === undefined ? undefined : parseText(flag, String(flag.min));
  const max = flag.max === undefined ? undefined : parseText(flag, String(flag.max));
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** Describe the allowed values: the bounds if `value` was parsed but is outside them, otherwise the expected form. */
function describeAllowed(flag: Flag, value: FlagScalar | undefined): string {
  const form = flag.type === "choice"
    ? `one of ${(flag.choices ?? []).map((choice) => `"${choice}"`).join(", ")}`
    : ALLOWED[flag.type];
  if (value === undefined) return form;
  const bounds = [
    ...(flag.min === undefined ? [] : [`at least ${flag.min}`]),
    ...(flag.max === undefined ? [] : [`at most ${flag.max}`]),
  ];
  return bounds.join(" and ");
}
