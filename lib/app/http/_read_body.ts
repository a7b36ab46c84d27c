import type { IncomingMessage } from "node:http";
import type { Clock } from "../../base/mod.ts";
import { RouteError } from "./route_error.ts";

/** Maximum size of a request's body, in bytes. */
export const MAX_BODY_BYTES = 1 << 20;

/** Options of {@linkcode readBody}. */
export interface ReadBodyOptions {
  /** Time for the whole body, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Read the JSON body of a request that writes. A body that is missing counts as `{}`.
 *
 * @throws {RouteError} 415 if it is not declared as JSON, 413 if it is too large, 408 if it takes too long, 400 if it is
 * not JSON
 */
export async function readBody(incoming: IncomingMessage, options: ReadBodyOptions): Promise<unknown> {
  const type = incoming.headers["content-type"] ?? "";
  // A form of another site cannot send this type without asking first, and is never allowed to.
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new RouteError("usage", "Cannot read the request: its content-type must be application/json", {
      status: 415,
    });
  }
  const text = decode(await readBytes(incoming, options));
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RouteError("usage", "Cannot read the request: it is not JSON");
    throw error;
  }
}

async function readBytes(incoming: IncomingMessage, { timeoutMs, clock }: ReadBodyOptions): Promise<Uint8Array> {
  if (Number(incoming.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const pieces: Uint8Array[] = [];
  let length = 0;
  const isRead = new AbortController();
  const waiting = clock.sleep(timeoutMs, { signal: isRead.signal }).then(() => reject(tooSlow()), () => {});
  incoming.on("data", (piece: Uint8Array) => {
    length += piece.length;
    if (length > MAX_BODY_BYTES) reject(tooLarge());
    else pieces.push(piece);
  });
  incoming.once("end", () => resolve(joinPieces(pieces, length)));
  incoming.once("error", reject);
  incoming.once("close", () => reject(new RouteError("usage", "Cannot read the request: it ended early")));
  try {
    return await promise;
  } finally {
    isRead.abort();
    await waiting;
  }
}

function joinPieces(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new RouteError("usage", "Cannot read the request: it is not UTF-8");
    throw error;
  }
}

function tooLarge(): RouteError {
  return new RouteError("usage", "Cannot read the request: it is larger than 1 MiB", { status: 413 });
}

function tooSlow(): RouteError {
  return new RouteError("usage", "Cannot read the request: it takes too long", { status: 408 });
}
