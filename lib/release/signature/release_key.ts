import * as z from "zod";
import { KitError } from "../../base/mod.ts";

/** A public key of the maintainers, with which the program verifies releases. */
export interface ReleaseKey {
  /** First 16 hexadecimal digits of the SHA-256 of the key. */
  readonly id: string;
  /** The Ed25519 key in the form SPKI (RFC 8410), base64: the text between the lines of a PEM file. */
  readonly publicKey: string;
  /** The day on which it was made, such as `2026-11-27`. */
  readonly since: string;
}

/** A key pair. The private half exists in one place only: the secret of the repository that signs. */
export interface ReleaseKeyPair {
  /** The half for the list of keys. */
  readonly key: ReleaseKey;
  /** The private half as a PEM file (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it. */
  readonly privateKey: string;
}

const listSchema = z.strictObject({
  version: z.literal(1),
  keys: z.array(z.strictObject({
    id: z.string().regex(/^[0-9a-f]{16}$/, { error: "must be 16 hexadecimal digits" }),
    publicKey: z.base64(),
    since: z.iso.date(),
  })),
});

/**
 * Parse a list of keys, such as `config/release-keys.json`.
 *
 * @param value The parsed JSON
 * @returns The keys; none if the maintainers have not made one yet
 * @throws {KitError} `usage` for a list in another form, and for a key whose id does not fit it
 */
export async function parseReleaseKeys(value: unknown): Promise<readonly ReleaseKey[]> {
  const result = listSchema.safeParse(value);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new KitError("usage", `Cannot use the list of keys: "${path.join(".")}": ${message}`);
  }
  const { keys } = result.data;
  for (const { id, publicKey } of keys) {
    const known = await readReleaseKey(publicKey);
    if (known.id !== id) {
      throw new KitError("usage", `Cannot use the list of keys: the id of key ${id} is ${known.id}`);
    }
  }
  return keys;
}

/**
 * Read a public key, and derive its id.
 *
 * @param publicKey The key as in {@linkcode ReleaseKey}
 * @param since The day on which it was made; empty if unknown
 * @returns The key
 * @throws {KitError} `usage` if it is not an Ed25519 key in that form
 */
export async function readReleaseKey(publicKey: string, since = ""): Promise<ReleaseKey> {
  try {
    const bytes = Uint8Array.fromBase64(publicKey);
    await importPublicKey(publicKey);
    return { id: await keyIdOf(bytes), publicKey, since };
  } catch (cause) {
    throw new KitError("usage", `Cannot use the key "${publicKey}": it is not an Ed25519 public key`, {
      hint: "Write the base64 text of its PEM file, which begins with MCowBQYDK2Vw",
      cause,
    });
  }
}

/**
 * Make a key pair.
 *
 * @param since The present day, such as `2026-11-27`
 * @returns The pair
 */
export async function createReleaseKeyPair(since: string): Promise<ReleaseKeyPair> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as CryptoKeyPair;
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey("spki", pair.publicKey),
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
  ]);
  const lines = new Uint8Array(pkcs8).toBase64().match(/.{1,64}/g)!;
  return {
    key: await readReleaseKey(new Uint8Array(spki).toBase64(), since),
    privateKey: [HEAD, ...lines, TAIL, ""].join("\n"),
  };
}

const HEAD = "-----BEGIN PRIVATE KEY-----";
const TAIL = "-----END PRIVATE KEY-----";

/** Import a public key of {@linkcode ReleaseKey} for verifying. */
export async function importPublicKey(publicKey: string): Promise<CryptoKey> {
  return await crypto.subtle.importKey("spki", Uint8Array.fromBase64(publicKey), "Ed25519", true, ["verify"]);
}

/** A private key that is ready to sign, and the public half that verifies it. */
export interface SigningKey {
  /** The public half; its day is unknown. */
  readonly key: ReleaseKey;
  /** The private half. */
  readonly privateKey: CryptoKey;
}

/**
 * Read a private key. The error never contains any of it.
 *
 * @param pem The text of the PEM file; the line breaks may be missing, as in a secret that was pasted
 * @returns Both halves
 * @throws {KitError} `usage` if it is not an Ed25519 key in the form PKCS #8
 */
export async function readSigningKey(pem: string): Promise<SigningKey> {
  try {
    const bytes = Uint8Array.fromBase64(pem.replace(HEAD, "").replace(TAIL, "").replaceAll(/\s|\\n/g, ""));
    const privateKey = await crypto.subtle.importKey("pkcs8", bytes, "Ed25519", true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", privateKey);
    const raw = Uint8Array.fromBase64(x!, { alphabet: "base64url" });
    const publicKey = await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]);
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
    return { key: await readReleaseKey(spki.toBase64()), privateKey };
  } catch {
    // The cause could show bytes of the key.
    throw new KitError("usage", "Cannot use the private key: it is not an Ed25519 key in the form PKCS #8", {
      hint: "Give the whole PEM file that deno task release-key create wrote",
    });
  }
}

async function keyIdOf(spki: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", spki)).toHex().slice(0, 16);
}
