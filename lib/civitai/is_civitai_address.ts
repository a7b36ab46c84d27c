/** The addresses of the API; the key may be sent to them. */
export const CIVITAI_ADDRESSES: readonly string[] = ["https://civitai.com", "https://civitai.red"];

/**
 * Whether an address is one of Civitai's own for its API: where a key belongs.
 *
 * @param url The address
 * @returns False also where the connection is not encrypted
 */
export function isCivitaiAddress(url: URL): boolean {
  return CIVITAI_ADDRESSES.includes(url.origin);
}
