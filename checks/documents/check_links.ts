import { dirname, join, normalize } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { listHeadings, listLinks } from "./markdown.ts";

/**
 * Check that every relative link of the documentation points to an existing file, and its anchor to a heading there.
 *
 * @param files Markdown files to check, relative to the working directory
 * @returns One line with the number of links
 * @throws {KitError} `failed` for a dead link or anchor
 */
export async function checkLinks(files: readonly string[]): Promise<string> {
  const dead: string[] = [];
  let count = 0;
  for (const file of files) {
    for (const { path, anchor } of listLinks(await Deno.readTextFile(file))) {
      count++;
      const target = path === "" ? file : normalize(join(dirname(file), path));
      const written = anchor === undefined ? path : `${path}#${anchor}`;
      const exists = await Deno.stat(target).then(() => true, () => false);
      if (!exists || (anchor !== undefined && !await hasAnchor(target, anchor))) dead.push(`${written} in ${file}`);
    }
  }
  if (dead.length > 0) throw new KitError("failed", `Cannot follow links: ${dead.join("; ")}`);
  return `${count} links in ${files.length} files`;
}

/** Whether a link finds the anchor. Anchors are checked in Markdown only: `#L12` of a source is a matter of GitHub. */
async function hasAnchor(path: string, anchor: string): Promise<boolean> {
  if (!path.endsWith(".md")) return true;
  const text = await Deno.readTextFile(path);
  const name = decodeURIComponent(anchor);
  return listHeadings(text).some((heading) => heading.anchor === name) || text.includes(`id="${name}"`);
}
