import { join } from "node:path";

/** Maximum number of entries shown per folder; a final line counts the rest. */
const MAX_PER_FOLDER = 6;

/** How {@link drawTree} draws. */
interface TreeOptions {
  /** Maximum number of lines, without the line that counts the rest. */
  readonly maxLines: number;
  /**
   * Names of folders whose content is not drawn.
   *
   * @default {[]}
   */
  readonly closed?: readonly string[];
}

/**
 * Draw a folder as a tree. If it is too long, folders show fewer entries the deeper they are, so that every part of
 * the tree is visible.
 *
 * @returns The drawing, without a final newline
 */
export async function drawTree(root: string, options: TreeOptions): Promise<string> {
  const { maxLines, closed = [] } = options;
  const tree = await readTree(root, closed);
  let lines = drawEntries(tree, [MAX_PER_FOLDER]);
  for (let most = MAX_PER_FOLDER; most > 0 && lines.length > maxLines; most--) {
    lines = drawEntries(tree, [MAX_PER_FOLDER, most, most - 1, most - 2, most - 3].map((count) => Math.max(1, count)));
  }
  if (lines.length <= maxLines) return lines.join("\n");
  return [...lines.slice(0, maxLines), `… and ${lines.length - maxLines} more`].join("\n");
}

/** A file, or a folder with its entries in the order of their names. */
interface Entry {
  readonly name: string;
  readonly entries?: readonly Entry[];
}

async function readTree(folder: string, closed: readonly string[]): Promise<readonly Entry[]> {
  const found = await Array.fromAsync(Deno.readDir(folder));
  found.sort((a, b) => a.name.localeCompare(b.name));
  return await Promise.all(found.map(async ({ name, isDirectory }): Promise<Entry> => {
    if (!isDirectory) return { name };
    return { name, entries: closed.includes(name) ? [] : await readTree(join(folder, name), closed) };
  }));
}

/** Draw entries; `limits` says how many of each folder are shown, at its depth. The last one is for all below. */
function drawEntries(entries: readonly Entry[], limits: readonly number[]): string[] {
  const [shown = 1, ...others] = limits;
  const lines: string[] = [];
  for (const [index, entry] of entries.slice(0, shown).entries()) {
    const isLast = index === entries.length - 1;
    lines.push(`${isLast ? "└── " : "├── "}${entry.name}${entry.entries === undefined ? "" : "/"}`);
    const below = drawEntries(entry.entries ?? [], others.length === 0 ? limits : others);
    lines.push(...below.map((line) => `${isLast ? "    " : "│   "}${line}`));
  }
  if (entries.length > shown) lines.push(`└── … and ${entries.length - shown} more`);
  return lines;
}
