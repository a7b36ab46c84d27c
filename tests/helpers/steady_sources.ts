import { walk } from "@std/fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MOST_TRIES = 3;

/** Name, size and time of every source file. */
async function fingerprint(): Promise<string> {
  const lines: string[] = [];
  for (const folder of ["lib", "scripts", "benchmarks", "std", "config"]) {
    for await (const { path } of walk(`${ROOT}${folder}`, { includeDirs: false })) {
      const { size, mtime } = await Deno.stat(path);
      lines.push(`${path} ${size} ${mtime?.getTime()}`);
    }
  }
  return lines.sort().join("\n");
}

/**
 * Run a test that starts programs of this checkout. If it fails and somebody edited the sources meanwhile, it may have
 * started a program in the middle of an edit: it is run again.
 */
export async function withSteadySources(test: () => Promise<void>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    const before = await fingerprint();
    try {
      return await test();
    } catch (error) {
      if (attempt === MOST_TRIES || await fingerprint() === before) throw error;
    }
  }
}
