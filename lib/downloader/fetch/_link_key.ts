import { Buffer } from "node:buffer";
import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { ensurePrivateFolder, PRIVATE_FILE_MODE, writeAtomic } from "../../base/mod.ts";

const KEY_BYTES = 32;
/** Binds the key to this use of the token. */
const PURPOSE = "civitai-dl download links 1";
/** Below the state folder; only there when there is no token. */
const KEY_FILE = "links.key";

/**
 * The key that links are sealed with: made from the API token, so that it stands in no file; without a token, random
 * bytes in a file of mode 0600.
 */
export async function linkKey(stateFolder: string, token: string | undefined): Promise<Uint8Array> {
  if (token !== undefined) return derive(token);
  const path = join(stateFolder, KEY_FILE);
  const known = await readOrNull(path);
  // A file of another length was cut off: what it sealed is lost, which costs a few questions.
  if (known?.length === KEY_BYTES) return derive(known);
  const fresh = randomBytes(KEY_BYTES);
  ensurePrivateFolder(stateFolder);
  await writeAtomic(path, fresh, { mode: PRIVATE_FILE_MODE, sync: false });
  return derive(fresh);
}

function derive(secret: string | Uint8Array): Uint8Array {
  return Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, KEY_BYTES));
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
