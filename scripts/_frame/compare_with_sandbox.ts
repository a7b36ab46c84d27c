import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Sandbox } from "../../lib/sandbox/mod.ts";

/** How many files of a library are those of the sandbox. */
export interface SandboxComparison {
  /** Model files that should be there. */
  readonly files: number;
  /** Files whose bytes differ from the source, or that were not downloaded. */
  readonly wrong: number;
}

/** Options of {@linkcode compareWithSandbox}. */
export interface CompareWithSandboxOptions {
  /** Only files of these creators. */
  readonly creators: readonly string[];
}

/**
 * Compare every planned file of a library with the sandbox that it came from, by the SHA-256 of the bytes on disk. The
 * catalog is only read.
 *
 * @param sandbox The running sandbox
 * @param folder The library
 * @param options The creators whose files were asked for
 * @returns The number of files, and how many of them are wrong
 */
export async function compareWithSandbox(
  sandbox: Sandbox,
  folder: string,
  options: CompareWithSandboxOptions,
): Promise<SandboxComparison> {
  const { openCatalog } = await import("../../lib/library/mod.ts");
  using catalog = openCatalog(join(folder, ".civitai-dl", "catalog.db"), { readOnly: true });
  let files = 0;
  let wrong = 0;
  for (const fact of sandbox.facts()) {
    if (fact.creator === null || !options.creators.includes(fact.creator)) continue;
    const item = catalog.item(`file:${fact.versionId}:${fact.fileId}`);
    if (item === null || item.state === "refused" || item.state === "deferred") continue;
    files++;
    if (item.state !== "done") {
      wrong++;
      continue;
    }
    if (await sha256Of(join(folder, item.path)) !== (await fact.sha256()).toLowerCase()) wrong++;
  }
  return { files, wrong };
}

/** Hash a file without the code of the product, which is what is tested. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return hash.digest("hex");
}
