import type { Measured } from "../../judge/mod.ts";
import { matchesClaim } from "../evidence/matches_claim.ts";

/** The claims that a condition selects. */
export interface PickedClaims {
  /** Claims that match a wanted name, in the report's order. */
  readonly claims: readonly Measured[];
  /** Wanted names that match no claim. */
  readonly missing: readonly string[];
}

/** Select the claims with one of the wanted names, in which `*` stands for any text. */
export function pickClaims(claims: readonly Measured[], wanted: readonly string[]): PickedClaims {
  return {
    claims: claims.filter(({ id }) => wanted.some((name) => matchesClaim(name, id))),
    missing: wanted.filter((name) => !claims.some(({ id }) => matchesClaim(name, id))),
  };
}
