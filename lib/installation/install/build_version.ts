import { createHash } from "node:crypto";
import { join } from "node:path";
import { KitError, shell } from "../../base/mod.ts";
import { addWorktree, removeLeftovers, type Repository } from "../../git/mod.ts";
import { catalogVersionOf } from "./catalog_version_of.ts";
import type { InstalledVersion, InstallForm } from "./installed_version.ts";
import { isAsRecorded } from "./is_as_recorded.ts";
import { storeVersion } from "./store_version.ts";
import { readInstallation } from "./read_installation.ts";
import { denoPath, lastLines, type ProgramOutput, runProgram } from "./run_program.ts";

/** A patch to apply before building. */
export interface BuildPatch {
  /** SHA-256 of the patch, in lower case. */
  readonly sha256: string;
  /** Applies the patch to a working tree. */
  readonly apply: (tree: string) => Promise<void>;
}

/** Options of {@linkcode buildVersion}. */
export interface BuildVersionOptions {
  /** The tag, such as `v1.1.0`. */
  readonly tag: string;
  /** Full hash of the tag's commit. */
  readonly sha: string;
  /** The folder of installed versions. */
  readonly folder: string;
  /** The command of this process, as in `addWorktree`. */
  readonly command: string;
  /**
   * Form of the program. An executable needs Deno's runtime for executables, which is downloaded once.
   *
   * @default {"bundle"}
   */
  readonly form?: InstallForm | undefined;
  /** A patch to apply before building; the version is then installed under a name of its own. */
  readonly patch?: BuildPatch | undefined;
  /**
   * Folder of temporary working trees, as in `addWorktree`.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
  /** Stops the build; nothing is installed then. */
  readonly signal?: AbortSignal | undefined;
}

/** Name of the folder of a version: the version number, and what marks a patched one. */
export function versionName(tag: string, patchSha256: string | null): string {
  const version = tag.replace(/^v/, "");
  return patchSha256 === null ? version : `${version}+emergency.${patchSha256.slice(0, 8)}`;
}

/**
 * Build the program of a tag and install it beside the other versions. The tag is checked out into a temporary working
 * tree and built there by its own task, `bundle` or `compile`, so the user's checkout does not matter and does not
 * change. A version that is already installed is returned as it is; one whose file was replaced is set aside and built
 * anew. It is not switched to.
 *
 * @param repository The repository that contains the tag
 * @param options Tag, folder, form, patch
 * @returns The installed version
 * @throws {KitError} `network` if packages of the tag are neither in Deno's cache nor can be fetched; `failed` if the
 * tag cannot be built; what the patch throws
 */
export async function buildVersion(repository: Repository, options: BuildVersionOptions): Promise<InstalledVersion> {
  const { tag, sha, folder, command, form = "bundle", patch, registry, signal } = options;
  const name = versionName(tag, patch?.sha256 ?? null);
  const known = (await readInstallation(folder)).versions.find((one) => one.name === name && one.sha === sha);
  if (known !== undefined && await isAsRecorded(folder, known)) return known;
  await removeLeftovers(registry === undefined ? {} : { registry });
  await using tree = await addWorktree(repository, sha, { command, registry, signal });
  await patch?.apply(tree.path);
  const built = await runTask(tree.path, { tag, form, signal });
  const bytes = await Deno.readFile(built);
  const record: InstalledVersion = {
    name,
    tag,
    sha,
    form,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    patchSha256: patch?.sha256 ?? null,
    catalogVersion: await catalogVersionOf(repository, sha),
    builtAt: new Date().toISOString(),
  };
  await storeVersion(folder, record, bytes);
  return record;
}

/** Run the tag's own task and return the path of what it made. */
async function runTask(
  tree: string,
  { tag, form, signal }: Pick<BuildVersionOptions, "tag" | "signal"> & { readonly form: InstallForm },
): Promise<string> {
  const task = form === "bundle" ? "bundle" : "compile";
  const run = await runProgram([denoPath(), "task", "-q", task], {
    cwd: tree,
    // A task sets INIT_CWD to its caller's folder, which is another checkout.
    env: { INIT_CWD: tree },
    signal,
  });
  const executable = Deno.build.os === "windows" ? ".exe" : "";
  const suffix = form === "bundle" ? ".js" : executable;
  const path = join(tree, "dist", `civitai-dl${suffix}`);
  const isMade = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
  if (run.code === 0 && isMade) return path;
  throw buildError(tag, task, run);
}

function buildError(tag: string, task: string, run: ProgramOutput): KitError {
  const said = lastLines(run);
  const isOffline = /error sending request|dns error|--cached-only|failed to lookup|network/i.test(said);
  if (isOffline) {
    return new KitError("network", `Cannot build ${tag}: its packages are not in Deno's cache, and cannot be fetched`, {
      hint: `Connect to the network, or roll back to a version that is installed; install others ahead of time with ` +
        `${shell`civitai-dl install add ${tag}`} (${said})`,
    });
  }
  return new KitError("failed", `Cannot build ${tag}: its task "${task}" ended with ${run.code}`, { hint: said });
}
