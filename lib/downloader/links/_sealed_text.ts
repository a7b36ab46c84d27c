import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Key and context that sealed text is bound to. */
export interface Seal {
  /** AES-256 key, 32 bytes. */
  readonly key: Uint8Array;
  /**
   * Authenticated, but not stored. Decryption requires the same context, so sealed text that was copied elsewhere
   * cannot be decrypted.
   */
  readonly context: string;
}

/** Encrypt text, so that it can be stored in a file that others may read. */
export function sealText(text: string, { key, context }: Seal): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
}

/** Decrypt sealed text. Return `null` if the key or the context differs, or the sealed text was modified. */
export function openSealed(sealed: string, { key, context }: Seal): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    // The cipher does not report which of them is wrong, and all are handled alike.
    return null;
  }
}
