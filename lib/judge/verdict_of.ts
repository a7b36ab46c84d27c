import { EXIT_CODES } from "../base/mod.ts";
import type { Claim, Verdict } from "./claim.ts";

/** The verdict on a whole report or gate. */
export type WholeVerdict = "pass" | "fail" | "inconclusive";

/** The exit code of a command that ends with a verdict. */
export const VERDICT_EXITS: Readonly<Record<WholeVerdict, number>> = {
  pass: 0,
  fail: EXIT_CODES.failed,
  inconclusive: EXIT_CODES.inconclusive,
};

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
