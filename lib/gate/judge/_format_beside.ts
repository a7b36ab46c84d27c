import { meets, type Requirement } from "../config/requirement.ts";

/**
 * Format a number with enough digits that rounding does not move it across the required limit: 0.99996% is not shown as
 * 1%.
 */
export function formatBeside(value: number, requirement: Requirement | null): string {
  const isShare = requirement?.isShare ?? false;
  const shown = isShare ? value * 100 : value;
  if (!Number.isFinite(shown)) return String(shown);
  for (let digits = Number.isInteger(shown) ? 0 : 2; digits <= 12; digits++) {
    const text = shown.toFixed(digits);
    const back = isShare ? Number(text) / 100 : Number(text);
    if (requirement === null || meets(requirement, back) === meets(requirement, value)) {
      return isShare ? `${text} %` : text;
    }
  }
  return isShare ? `${shown} %` : String(shown);
}
