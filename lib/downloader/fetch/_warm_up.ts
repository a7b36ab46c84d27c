import { FailureError } from "../../failsafe/mod.ts";
import type { ItemFilter } from "../../library/mod.ts";
import { checkImageHost, checkStorageHost } from "./_check_hosts.ts";
import type { SettledFetch } from "../settled_fetch.ts";

/** Name of the catalog's note that stores the origin of the last file, never a whole URL. */
const STORAGE_NOTE = "storage-origin";

/**
 * Connect to the hosts of the first file and the first image while download URLs are still being requested from the
 * API: TCP and TLS take as long as three requests. Each connection takes a permit, so that no host gets more
 * connections than its limit.
 *
 * @param context Provides the catalog, permits, and the function that opens connections; if the profile has only one
 * connection, nothing happens
 * @param filter Items that the run will fetch
 */
export async function warmUp(context: SettledFetch, filter: ItemFilter): Promise<void> {
  const { library: { catalog }, profile: { connections } } = context;
  if (connections === 1 || context.warm === undefined) return;
  const image = catalog.items({ ...filter, kinds: ["preview", "gallery", "image"] }).next().value;
  const file = catalog.items({ ...filter, kinds: ["file"] }).next().value;
  const origins = [
    file === undefined ? null : allowedOrigin(catalog.note(STORAGE_NOTE), (url) => checkStorageHost(context, url)),
    allowedOrigin(image?.source ?? null, (url) => checkImageHost(context, url)),
  ];
  const uniqueOrigins = new Set(origins.filter((origin) => origin !== null));
  await Promise.all(
    [...uniqueOrigins].flatMap((origin) => Array.from({ length: connections }, () => warmOne(context, origin))),
  );
}

/** Record the origin of a file, for the next run. */
export function noteStorage(context: SettledFetch, address: string): void {
  const { catalog } = context.library;
  const { origin } = new URL(address);
  if (catalog.note(STORAGE_NOTE) !== origin) catalog.setNote(STORAGE_NOTE, origin);
}

/** Return the origin of a URL; `null` unless files may be fetched from its host. */
function allowedOrigin(address: string | null, check: (url: URL) => void): string | null {
  const url = URL.parse(address ?? "");
  if (url === null) return null;
  try {
    check(url);
    return url.origin;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return null;
  }
}

async function warmOne(context: SettledFetch, origin: string): Promise<void> {
  const { warm, profile, signal, line: { permits, hostTimeouts, onWait } } = context;
  const { host } = new URL(origin);
  try {
    using permit = permits.tryAcquire(host);
    if (permit === null) return;
    const fixed = hostTimeouts.of(host);
    await warm?.(origin, {
      signal,
      connectTimeoutMs: fixed.connect ?? profile.connectTimeoutMs,
      tlsTimeoutMs: fixed.tls ?? profile.tlsTimeoutMs,
      onWait: (wait) => onWait?.({ ...wait, operation: "transfer", attempt: 1 }),
    });
  } catch {
    // The first request fails in the same way, and reports it.
  }
}
