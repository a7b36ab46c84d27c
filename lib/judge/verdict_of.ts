import type { Claim, Verdict } from "./claim.ts";

/** The verdict on a whole report or gate. */
export type WholeVerdict = "pass" | "fail" | "inconclusive";

/**
 * The verdict on several claims or conditions together: `fail` if one failed, `pass` if there are some and all pass.
 *
 * @param judged Claims or conditions with their verdicts
 */
export function verdictOf(judged: readonly { readonly verdict: Verdict }[]): WholeVerdict {
  if (judged.some(({ verdict }) => verdict === "fail")) return "fail";
  return judged.length > 0 && judged.every(({ verdict }) => verdict === "pass") ? "pass" : "inconclusive";
}

/** The same claims, none of them decided: the report that they are from shows something, and proves nothing. */
export function leaveOpen(claims: readonly Claim[]): readonly Claim[] {
  return claims.map((claim) => ({ ...claim, verdict: "inconclusive", reason: "" }));
}
