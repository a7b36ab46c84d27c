import { createHash } from "node:crypto";
import { join } from "node:path";
import { KitError, writeAtomic } from "../../base/mod.ts";
import { BUNDLE_NAME } from "../install/installed_version.ts";
import { executableName, RELEASE_TARGETS } from "../manifests/release_files.ts";
import { type Checksum, CHECKSUMS_NAME, formatChecksums } from "./checksums.ts";
import { type MeasuredFile, measureFile } from "./measure_file.ts";
import { DOCUMENT_NAME, formatReleaseDocument, type ReleaseDocument } from "./release_document.ts";

/** The programs of every release: the bundle, and an executable for each system. */
export const RELEASE_PROGRAMS: readonly string[] = [BUNDLE_NAME, ...RELEASE_TARGETS.map(executableName)];

/** They are made from the checksums, and are not among them. */
const MANIFESTS: readonly string[] = ["civitai-dl.rb", "civitai-dl.json"];

/**
 * Describe the files of a release: write `release.json` with its programs, and `SHA256SUMS` of `release.json` and all
 * files whose names begin with `civitai-dl`.
 *
 * @param folder The folder of the files
 * @param facts Tag, commit and catalog of the release
 * @returns The checksums
 * @throws {KitError} `failed` if a program is missing or empty
 */
export async function describeRelease(
  folder: string,
  facts: Omit<ReleaseDocument, "files">,
): Promise<readonly Checksum[]> {
  const files: { readonly name: string; readonly sizeBytes: number }[] = [];
  const checksums: Checksum[] = [];
  const others = (await namesIn(folder)).filter((name) => ![...RELEASE_PROGRAMS, ...MANIFESTS].includes(name));
  for (const name of [...RELEASE_PROGRAMS, ...others]) {
    const { sizeBytes, sha256 } = await measure(join(folder, name));
    if (RELEASE_PROGRAMS.includes(name)) files.push({ name, sizeBytes });
    checksums.push({ name, sha256 });
  }
  const document = formatReleaseDocument({ ...facts, files });
  checksums.push({ name: DOCUMENT_NAME, sha256: createHash("sha256").update(document).digest("hex") });
  await writeAtomic(join(folder, DOCUMENT_NAME), document);
  await writeAtomic(join(folder, CHECKSUMS_NAME), formatChecksums(checksums));
  return checksums;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.startsWith("civitai-dl")) names.push(name);
  }
  return names.toSorted();
}

async function measure(path: string): Promise<MeasuredFile> {
  const measured = await measureFile(path);
  if (measured === null) {
    throw new KitError("failed", `Cannot describe the release: there is no "${path}"`, {
      hint: "Build the bundle and the executables of all systems first: deno task bundle, deno task compile --target …",
    });
  }
  if (measured.sizeBytes > 0) return measured;
  throw new KitError("failed", `Cannot describe the release: "${path}" is empty`);
}
