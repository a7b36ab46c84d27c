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
    const bytes = await Deno.readFile(join(folder, item.path));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (digest !== (await fact.sha256()).toLowerCase()) wrong++;
  }
  return { files, wrong };
}
