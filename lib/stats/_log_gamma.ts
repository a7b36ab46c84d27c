/** From this value on, Stirling's series is accurate to 15 digits. */
const FAR = 12;

/**
 * Compute the natural logarithm of the gamma function. The recurrence ln Γ(x) = ln Γ(x + 1) − ln x raises x to where
 * Stirling's series is accurate.
 *
 * @param x A number greater than 0
 * @returns ln Γ(x), accurate to 13 digits
 */
export function logGamma(x: number): number {
  let shift = 0;
  let shifted = x;
  for (; shifted < FAR; shifted++) shift += Math.log(shifted);
  const square = 1 / (shifted * shifted);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
