import { parseBaseUrl } from "./_parse_base_url.ts";

/** Which file of a version: one of its own by id, or a linked one by its query. */
export interface DownloadChoice {
  /** The version. */
  readonly versionId: number;
  /** One of the version's own files. */
  readonly fileId?: number | undefined;
  /** The query of a linked file; wins over `fileId`. */
  readonly linkedQuery?: Readonly<Record<string, string>> | null | undefined;
}

/**
 * Build the download address of one exact file. It is always built on the base that the user chose, because addresses
 * in answers name other hosts, and one without `fileId` may deliver another file, by the account's preferences.
 *
 * @param base The base URL
 * @param choice Version and file
 * @returns The address, without any token
 */
export function downloadUrl(base: string, choice: DownloadChoice): string {
  const { versionId, fileId, linkedQuery } = choice;
  const url = new URL(`${parseBaseUrl(base, "base URL").href}/api/download/models/${versionId}`);
  const query = linkedQuery ?? (fileId === undefined ? {} : { fileId: String(fileId) });
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}
