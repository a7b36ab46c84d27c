import { join } from "node:path";

/** Maximum number of entries shown per folder; a final line counts the rest. */
const MAX_PER_FOLDER = 6;

/**
 * Draw a folder as a tree.
 *
 * @param root The folder
 * @param options `maxLines`: maximum number of lines, without the line that counts the rest
 * @returns The drawing, without a final newline
 */
export async function drawTree(root: string, options: { readonly maxLines: number }): Promise<string> {
  const lines: string[] = [];
  await draw(root, "", lines);
  const { maxLines } = options;
  if (lines.length <= maxLines) return lines.join("\n");
  return [...lines.slice(0, maxLines), `… and ${lines.length - maxLines} more`].join("\n");
}

async function draw(folder: string, indent: string, lines: string[]): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  entries.sort((a, b) => a.name.localeCompare(b.name));
  const shown = entries.slice(0, MAX_PER_FOLDER);
  for (const [index, entry] of shown.entries()) {
    const isLast = index === shown.length - 1 && shown.length === entries.length;
    lines.push(`${indent}${isLast ? "└── " : "├── "}${entry.name}${entry.isDirectory ? "/" : ""}`);
    if (entry.isDirectory) await draw(join(folder, entry.name), `${indent}${isLast ? "    " : "│   "}`, lines);
  }
  if (entries.length > shown.length) lines.push(`${indent}└── … and ${entries.length - shown.length} more`);
}
