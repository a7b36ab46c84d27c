import { parseBaseUrl } from "./_parse_base_url.ts";

/** Selects one file of a version: one of its own by id, or a linked one by query parameters. */
export interface DownloadChoice {
  /** Id of the version. */
  readonly versionId: number;
  /** Id of one of the version's own files. */
  readonly fileId?: number | undefined;
  /** Query parameters of a linked file; takes precedence over `fileId`. */
  readonly linkedQuery?: Readonly<Record<string, string>> | null | undefined;
}

/**
 * Build the download URL of one exact file. It always uses the base that the user chose, because URLs in answers name
 * other hosts. Without `fileId` the server may deliver another file, by the account's preferences.
 *
 * @param base The base URL
 * @param choice The version, and the file in it
 * @returns The URL, without a token
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { downloadUrl } from "@civitai-dl/civitai-dl/civitai";
 *
 * const url = downloadUrl("https://civitai.com", { versionId: 456, fileId: 789 });
 * assertEquals(url, "https://civitai.com/api/download/models/456?fileId=789");
 * ```
 */
export function downloadUrl(base: string, choice: DownloadChoice): string {
  const { versionId, fileId, linkedQuery } = choice;
  const url = new URL(`${parseBaseUrl(base, "base URL").href}/api/download/models/${versionId}`);
  const query = linkedQuery ?? (fileId === undefined ? {} : { fileId: String(fileId) });
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
