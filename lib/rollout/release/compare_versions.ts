/**
 * Compare two versions by the precedence of Semantic Versioning 2.0.0, section 11: a pre-release comes before its
 * release, and its parts are compared as numbers where both are numbers.
 *
 * @param a A version, such as `1.2.0` or `v1.2.0-rc.1`
 * @param b Another version
 * @returns A negative number if `a` comes first, a positive one if `b` does, 0 if they are equal
 * @throws {SyntaxError} If one is not a version
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareVersions } from "@civitai-dl/civitai-dl/rollout";
 *
 * const versions = ["1.1.0", "1.1.0-rc.1", "1.0.9", "1.1.0-alpha"];
 * assertEquals(versions.toSorted(compareVersions), ["1.0.9", "1.1.0-alpha", "1.1.0-rc.1", "1.1.0"]);
 * ```
 */
export function compareVersions(a: string, b: string): number {
  const first = parse(a);
  const second = parse(b);
  for (const index of [0, 1, 2]) {
    const difference = first.numbers[index]! - second.numbers[index]!;
    if (difference !== 0) return difference;
  }
  return comparePreReleases(first.pre, second.pre);
}

const VERSION =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

const DIGITS = /^\d+$/;

function parse(text: string): { readonly numbers: readonly number[]; readonly pre: readonly string[] } {
  const match = VERSION.exec(text);
  if (match === null) throw new SyntaxError(`"${text}" is not a version such as 1.2.0`);
  return { numbers: match.slice(1, 4).map(Number), pre: match[4]?.split(".") ?? [] };
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const one = a[index];
    const other = b[index];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const isNumber = DIGITS.test(one);
    if (isNumber !== DIGITS.test(other)) return isNumber ? -1 : 1;
    if (isNumber) return Number(one) - Number(other);
    return one < other ? -1 : 1;
  }
  return 0;
}
