import { Buffer } from "node:buffer";
import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { ensurePrivateFolder, PRIVATE_FILE_MODE, writeAtomic } from "../../base/mod.ts";

const KEY_BYTES = 32;
/** The `info` input of HKDF: makes the key differ from any other that is derived from the token. */
const PURPOSE = "civitai-dl download links 1";
/** Name of the key file in the state folder; it exists only if there was a run without a token. */
const KEY_FILE = "links.key";

/**
 * Derive the key that encrypts links from the API token, so that no file contains the key. Without a token, derive it
 * from random bytes in a file with mode 0600.
 */
export async function linkKey(stateFolder: string, token: string | undefined): Promise<Uint8Array> {
  if (token !== undefined) return derive(token);
  const path = join(stateFolder, KEY_FILE);
  const known = await readOrNull(path);
  // A file with a different length is truncated: the links encrypted with it are lost, which costs a few API requests.
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
