import { FailureError } from "../../failsafe/mod.ts";
import type { ItemFilter } from "../../library/mod.ts";
import { checkImageHost, checkStorageHost } from "./_check_hosts.ts";
import type { FetchContext } from "./fetch_context.ts";

/** The catalog's note of where the last file came from: a host, never a whole address. */
const STORAGE_NOTE = "storage-origin";

/**
 * Connect to where the first files and images will come from, while the API is still asked where they are: TCP and TLS
 * take as long as three questions. Under the gate's leave, so that no host sees more connections than it may have.
 *
 * @param context Transport, gate, catalog
 * @param filter What will be fetched
 */
export async function warmUp(context: FetchContext, filter: ItemFilter): Promise<void> {
  const { library: { catalog }, profile: { connections } } = context;
  if (connections === 1 || context.warm === undefined) return;
  const image = catalog.items({ ...filter, kinds: ["preview", "gallery", "image"] }).next().value;
  const file = catalog.items({ ...filter, kinds: ["file"] }).next().value;
  const origins = [
    file === undefined ? null : goodOrigin(catalog.recall(STORAGE_NOTE), (url) => checkStorageHost(context, url)),
    goodOrigin(image?.source ?? null, (url) => checkImageHost(context, url)),
  ];
  const places = new Set(origins.filter((origin) => origin !== null));
  await Promise.all(
    [...places].flatMap((origin) => Array.from({ length: connections }, () => warmOne(context, origin))),
  );
}

/** Note where a file came from, for the next run. */
export function noteStorage(context: FetchContext, address: string): void {
  const { catalog } = context.library;
  const { origin } = new URL(address);
  if (catalog.recall(STORAGE_NOTE) !== origin) catalog.remember(STORAGE_NOTE, origin);
}

/** Connects only to hosts that files may be fetched from. */
function goodOrigin(address: string | null, check: (url: URL) => void): string | null {
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

async function warmOne({ warm, gate, profile, signal }: FetchContext, origin: string): Promise<void> {
  try {
    using permit = gate?.tryEnter(new URL(origin).host);
    if (permit === null) return;
    const { connectTimeoutMs, tlsTimeoutMs } = profile;
    await warm?.(origin, { signal, connectTimeoutMs, tlsTimeoutMs });
  } catch {
    // The first request will meet the same trouble, and say so.
  }
}
