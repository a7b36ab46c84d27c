import { KitError } from "../../lib/base/mod.ts";
import {
  CHECKSUMS_NAME,
  DOCUMENT_NAME,
  releaseFileUrl,
  type ReleaseKey,
  SIGNATURE_NAME,
  type VerifiedRelease,
  verifyRelease,
} from "../../lib/release/mod.ts";
import type { ReleaseHost } from "./release_host.ts";

/** A checksum has about a hundred bytes, and a release some ten files. */
const MAX_BYTES = 1 << 16;

/** Which release is wanted, and from where. */
export interface WantedRelease {
  /** Address of all releases. */
  readonly from: string;
  /** The tag, such as `v1.1.0`. */
  readonly tag: string;
  /** The keys to trust. */
  readonly keys: readonly ReleaseKey[];
  /** Stops the requests. */
  readonly signal: AbortSignal;
}

/**
 * Fetch what describes a release, and verify it.
 *
 * @param host The host of the releases
 * @param wanted Tag, address and keys
 * @returns The release, signed by one of the keys
 * @throws {KitError} `failed` if there is no such release, `integrity` if it cannot be trusted, `network`
 */
export async function fetchRelease(host: ReleaseHost, wanted: WantedRelease): Promise<VerifiedRelease> {
  const { from, tag, keys, signal } = wanted;
  const fetchFile = (name: string) =>
    host.fetchSmall({ url: releaseFileUrl(from, tag, name), what: `${name} of ${tag}`, maxBytes: MAX_BYTES, signal });
  const sums = await fetchFile(CHECKSUMS_NAME);
  if (sums === null) {
    throw new KitError("failed", `Cannot find release ${tag} at ${new URL(from).host}: there is none`, {
      hint: `The releases are listed at ${from}`,
    });
  }
  const signature = await fetchFile(SIGNATURE_NAME);
  const document = await fetchFile(DOCUMENT_NAME);
  if (document === null && signature === null) {
    throw new KitError("integrity", `Cannot trust ${tag}: it is not signed`, {
      hint: "Releases have signatures since self-update exists; install an older one by hand, see docs/packaging.md",
    });
  }
  const missing = signature === null ? SIGNATURE_NAME : DOCUMENT_NAME;
  if (signature !== null && document !== null) return await verifyRelease({ tag, sums, signature, document }, keys);
  throw new KitError("integrity", `Cannot trust ${tag}: it has no ${missing}`, {
    hint: "It may be published right now: try again in some minutes",
  });
}
