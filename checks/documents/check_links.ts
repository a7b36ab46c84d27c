import { walk } from "@std/fs";
import { dirname, join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";

/**
 * Check that every relative link of the documentation points to an existing file.
 *
 * @param files Files to check in addition to those in docs/
 * @returns One line with the number of links
 * @throws {KitError} `failed` for a dead link
 */
export async function checkLinks(files: readonly string[]): Promise<string> {
  const all = [...files];
  for await (const entry of walk("docs", { includeDirs: false, exts: [".md"] })) all.push(entry.path);
  const dead: string[] = [];
  let count = 0;
  for (const file of all) {
    const text = await Deno.readTextFile(file);
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)) {
      if (/^[a-z]+:/i.test(target!)) continue;
      count++;
      const exists = await Deno.stat(join(dirname(file), target!)).then(() => true, () => false);
      if (!exists) dead.push(`${target} in ${file}`);
    }
  }
  if (dead.length > 0) throw new KitError("failed", `Cannot follow links: ${dead.join("; ")}`);
  return `${count} links in ${all.length} files`;
}
