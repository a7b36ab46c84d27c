import { API_HOSTS } from "./hosts.ts";

/** The origins of Civitai's API, to which the API key may be sent. */
export const CIVITAI_ORIGINS: readonly string[] = API_HOSTS.map((host) => `https://${host}`);

/**
 * Whether a URL is on one of the origins of Civitai's API, to which the API key may be sent.
 *
 * @param url The address
 * @returns `true` if it is; `false` for any other URL, including http URLs
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isCivitaiAddress } from "@civitai-dl/civitai-dl/civitai";
 *
 * assertEquals(isCivitaiAddress(new URL("https://civitai.com/api/v1/models")), true);
 * assertEquals(isCivitaiAddress(new URL("https://b2.civitai.com/file/a.safetensors")), false);
 * ```
 */
export function isCivitaiAddress(url: URL): boolean {
  return CIVITAI_ORIGINS.includes(url.origin);
}
