import { resolve } from "node:path";
import { lastLines, runDeno } from "../../checks/mod.ts";
import { KitError } from "../../lib/base/mod.ts";

/** Options of {@linkcode writeBundle}. */
export interface WriteBundleOptions {
  /** Root of the checkout. */
  readonly root: string;
  /** Path of the bundle; its folder exists. */
  readonly file: string;
  /** Stops the bundling. */
  readonly signal: AbortSignal;
}

/**
 * Write the bundle, the whole program in one file.
 *
 * @throws {KitError} `failed` if the program cannot be bundled
 */
export async function writeBundle({ root, file, signal }: WriteBundleOptions): Promise<void> {
  // Deno looks for the configuration, which names the packages, from the folder in which it runs.
  const run = await runDeno(["bundle", "-q", "--platform", "deno", "-o", resolve(file), "cli.ts"], {
    signal,
    folder: root,
  });
  if (run.code === 0) return;
  throw new KitError("failed", `Cannot bundle the program: deno bundle ended with ${run.code}`, {
    hint: lastLines(run),
  });
}
