import { createHash } from "node:crypto";
import type { Clock } from "../base/mod.ts";
import type { Client } from "../civitai/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import type { Library } from "./open_library.ts";

/** Options of {@linkcode checkKey}. */
export interface CheckKeyOptions {
  /** The library, whose catalog records that the key is valid, but never the key itself. */
  readonly library: Library;
  /** Sends the key, if there is one. */
  readonly client: Client;
  /** Tells how old the last check is. */
  readonly clock: Clock;
  /** Stops the check. */
  readonly signal: AbortSignal;
  /**
   * Whether to ask again even if the key was valid recently, because a file was refused.
   *
   * @default {false}
   */
  readonly isDoubted?: boolean | undefined;
}

/**
 * Time for which a valid key is not checked again, in milliseconds. If it is revoked before, the first refused file
 * leads to another check; see `KeyWatch`.
 */
const FRESH_MS = 24 * 3_600_000;
const NOTE = "good-key";
/**
 * What to do if the key cannot be used. A new key in another place than the old one might never be read.
 *
 * @param client The client, which knows where its key was found
 */
export function newKeyHint({ tokenOrigin }: Pick<Client, "tokenOrigin">): string {
  const place = tokenOrigin === null
    ? "set it with CIVITAI_API_KEY, --token-file or api_key.md"
    : `put it in place of the one from ${tokenOrigin}`;
  return `Create a new API key at https://civitai.com/user/account, and ${place}`;
}

/** Descriptions of the results that make a key unusable, for the error message. */
const STATES = { wrong: "it is wrong, expired or revoked", banned: "its account is banned" } as const;

/**
 * Ask the service whether the API key is valid. Listings ignore a wrong key, so without this check every file would
 * fail later. If the service does not respond, the key counts as valid.
 *
 * @param options Client and library, and whether the key is doubted
 * @throws {FailureError} `login` if the key is wrong, expired or revoked, or belongs to a banned account; `dns` if the
 * host name of the service cannot be resolved and there was no response before
 */
export async function checkKey(options: CheckKeyOptions): Promise<void> {
  const { client, clock, signal, library: { catalog }, isDoubted = false } = options;
  const key = client.headersFor(client.baseUrl)["authorization"];
  if (key === undefined) return;
  // 64 bits of a hash: enough to recognize a key, not enough to recover it.
  const mark = createHash("sha256").update(JSON.stringify([client.baseUrl, key])).digest("hex").slice(0, 16);
  const note = readNote(catalog.note(NOTE));
  const ageMs = note?.mark === mark ? clock.now() - note.at : Infinity;
  if (!isDoubted && ageMs >= 0 && ageMs < FRESH_MS) return;
  const verdict = await checkAccount(client, signal);
  catalog.setNote(NOTE, verdict === "good" ? JSON.stringify({ mark, at: clock.now() }) : null);
  if (verdict === "good" && note?.mark !== mark) forgetRefusals(catalog);
  if (verdict === "good" || verdict === "unknown") return;
  throw new FailureError("login", `Cannot use the API key: ${STATES[verdict]}`, { hint: newKeyHint(client) });
}

/**
 * Whether the service accepted the key when it was asked last. A key that it refused has no note.
 *
 * @param library The library, whose catalog has the note
 */
export function isKeyAccepted({ catalog }: Pick<Library, "catalog">): boolean {
  return catalog.note(NOTE) !== null;
}

/** Send one request without retries, since a run must not wait long for this check. */
async function checkAccount(
  client: Client,
  signal: AbortSignal,
): Promise<"good" | "unknown" | keyof typeof STATES> {
  try {
    const { status } = await client.me({ signal, maxRetries: 0 });
    return status === "banned" ? "banned" : "good";
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // Without an address nothing can be reached: the next request would only fail in the same way.
    if (error.failure === "dns" && client.responseCount === 0) throw error;
    return error.failure === "login" ? "wrong" : "unknown";
  }
}

/** Let the next plan request what only another account was refused. */
function forgetRefusals(catalog: Library["catalog"]): void {
  catalog.transaction(() => {
    for (const { key, state, outcome, reason } of catalog.items({ states: ["refused"], outcome: "forbidden" })) {
      catalog.mark(key, { state, outcome, reason });
    }
  });
}

function readNote(text: string | null): { readonly mark: string; readonly at: number } | null {
  // Written by checkKey().
  return text === null ? null : JSON.parse(text);
}
