import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

/** Whose token it is. */
export interface Account {
  /** The account's id. */
  readonly id: number;
  /** Its name. */
  readonly username: string | null;
  /** `free`, `founder`, `bronze`, `silver`, `gold`. */
  readonly tier: string | null;
  /** `active`, `muted`, `banned`; the token of a banned account counts for nothing elsewhere. */
  readonly status: string | null;
  /** Whether it pays. */
  readonly isMember: boolean;
}

const accountSchema = z.looseObject({
  id: field.id,
  username: field.text,
  tier: field.text,
  status: field.text,
  isMember: field.flag,
});

/**
 * Parse the answer of /me. Mail address and whatever else is personal stays out.
 *
 * @param json The answer
 * @returns The account
 * @throws {SyntaxError} If it has no id
 */
export function parseAccount(json: unknown): Account {
  const { id, username, tier, status, isMember } = parseShape(accountSchema, json, "the account");
  return { id, username, tier, status, isMember };
}
