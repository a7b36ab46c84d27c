import { ensureDir } from "@std/fs";
import { join } from "node:path";
import type { PeerBench } from "./target.ts";

/** Create a folder for one target, unless it exists. */
export async function ownFolder(bench: PeerBench, name: string): Promise<string> {
  const folder = join(bench.folder, name);
  await ensureDir(folder);
  return folder;
}
