import { dirname } from "node:path";
import { ensurePrivateFolder, openNoFollow, PRIVATE_FILE_MODE, syncDir, syncFile } from "../../base/mod.ts";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Options of {@linkcode installId}. */
export interface InstallIdOptions {
  /**
   * Creates an id.
   *
   * @default {a random UUID}
   */
  readonly createId?: (() => string) | undefined;
}

/**
 * Read the id of this installation, and create it the first time. It is random, says nothing about the machine or its
 * user, and is sent nowhere: it only decides how early this installation takes a release.
 *
 * @param path The file, which only its owner can read
 * @param options Source of ids
 * @returns The id; a file with anything else is replaced
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { installId } from "@civitai-dl/civitai-dl/rollout";
 *
 * const path = `${await Deno.makeTempDir()}/install-id`;
 * assertEquals(await installId(path), await installId(path));
 * ```
 */
export async function installId(path: string, options: InstallIdOptions = {}): Promise<string> {
  const { createId = () => crypto.randomUUID() } = options;
  ensurePrivateFolder(dirname(path), { marker: "install-id" });
  using file = await openNoFollow(path, { create: true, read: true, write: true, mode: PRIVATE_FILE_MODE });
  // Whoever comes second reads what the first one wrote.
  await file.lock(true);
  const bytes = new Uint8Array(64);
  const length = await file.read(bytes) ?? 0;
  const known = new TextDecoder().decode(bytes.subarray(0, length)).trim();
  if (ID.test(known)) return known;
  const id = createId();
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode(`${id}\n`));
  await syncFile(file);
  await syncDir(dirname(path));
  return id;
}
