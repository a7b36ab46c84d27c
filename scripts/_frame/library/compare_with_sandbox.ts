import type { Sandbox } from "../../../lib/sandbox/mod.ts";

/** How many files of a library are those of the sandbox. */
export interface SandboxComparison {
  /** Model files that should be there. */
  readonly files: number;
  /** Files whose bytes differ from the source, or that were not downloaded. */
  readonly wrong: number;
}

/**
 * Compare every planned model file of a library with the sandbox that it came from.
 *
 * @param creators The creators whose files were asked for
 * @returns The number of files, and how many of them are wrong
 */
export async function compareWithSandbox(
  sandbox: Sandbox,
  folder: string,
  creators: readonly string[],
): Promise<SandboxComparison> {
  const { compareLibrary, listExpectedItems } = await import("../../../lib/comparison/mod.ts");
  const expected = await listExpectedItems(sandbox, { creators, kinds: ["file"] });
  const planned = (await compareLibrary(folder, expected))
    .filter(({ row }) => row !== null && row.state !== "refused" && row.state !== "deferred");
  return { files: planned.length, wrong: planned.filter(({ problem }) => problem !== null).length };
}
