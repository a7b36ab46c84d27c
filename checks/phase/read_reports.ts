import { walk } from "@std/fs";
import { relative } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { EvidenceFile } from "../../lib/gate/mod.ts";

/**
 * Read every JSON file below a folder.
 *
 * @param isRequired Whether the user specified the folder, in which case it must exist
 * @returns The files, sorted by name
 * @throws {KitError} `usage` if a folder that the user specified does not exist
 */
export async function readReports(folder: string, isRequired: boolean): Promise<readonly EvidenceFile[]> {
  const isFolder = await Deno.stat(folder).then((stat) => stat.isDirectory, () => false);
  if (!isFolder && isRequired) {
    throw new KitError("usage", `Cannot read reports in "${folder}": no such folder`);
  }
  const files: EvidenceFile[] = [];
  if (!isFolder) return files;
  for await (const entry of walk(folder, { includeDirs: false, exts: [".json"] })) {
    files.push({ name: relative(Deno.cwd(), entry.path), text: await Deno.readTextFile(entry.path) });
  }
  return files.toSorted((a, b) => a.name < b.name ? -1 : 1);
}
