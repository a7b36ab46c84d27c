/**
 * Compute the probability that a standard normal variable exceeds `z`. A series is used up to 3, and a continued
 * fraction above that.
 *
 * @param z Any finite number
 * @returns The probability, from 0 to 1, accurate to 12 digits
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 80; k > 0; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= z * z / k;
    sum += term;
  }
  return 0.5 - density * sum;
}
