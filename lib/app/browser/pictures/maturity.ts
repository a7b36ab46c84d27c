/** Bits of maturity as Civitai has them, from the mildest to the strongest. */
export const MATURITIES = [
  { bit: 1, name: "PG" },
  { bit: 2, name: "PG-13" },
  { bit: 4, name: "R" },
  { bit: 8, name: "X" },
  { bit: 16, name: "XXX" },
  { bit: 32, name: "Blocked" },
] as const;

/** The strongest maturity among bits; "" if they are unknown. */
export function maturityName(level: number): string {
  return MATURITIES.findLast(({ bit }) => (level & bit) !== 0)?.name ?? "";
}

/** Whether a picture is blurred: its strongest bit is at least that of the setting. */
export function isBlurred(level: number, blurFrom: number): boolean {
  return MATURITIES.some(({ bit }) => bit >= blurFrom && (level & bit) !== 0);
}
