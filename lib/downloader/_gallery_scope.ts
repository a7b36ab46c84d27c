import type { Client } from "../civitai/mod.ts";
import type { Choice } from "./choice.ts";

/**
 * Name all that decides which images a gallery has for us: who is asked, as whom, for how many and of which maturity. A
 * gallery that was read whole for one scope may lack images of another.
 */
export function galleryScope(
  client: Pick<Client, "baseUrl" | "headersFor">,
  choice: Pick<Choice, "gallery" | "levels">,
): string {
  const { baseUrl } = client;
  const who = "authorization" in client.headersFor(baseUrl) ? "key" : "no key";
  return `${choice.gallery}:${choice.levels}:${who}:${baseUrl}`;
}

/** The listing of a version's gallery in the catalog. */
export function galleryKey(versionId: number, scope: string): string {
  return `gallery:${versionId}:${scope}`;
}
