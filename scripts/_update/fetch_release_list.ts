import { KitError } from "../../lib/base/mod.ts";
import { parseReleaseList, type ReleaseList } from "../../lib/rollout/mod.ts";
import type { ReleaseHost } from "./release_host.ts";

/** A list has one line per release. */
const MAX_BYTES = 1 << 20;

/**
 * Fetch the list of staged releases.
 *
 * @param host The host of the releases
 * @param options The address of `rollout.json`; stops the request
 * @returns The releases
 * @throws {KitError} `network` if it does not answer or has no such file, `failed` if the answer is not a list
 */
export async function fetchReleaseList(
  host: ReleaseHost,
  options: { readonly url: string; readonly signal: AbortSignal },
): Promise<ReleaseList> {
  const { url, signal } = options;
  const bytes = await host.fetchSmall({ url, what: "the list of releases", maxBytes: MAX_BYTES, signal });
  if (bytes !== null) return parseReleaseList(new TextDecoder().decode(bytes));
  throw new KitError("network", `Cannot fetch the list of releases from ${new URL(url).host}: there is none`, {
    hint: "Check --url, or choose a release yourself with --version v1.1.0",
  });
}
