import * as z from "zod";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

/** The account that a token belongs to. */
export interface Account {
  /** Unique among all accounts. */
  readonly id: number;
  /** The user name; `null` if unknown. */
  readonly username: string | null;
  /** `free`, `founder`, `bronze`, `silver`, `gold`; `null` if unknown. */
  readonly tier: string | null;
  /** `active`, `muted` or `banned`; `null` if unknown. All other endpoints ignore the token of a banned account. */
  readonly status: string | null;
  /** Whether the account has a paid membership. */
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
 * Parse the response of /me. The email address and other personal data are dropped.
 *
 * @param json The decoded response
 * @returns The account
 * @throws {SyntaxError} If the account has no id
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAccount } from "@civitai-dl/civitai-dl/civitai";
 *
 * const account = parseAccount({ id: 7, username: "alice", email: "alice@example.com", tier: "gold", isMember: true });
 * assertEquals(account, { id: 7, username: "alice", tier: "gold", status: null, isMember: true });
 * ```
 */
export function parseAccount(json: unknown): Account {
  const { id, username, tier, status, isMember } = parseShape(accountSchema, json, "the account");
  return { id, username, tier, status, isMember };
}
