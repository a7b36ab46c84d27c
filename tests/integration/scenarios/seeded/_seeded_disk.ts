import { basename, dirname } from "node:path";
import type { TransferResult } from "../../../../lib/transfer/mod.ts";
import { sha256 } from "../../../helpers/servers/file_server.ts";

/** What is wrong with a finished file; `null` for nothing. */
export async function wholeProblem(
  path: string,
  result: TransferResult,
  objects: readonly Uint8Array[],
): Promise<string | null> {
  const bytes = await Deno.readFile(path);
  const hash = sha256(bytes);
  if (!objects.some((object) => object.length === bytes.length && sha256(object) === hash)) {
    return `wrong bytes: ${bytes.length} of them, hash ${hash}`;
  }
  if (result.sha256 !== hash || result.sizeBytes !== bytes.length) return "another hash or size is told than there is";
  const names = await namesBeside(path);
  return names.length === 1 ? null : `left after success: ${names}`;
}

/** What is wrong beside a final name that must stay empty; `null` for nothing. */
export async function namesProblem(path: string): Promise<string | null> {
  const allowed = [".part", ".part.json"].map((ending) => basename(path) + ending);
  const names = (await namesBeside(path)).filter((name) => !allowed.includes(name));
  return names.length === 0 ? null : `left after a failure: ${names}`;
}

async function namesBeside(path: string): Promise<readonly string[]> {
  return await Array.fromAsync(Deno.readDir(dirname(path)), (entry) => entry.name);
}
