import { isLoopback, KitError } from "../../lib/base/mod.ts";
import { parseReleaseList, type ReleaseList } from "../../lib/rollout/mod.ts";

/** Longest wait for the list, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** A list has one line per release. */
const MAX_BYTES = 1 << 20;

/**
 * Fetch the list of staged releases.
 *
 * @param address Its URL: HTTPS, or HTTP on this machine
 * @param options Stops the request
 * @returns The releases
 * @throws {KitError} `usage` for an address that cannot be used, `network` if it does not answer, `failed` if the answer
 * is not a list
 */
export async function fetchReleaseList(
  address: string,
  options: { readonly signal: AbortSignal },
): Promise<ReleaseList> {
  const url = URL.parse(address);
  if (url === null || !isSafe(url)) {
    throw new KitError("usage", "Cannot use --url: it is not an address that begins with https://", {
      hint: "Write the address of rollout.json beside the releases",
    });
  }
  const { origin } = url;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { signal, headers: { accept: "application/json" } });
    if (!response.ok || !isSafe(new URL(response.url))) {
      await response.body?.cancel();
      const state = response.ok ? "it leads to an address without HTTPS" : `it answered ${response.status}`;
      throw new KitError("network", `Cannot fetch the list of releases from ${origin}: ${state}`, { hint: AGAIN });
    }
    return parseReleaseList(await readLimited(response, origin));
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof KitError) throw error;
    const state = signal.aborted ? "no answer within 30s" : "it cannot be reached";
    throw new KitError("network", `Cannot fetch the list of releases from ${origin}: ${state}`, {
      hint: AGAIN,
      cause: error,
    });
  }
}

const AGAIN = "Check the address and the network, and try again";

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

async function readLimited(response: Response, origin: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new KitError("failed", `Cannot use the list of releases from ${origin}: it is larger than 1 MiB`, {
        hint: "Check the address",
      });
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).text();
}
