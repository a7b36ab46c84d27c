import { createHash } from "node:crypto";
import type { Clock } from "../base/mod.ts";
import type { Client } from "../civitai/mod.ts";
import { FailureError } from "../failsafe/mod.ts";
import type { Library } from "./open_library.ts";

/** What asking about the key needs. */
export interface KeyContext {
  /** Remembers a good answer; never the key. */
  readonly library: Library;
  /** Has the key, or none. */
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A good answer is believed so long. A key that is revoked meanwhile is found by the first file that needs it. */
const FRESH_MS = 24 * 3_600_000;
const NOTE = "good-key";
const HINT =
  "Make a new API key at https://civitai.com/user/account, and give it with CIVITAI_API_KEY, --token-file or " +
  "api_key.md";

/** What each bad answer means. */
const STATES = { wrong: "it is wrong, expired or revoked", banned: "its account is banned" } as const;

/**
 * Ask the service whether it takes the API key: elsewhere a wrong one only counts for none, and every file fails. A
 * service that cannot answer this is believed to take it.
 *
 * @param context Client and library
 * @param options Whether an earlier good answer is doubted, since a file was refused
 * @throws {FailureError} `login` if the key is wrong, expired, revoked, or of a banned account
 */
export async function checkKey(
  context: KeyContext,
  options: { readonly isDoubted?: boolean | undefined } = {},
): Promise<void> {
  const { client, clock, library: { catalog } } = context;
  const key = client.headersFor(client.baseUrl)["authorization"];
  if (key === undefined) return;
  // Enough to tell one key from another, too little to find one by.
  const mark = createHash("sha256").update(JSON.stringify([client.baseUrl, key])).digest("hex").slice(0, 16);
  const note = readNote(catalog.recall(NOTE));
  const ageMs = note?.mark === mark ? clock.now() - note.at : Infinity;
  if (!options.isDoubted && ageMs >= 0 && ageMs < FRESH_MS) return;
  const answer = await askAccount(context);
  catalog.remember(NOTE, answer === "good" ? JSON.stringify({ mark, at: clock.now() }) : null);
  if (answer === "good" || answer === "unknown") return;
  throw new FailureError("login", `Cannot use the API key: ${STATES[answer]}`, { hint: HINT });
}

/** Asked once: what it cannot say now is not worth waiting for. */
async function askAccount({ client, signal }: KeyContext): Promise<"good" | "unknown" | keyof typeof STATES> {
  try {
    const { status } = await client.me({ signal, maxRetries: 0 });
    return status === "banned" ? "banned" : "good";
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    // A login page that comes with 200 is a hiccup on the way.
    return error.failure === "login" && error.status === 401 ? "wrong" : "unknown";
  }
}

function readNote(text: string | null): { readonly mark: string; readonly at: number } | null {
  // Written by checkKey().
  return text === null ? null : JSON.parse(text);
}
