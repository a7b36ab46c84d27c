import { KitError } from "../../base/mod.ts";
import type { ReleaseKey } from "../signature/release_key.ts";
import { verifyChecksums } from "../signature/checksum_signature.ts";
import { CHECKSUMS_NAME, parseChecksums, SIGNATURE_NAME } from "./checksums.ts";
import { DOCUMENT_NAME, parseReleaseDocument } from "./release_document.ts";

/** The small files of a release, as they were fetched and before anything of them is believed. */
export interface FetchedRelease {
  /** The tag that was asked for. */
  readonly tag: string;
  /** `SHA256SUMS`. */
  readonly sums: Uint8Array<ArrayBuffer>;
  /** `SHA256SUMS.sig`. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** `release.json`. */
  readonly document: Uint8Array<ArrayBuffer>;
}

/** A program among the files of a release. */
export interface ReleaseProgram {
  /** Name of the file. */
  readonly name: string;
  /** Its size. */
  readonly sizeBytes: number;
  /** Its SHA-256, in lower case. */
  readonly sha256: string;
}

/** A release that the maintainers have signed. */
export interface VerifiedRelease {
  /** The tag. */
  readonly tag: string;
  /** Full hash of the tag's commit. */
  readonly commit: string;
  /** Version of the catalogs that it reads and writes. */
  readonly catalogVersion: number;
  /** Id of the key that signed it. */
  readonly keyId: string;
  /** Its programs. */
  readonly programs: readonly ReleaseProgram[];
}

/**
 * Verify a release: the signature proves the checksums, the checksums prove its description, and the description names
 * the tag. So nobody can pass an older release off as a newer one.
 *
 * @param fetched The small files of the release
 * @param keys The keys to trust
 * @returns The release
 * @throws {KitError} `integrity` if anything does not fit
 */
export async function verifyRelease(fetched: FetchedRelease, keys: readonly ReleaseKey[]): Promise<VerifiedRelease> {
  const { tag, sums } = fetched;
  const texts = {
    [CHECKSUMS_NAME]: decode(sums),
    [SIGNATURE_NAME]: decode(fetched.signature),
    [DOCUMENT_NAME]: decode(fetched.document),
  };
  for (const [name, text] of Object.entries(texts)) refusePage(tag, name, text);
  const keyId = await verifyChecksums(sums, { signature: texts[SIGNATURE_NAME], keys, tag });
  const checksums = new Map(parseChecksums(texts[CHECKSUMS_NAME]).map(({ name, sha256 }) => [name, sha256]));
  const expected = checksums.get(DOCUMENT_NAME);
  const actual = new Uint8Array(await crypto.subtle.digest("SHA-256", fetched.document)).toHex();
  if (expected === undefined) throw distrust(tag, `${CHECKSUMS_NAME} has no checksum of ${DOCUMENT_NAME}`);
  if (actual !== expected) {
    throw distrust(tag, `SHA-256 of ${DOCUMENT_NAME} is ${actual}, expected ${expected}`);
  }
  const document = parseReleaseDocument(texts[DOCUMENT_NAME], tag);
  if (document.tag !== tag) throw distrust(tag, `the files at its address are those of ${document.tag}`);
  const programs = document.files.map(({ name, sizeBytes }) => {
    const sha256 = checksums.get(name);
    if (sha256 === undefined) throw distrust(tag, `${CHECKSUMS_NAME} has no checksum of ${name}`);
    return { name, sizeBytes, sha256 };
  });
  return { tag, commit: document.commit, catalogVersion: document.catalogVersion, keyId, programs };
}

/** A network with a login page answers every address with it. */
function refusePage(tag: string, name: string, text: string): void {
  if (!/^\s*(?:<!doctype html|<html)/i.test(text)) return;
  throw new KitError("integrity", `Cannot trust ${tag}: ${name} is a web page`, {
    hint: "Your network may show a login page in place of the file: open any page in a browser, then try again",
  });
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function distrust(tag: string, state: string): KitError {
  return new KitError("integrity", `Cannot trust ${tag}: ${state}`, {
    hint: "Try again later; if it stays so, tell the maintainers, and do not install these files by hand",
  });
}
