import { KitError } from "../../base/mod.ts";
import { parseChecksums } from "../published/checksums.ts";

/** The systems for which a release has an executable, as `deno compile` names them. */
export const RELEASE_TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One of {@linkcode RELEASE_TARGETS}. */
export type ReleaseTarget = typeof RELEASE_TARGETS[number];

/** A published release, of which package managers are told. */
export interface PublishedRelease {
  /** The version without `v`. */
  readonly version: string;
  /** Owner and name on GitHub, such as `civitai-dl/civitai-dl`. */
  readonly repository: string;
  /** SHA-256 of each executable, in lower case, by its target. */
  readonly sums: Readonly<Record<ReleaseTarget, string>>;
}

/** What the program does, for lists of packages. */
export const PACKAGE_SUMMARY = "Keep a local library of Civitai models and images: complete, verified, sorted";

/** Name of the executable for a system among the files of a release; `target` is as `deno compile` names systems. */
export function executableName(target: string): string {
  return `civitai-dl-${target}${target.includes("windows") ? ".exe" : ""}`;
}

/** Address of the executable for a system. */
export function downloadUrl({ version, repository }: PublishedRelease, target: ReleaseTarget): string {
  return `https://github.com/${repository}/releases/download/v${version}/${executableName(target)}`;
}

/**
 * Read the checksums of a release, as `sha256sum` writes them.
 *
 * @param text Lines with a checksum and a name; those of other files are ignored
 * @returns The checksum of each executable
 * @throws {KitError} `failed` with each executable that has no checksum, or more than one
 */
export function parseReleaseSums(text: string): PublishedRelease["sums"] {
  const lines = parseChecksums(text);
  const sums: Partial<Record<ReleaseTarget, string>> = {};
  const problems: string[] = [];
  for (const target of RELEASE_TARGETS) {
    const name = executableName(target);
    const found = lines.filter((line) => line.name === name);
    if (found.length === 1) sums[target] = found[0]!.sha256;
    else problems.push(`${name} has ${found.length === 0 ? "no checksum" : `${found.length} checksums`}`);
  }
  if (problems.length === 0) return sums as PublishedRelease["sums"];
  throw new KitError("failed", `Cannot describe the release: ${problems.join("; ")}`, {
    hint: "Write the checksums of all executables: sha256sum civitai-dl-* > SHA256SUMS",
  });
}
