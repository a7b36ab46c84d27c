import type { Client } from "../../civitai/mod.ts";
import type { Choice } from "../choice.ts";

/**
 * Build a string from everything that decides which images a gallery lists: service, whether there is a key, number of
 * images, maturity. A gallery that was listed completely for one scope may lack images of another.
 */
export function galleryScope(
  client: Pick<Client, "baseUrl" | "headersFor">,
  choice: Pick<Choice, "gallery" | "levels">,
): string {
  const { baseUrl } = client;
  const who = "authorization" in client.headersFor(baseUrl) ? "key" : "no key";
  return `${choice.gallery}:${choice.levels}:${who}:${baseUrl}`;
}

/** Key of the listing of a version's gallery in the catalog. */
export function galleryKey(versionId: number, scope: string): string {
  return `gallery:${versionId}:${scope}`;
}
