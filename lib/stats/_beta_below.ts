import { logGamma } from "./_log_gamma.ts";

/** Small enough to stand in for zero in a denominator. */
const TINY = 1e-300;

/** The share of a beta distribution of `a` and `b` below `x`: the regularised incomplete beta function. */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on one side of the middle; the other side is its mirror.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  return front * fraction(x, a, b);
}

/** The continued fraction, from the front, until a step changes nothing. */
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
