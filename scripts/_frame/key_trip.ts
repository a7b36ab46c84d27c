import { isLoopback, KitError } from "../../lib/base/mod.ts";
import { isCivitaiAddress } from "../../lib/civitai/mod.ts";
import type { FlagSource } from "../../lib/cli/mod.ts";

/** The address that would receive the API key, and the sources of both. */
export interface KeyTrip {
  /** Address of the API. */
  readonly baseUrl: string;
  /** Source of the address: command line, environment or configuration. */
  readonly source: FlagSource | undefined;
  /** Whether the key is also in the configuration, so that its author knows the key anyway. */
  readonly isKeyInConfig: boolean;
}

/**
 * Refuse to send a key to a host that is not specified on the command line. A configuration found in the working
 * directory may come from someone else, and must not decide where the user's key is sent.
 *
 * @throws {KitError} `unsafe` if the host is neither Civitai's nor this machine, and is not on the command line
 */
export function assertKeyMayGo({ baseUrl, source, isKeyInConfig }: KeyTrip): void {
  const url = URL.parse(baseUrl);
  // An invalid address is refused when it is used.
  if (url === null || source === "flag" || isKeyInConfig || isCivitaiAddress(url) || isLoopback(url.hostname)) return;
  const origin = source === "env" ? "CIVITAI_DL_BASE_URL" : "the configuration";
  throw new KitError("unsafe", `Cannot send the API key to "${url.origin}": only ${origin} names it`, {
    hint: `If you trust that host with your key, say so on the command line: --base-url ${url.origin}`,
  });
}
