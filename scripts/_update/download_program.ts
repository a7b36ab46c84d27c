import { join } from "node:path";
import { formatSize, freeSpace, KitError } from "../../lib/base/mod.ts";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { measureFile, releaseFileUrl, type ReleaseProgram } from "../../lib/release/mod.ts";
import { IntegrityError, transferFile, type TransferResult } from "../../lib/transfer/mod.ts";
import type { ReleaseHost } from "./release_host.ts";

/** Room that stays free beside the program. */
const RESERVE_BYTES = 32 << 20;
/** Longest time without a byte, in milliseconds. */
const PATIENCE_MS = 120_000;

/** A program to download. */
export interface WantedProgram {
  /** Address of all releases. */
  readonly from: string;
  /** The tag. */
  readonly tag: string;
  /** Name, size and SHA-256, all of them signed. */
  readonly program: ReleaseProgram;
  /** The folder of installed versions. */
  readonly folder: string;
  /** Called with the number of bytes that are there. */
  readonly onProgress: (bytes: number) => void;
  /** Stops the download; it can be resumed. */
  readonly signal: AbortSignal;
}

/** A program that is complete and has the right SHA-256. */
export interface DownloadedProgram extends Pick<TransferResult, "fetchedBytes" | "resumedBytes"> {
  /** Where it is, on the same disk as the installed versions. */
  readonly path: string;
}

/** Where downloads are until they are installed. */
function downloadsFolder(folder: string): string {
  return join(folder, "downloads");
}

/**
 * Remove what updates left.
 *
 * @param folder The folder of installed versions
 * @param options A tag whose download is kept, to be resumed
 */
export async function removeDownloads(folder: string, options: { readonly except?: string } = {}): Promise<void> {
  const downloads = downloadsFolder(folder);
  try {
    for await (const { name } of Deno.readDir(downloads)) {
      if (name !== options.except) await Deno.remove(join(downloads, name), { recursive: true });
    }
    if (options.except === undefined) await Deno.remove(downloads);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Download the program of a release, and resume what a killed update left. Wrong bytes are removed.
 *
 * @param host The host of the releases
 * @param wanted The program
 * @returns The verified file
 * @throws {KitError} `integrity` for wrong bytes, `unsafe` if there is no room, `network`
 */
export async function downloadProgram(host: ReleaseHost, wanted: WantedProgram): Promise<DownloadedProgram> {
  const { from, tag, program, folder, onProgress, signal } = wanted;
  const { name, sizeBytes, sha256 } = program;
  const place = join(downloadsFolder(folder), tag);
  const path = join(place, name);
  await Deno.mkdir(place, { recursive: true });
  // An update that was killed between the last byte and the installation.
  if ((await measureFile(path))?.sha256 === sha256) return { path, fetchedBytes: 0, resumedBytes: sizeBytes };
  await assertRoom(folder, path, sizeBytes);
  const url = releaseFileUrl(from, tag, name);
  let bytes = 0;
  try {
    const result = await transferFile({
      path,
      identity: { tag, sha256 },
      sha256,
      resolve: () => Promise.resolve({ url }),
    }, {
      transport: host.send,
      maxBytes: sizeBytes,
      maxRetries: 5,
      patienceMs: PATIENCE_MS,
      signal,
      onEvent(event) {
        if (event.type === "started") bytes = event.resumedBytes;
        if (event.type === "bytes") bytes += event.count;
        onProgress(bytes);
      },
      inspect: (part) => explainSize(part, sizeBytes),
    });
    return { path, fetchedBytes: result.fetchedBytes, resumedBytes: result.resumedBytes };
  } catch (error) {
    const isWrong = error instanceof IntegrityError ||
      (error instanceof FailureError && ["too-large", "unusable"].includes(error.failure));
    if (!isWrong) throw error;
    await removeDownloads(folder);
    const state = error.message.slice(error.message.indexOf(": ") + 2);
    throw new KitError("integrity", `Cannot trust ${name} of ${tag}: ${state}`, {
      hint: error.hint ?? "Nothing was changed: try again later; if it stays so, tell the maintainers",
      cause: error,
    });
  }
}

async function explainSize(part: string, sizeBytes: number): Promise<string | null> {
  const { size } = await Deno.stat(part);
  return size === sizeBytes ? null : `it has ${size} bytes, expected ${sizeBytes}`;
}

async function assertRoom(folder: string, path: string, sizeBytes: number): Promise<void> {
  const kept = await Deno.stat(`${path}.part`).then(({ size }) => size, () => 0);
  const needed = sizeBytes - kept + RESERVE_BYTES;
  const free = await freeSpace(folder);
  if (free >= needed) return;
  throw new KitError(
    "unsafe",
    `Cannot update: "${folder}" has ${formatSize(free)} free, and the update needs ${formatSize(needed)}`,
    { hint: "Free some space; civitai-dl install shows the installed versions, and install remove deletes one" },
  );
}
