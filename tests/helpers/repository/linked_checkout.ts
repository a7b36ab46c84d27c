import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** What tasks write, or write to. */
const COPIED = ["deno.json", "deno.lock"];
const LEFT_OUT = [".git", "dist", "coverage", "node_modules"];

/**
 * Make a folder that is this checkout to its tasks: with links to the sources, but with a `dist/` and a `deno.json` of its
 * own.
 */
export async function linkCheckout(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for await (const { name } of Deno.readDir(ROOT)) {
    if (LEFT_OUT.includes(name)) continue;
    if (COPIED.includes(name)) await Deno.copyFile(join(ROOT, name), join(folder, name));
    else await Deno.symlink(join(ROOT, name), join(folder, name));
  }
}
