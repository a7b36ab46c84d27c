/** The origins of Civitai's API, to which the API key may be sent. */
export const CIVITAI_ORIGINS: readonly string[] = ["https://civitai.com", "https://civitai.red"];

/**
 * Whether a URL is on one of the origins of Civitai's API, to which the API key may be sent.
 *
 * @param url The address
 * @returns Whether it is; false for http, too
 */
export function isCivitaiAddress(url: URL): boolean {
  return CIVITAI_ORIGINS.includes(url.origin);
}
