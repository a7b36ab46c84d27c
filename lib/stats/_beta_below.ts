import { logGamma } from "./_log_gamma.ts";

/** Replaces a term that is close to zero, as in the modified Lentz method. */
const TINY = 1e-300;

/**
 * Compute the regularized incomplete beta function: the probability that a beta variable with parameters `a` and `b` is
 * below `x`.
 */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast on one side of this point; the other side follows by symmetry.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  return front * fraction(x, a, b);
}

/**
 * Evaluate the continued fraction from the front (Lentz's method), until a step changes the result by less than 1e-15.
 */
function fraction(x: number, a: number, b: number): number {
  const whole = (value: number) => Math.abs(value) < TINY ? TINY : value;
  let ratio = 1;
  let inverse = 1 / whole(1 - (a + b) * x / (a + 1));
  let result = inverse;
  for (let k = 1; k < 100_000; k++) {
    const even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
    inverse = 1 / whole(1 + even * inverse);
    ratio = whole(1 + even / ratio);
    result *= inverse * ratio;
    const odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
    inverse = 1 / whole(1 + odd * inverse);
    ratio = whole(1 + odd / ratio);
    const step = inverse * ratio;
    result *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return result;
}
