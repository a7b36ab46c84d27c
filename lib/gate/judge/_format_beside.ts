import { meets, type Requirement } from "../config/requirement.ts";

/**
 * Format a number with enough digits that rounding does not move it across the required limit, and no percentage to a
 * whole number: 99.999 % of the downloads are not all of them.
 */
export function formatBeside(value: number, requirement: Requirement | null): string {
  const isShare = requirement?.isShare ?? false;
  const shown = isShare ? value * 100 : value;
  if (!Number.isFinite(shown)) return String(shown);
  const whole = Math.round(shown);
  // Differences below the tenth decimal are the computer's.
  const isWhole = Math.abs(shown - whole) < 1e-10;
  for (let digits = Number.isInteger(shown) ? 0 : 2; digits <= 12; digits++) {
    const text = shown.toFixed(digits);
    if (isShare && !isWhole && Number(text) === whole) continue;
    const back = isShare ? Number(text) / 100 : Number(text);
    if (requirement === null || meets(requirement, back) === meets(requirement, value)) {
      return isShare ? `${text} %` : text;
    }
  }
  return isShare ? `${shown} %` : String(shown);
}
