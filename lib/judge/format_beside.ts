import { type Limit, meets } from "./requirement.ts";

/** The fewest decimals that are shown of a number that is not whole. */
const DECIMALS = 2;

/** Options of {@linkcode formatBeside}. */
export interface FormatBesideOptions {
  /**
   * The fewest decimals of a number that is not whole.
   *
   * @default {2}
   */
  readonly decimals?: number | undefined;
}

/** Decide how many decimals tell numbers apart that differ, such as the ends of a narrow interval; at most six. */
export function decimalsOf(values: readonly number[]): number {
  const count = new Set(values).size;
  const isTold = (decimals: number) => new Set(values.map((value) => value.toFixed(decimals))).size === count;
  return [DECIMALS, 3, 4, 5].find(isTold) ?? 6;
}

/** A limit, and whether it and the numbers beside it are shown as percentages. */
export interface ShownLimit extends Limit {
  /** Whether they are fractions. */
  readonly isShare: boolean;
}

/**
 * Format a number with enough digits that rounding does not move it across the required limit, and no percentage to a
 * whole number: 99.999 % of the downloads are not all of them.
 */
export function formatBeside(
  value: number,
  limit: ShownLimit | null,
  { decimals = DECIMALS }: FormatBesideOptions = {},
): string {
  const isShare = limit?.isShare ?? false;
  const shown = isShare ? value * 100 : value;
  if (!Number.isFinite(shown)) return String(shown);
  const whole = Math.round(shown);
  // Differences below the tenth decimal are the computer's.
  const isWhole = Math.abs(shown - whole) < 1e-10;
  for (let digits = Number.isInteger(shown) ? 0 : decimals; digits <= 12; digits++) {
    const text = shown.toFixed(digits);
    if (isShare && !isWhole && Number(text) === whole) continue;
    const back = isShare ? Number(text) / 100 : Number(text);
    if (limit === null || meets(limit, back) === meets(limit, value)) return isShare ? `${text} %` : text;
  }
  return isShare ? `${shown} %` : String(shown);
}
