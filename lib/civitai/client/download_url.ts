import { type BaseUrl, parseBaseUrl } from "../requests/parse_base_url.ts";

/** Selects one file of a version: one of the version's own files by id, or a linked file by query parameters. */
export interface DownloadChoice {
  /** Id of the version. */
  readonly versionId: number;
  /** Id of one of the version's own files. */
  readonly fileId?: number | undefined;
  /** Query parameters of a linked file; takes precedence over `fileId`. */
  readonly linkedQuery?: Readonly<Record<string, string>> | null | undefined;
}

/**
 * Build the download URL of one file. It always uses the base that the user chose, because URLs in responses name other
 * hosts. If the choice contains neither `fileId` nor `linkedQuery`, the account's preferences decide which file the
 * server delivers.
 *
 * @param base The base URL
 * @param choice The version, and which of its files
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
  return downloadUrlAt(parseBaseUrl(base, "base URL"), choice);
}

/** As {@linkcode downloadUrl}, at a base that is parsed already. */
export function downloadUrlAt({ href }: BaseUrl, { versionId, fileId, linkedQuery }: DownloadChoice): string {
  const url = new URL(`${href}/api/download/models/${versionId}`);
  const query = linkedQuery ?? (fileId === undefined ? {} : { fileId: String(fileId) });
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
