import { KitError } from "../../base/mod.ts";
import { importPublicKey, type ReleaseKey, type SigningKey } from "./release_key.ts";

/** The content of `SHA256SUMS.sig` as long as the maintainers have no key. */
export const UNSIGNED = "# This release is not signed.\n";

/**
 * Sign the checksums of a release. The signature is of the bytes alone, so that other programs can verify it too:
 * `openssl pkeyutl -verify -rawin`.
 *
 * @param sums The content of `SHA256SUMS`
 * @param keys The keys; two of them while one replaces the other
 * @returns The content of `SHA256SUMS.sig`: a line for each key, with its id and the signature in base64
 */
export async function signChecksums(sums: Uint8Array<ArrayBuffer>, keys: readonly SigningKey[]): Promise<string> {
  const lines = keys.map(async ({ key, privateKey }) => {
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, sums));
    return `${key.id} ${signature.toBase64()}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** Options of {@linkcode verifyChecksums}. */
export interface VerifyChecksumsOptions {
  /** The content of `SHA256SUMS.sig`. */
  readonly signature: string;
  /** The keys to trust. */
  readonly keys: readonly ReleaseKey[];
  /** The tag of the release, for messages. */
  readonly tag: string;
}

/**
 * Verify that one of the keys has signed the checksums of a release.
 *
 * @param sums The content of `SHA256SUMS`
 * @param options Signature, keys, tag
 * @returns The id of the key
 * @throws {KitError} `integrity` if the release is not signed, or by no known key, or the signature is wrong
 */
export async function verifyChecksums(
  sums: Uint8Array<ArrayBuffer>,
  options: VerifyChecksumsOptions,
): Promise<string> {
  const { signature, keys, tag } = options;
  const lines = signature.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw distrust(tag, "it is not signed");
  const signatures = lines.map((line) => /^([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)$/.exec(line));
  if (signatures.includes(null)) throw distrust(tag, "SHA256SUMS.sig is not a list of signatures");
  const known = signatures.flatMap((match) => {
    const key = keys.find(({ id }) => id === match![1]);
    return key === undefined ? [] : [{ key, value: match![2]! }];
  });
  if (known.length === 0) {
    const ids = signatures.map((match) => match![1]).join(", ");
    throw new KitError("integrity", `Cannot trust ${tag}: this program does not know the key that signed it, ${ids}`, {
      hint:
        "The maintainers may have changed their key since this version: docs/guide/updating.md says what to do then",
    });
  }
  for (const { key, value } of known) {
    const publicKey = await importPublicKey(key.publicKey);
    if (await crypto.subtle.verify("Ed25519", publicKey, Uint8Array.fromBase64(value), sums)) return key.id;
  }
  throw distrust(tag, `the signature of SHA256SUMS with key ${known[0]!.key.id} is wrong`);
}

function distrust(tag: string, state: string): KitError {
  return new KitError("integrity", `Cannot trust ${tag}: ${state}`, {
    hint: "Try again later; if it stays so, tell the maintainers, and do not install these files by hand",
  });
}
