import { isLoopback, KitError } from "../../lib/base/mod.ts";
import { createTransport, followRedirects, type Transport, type TransportResponse } from "../../lib/transfer/mod.ts";
import { RELEASE_HOSTS } from "./release_places.ts";

/** Longest wait for a small file, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** Longest wait for a connection and for its encryption, in milliseconds. */
const CONNECT_MS = 15_000;

/** Options of {@linkcode openReleaseHost}. */
export interface ReleaseHostOptions {
  /** Addresses that the user named; their hosts are allowed. */
  readonly addresses: readonly string[];
  /** Further hosts to which they may redirect. */
  readonly allowedHosts: readonly string[];
}

/** A small file to fetch. */
export interface SmallFile {
  /** Its address. */
  readonly url: string;
  /** What it is, to complete "Cannot fetch …". */
  readonly what: string;
  /** A larger file is refused. */
  readonly maxBytes: number;
  /** Stops the request. */
  readonly signal: AbortSignal;
}

/** The host of the releases. Dispose it to close its connections. */
export interface ReleaseHost extends Disposable {
  /** Sends a request, and follows redirects to allowed hosts only. */
  readonly send: Transport;
  /**
   * Fetch a small file.
   *
   * @returns Its bytes; `null` if there is no such file
   * @throws {KitError} `network` if it does not answer, `failed` if the answer is too large, `unsafe` for a redirect to
   * another host
   */
  fetchSmall(file: SmallFile): Promise<Uint8Array<ArrayBuffer> | null>;
}

/**
 * Open the connection to the releases. Addresses must be HTTPS, or HTTP on this machine.
 *
 * @param options Addresses and further hosts
 * @throws {KitError} `usage` for an address that cannot be used
 */
export function openReleaseHost({ addresses, allowedHosts }: ReleaseHostOptions): ReleaseHost {
  const named = addresses.map(parseAddress);
  const hosts = new Set([...RELEASE_HOSTS, ...allowedHosts, ...named.map(({ hostname }) => hostname)]);
  const isLocal = named.some(({ hostname }) => isLoopback(hostname));
  const transport = createTransport({ userAgent: "civitai-dl" });
  const send = followRedirects(transport.send, { check: (url) => assertAllowed(url, { hosts, isLocal }) });
  return {
    send,
    fetchSmall: (file) => fetchSmall(send, file),
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}

function parseAddress(address: string): URL {
  const url = URL.parse(address);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url !== null && isSafe && url.username === "" && url.password === "") return url;
  throw new KitError("usage", "Cannot use the address of the releases: it does not begin with https://", {
    hint: "Check --from and --url; they take addresses without a login, such as https://example.com/releases",
  });
}

function assertAllowed(
  { protocol, hostname, username, password }: URL,
  { hosts, isLocal }: { readonly hosts: ReadonlySet<string>; readonly isLocal: boolean },
): void {
  const isEncrypted = protocol === "https:" || (protocol === "http:" && isLocal && isLoopback(hostname));
  if (hosts.has(hostname) && isEncrypted && username === "" && password === "") return;
  const state = hosts.has(hostname) ? "without HTTPS" : "which is no host of the releases";
  throw new KitError("unsafe", `Cannot fetch the release: the server points to "${hostname}", ${state}`, {
    hint: `If you trust it, pass --redirect-host ${hostname}; only https is followed`,
  });
}

async function fetchSmall(send: Transport, file: SmallFile): Promise<Uint8Array<ArrayBuffer> | null> {
  const { url, what } = file;
  const { host } = new URL(url);
  const signal = AbortSignal.any([file.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const again = "Check the address and the network, and try again";
  try {
    await using response = await send(url, {
      headers: { "accept": "*/*", "accept-encoding": "identity" },
      signal,
      connectTimeoutMs: CONNECT_MS,
      tlsTimeoutMs: CONNECT_MS,
    });
    if (response.status === 404 || response.status === 410) return null;
    if (response.status === 200) return await readAll(response, file);
    const state = `it answered ${response.status}`;
    throw new KitError("network", `Cannot fetch ${what} from ${host}: ${state}`, { hint: again });
  } catch (error) {
    file.signal.throwIfAborted();
    const isExplained = error instanceof KitError && error.code !== "network";
    if (isExplained || (error instanceof KitError && error.cause === undefined)) throw error;
    const state = signal.aborted ? "no answer within 30s" : "it cannot be reached";
    throw new KitError("network", `Cannot fetch ${what} from ${host}: ${state}`, { hint: again, cause: error });
  }
}

async function readAll(
  response: TransportResponse,
  { what, maxBytes, url }: SmallFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(maxBytes + 1);
  let length = 0;
  for (;;) {
    const count = await response.read(bytes.subarray(length));
    if (count === null) return bytes.slice(0, length);
    length += count;
    if (length > maxBytes) {
      throw new KitError(
        "failed",
        `Cannot use ${what} from ${new URL(url).host}: it is larger than ${maxBytes} bytes`,
        {
          hint: "Check the address",
        },
      );
    }
  }
}
