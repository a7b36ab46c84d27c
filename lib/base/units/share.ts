/** Options of {@linkcode formatShare}. */
export interface FormatShareOptions {
  /**
   * The most decimals of the percentage, unless it needs more not to be rounded to a whole one.
   *
   * @default {3}
   */
  readonly decimals?: number | undefined;
}

/**
 * Format a share as a percentage, without trailing zeros. A percentage that is not whole is never rounded to a whole
 * one: 87 555 of 87 556 are not 100 %. Differences below the tenth decimal of a percent are the computer's.
 *
 * @param share The share; 1 is all
 * @returns Such as `25 %`, `12.5 %` or `99.9989 %`
 */
export function formatShare(share: number, { decimals = 3 }: FormatShareOptions = {}): string {
  const percent = share * 100;
  if (!Number.isFinite(percent)) return `${percent} %`;
  const whole = Math.round(percent);
  if (Math.abs(percent - whole) < 1e-10) return `${whole} %`;
  let digits = decimals;
  while (Number(percent.toFixed(digits)) === whole) digits++;
  return `${Number(percent.toFixed(digits))} %`;
}
