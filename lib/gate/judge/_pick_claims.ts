import type { Claim } from "../evidence/claim.ts";

/** The claims that a condition selects. */
export interface PickedClaims {
  /** Claims that match a wanted name, in the report's order. */
  readonly claims: readonly Claim[];
  /** Wanted names that match no claim. */
  readonly missing: readonly string[];
}

/** Select the claims with one of the wanted names, in which `*` stands for any text. */
export function pickClaims(claims: readonly Claim[], wanted: readonly string[]): PickedClaims {
  return {
    claims: claims.filter(({ id }) => wanted.some((name) => matches(name, id))),
    missing: wanted.filter((name) => !claims.some(({ id }) => matches(name, id))),
  };
}

function matches(pattern: string, id: string): boolean {
  const [first, ...rest] = pattern.split("*");
  if (rest.length === 0) return id === first;
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${source}$`).test(id);
}
