import { createHash } from "node:crypto";
import { join } from "node:path";
import { KitError } from "../../base/mod.ts";
import { addWorktree, applyPatch, git, openRepository, type Repository } from "../../git/mod.ts";

/** Path of the emergency patch, relative to the working tree of the branch that is checked out. */
export const PATCH_PATH = "patches/emergency.patch";

/** The emergency patch, held in memory: the branch that has it may be left meanwhile. */
export interface EmergencyPatch {
  /** Absolute path that it was read from. */
  readonly path: string;
  /** SHA-256 of its bytes, in lower case. */
  readonly sha256: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/** Options of {@linkcode checkPatch} and {@linkcode applyEmergencyPatch}. */
export interface EmergencyPatchOptions {
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read the emergency patch from the folder that the user works in, whether or not it is committed there.
 *
 * @param repository The repository
 * @returns The patch; `null` if there is none, or it is empty
 */
export async function readPatch(repository: Repository): Promise<EmergencyPatch | null> {
  const path = join(repository.root, PATCH_PATH);
  try {
    const bytes = await Deno.readFile(path);
    if (new TextDecoder().decode(bytes).trim() === "") return null;
    return { path, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Check that a patch fits a commit, by applying it in a temporary working tree.
 *
 * @param repository The repository
 * @param patch The patch
 * @param options The commit, command, registry and signal
 * @returns Full hash of the tree object with the patched files
 * @throws {KitError} `unsafe` if it does not fit; nothing has been changed
 */
export async function checkPatch(
  repository: Repository,
  patch: EmergencyPatch,
  options: EmergencyPatchOptions & { readonly sha: string; readonly command: string },
): Promise<string> {
  await using tree = await addWorktree(repository, options.sha, options);
  await applyEmergencyPatch(tree.path, patch, options);
  return (await git(["write-tree"], { cwd: tree.path })).trim();
}

/**
 * Apply a patch to a working tree. The file may be gone by now, so the bytes that were read first are used.
 *
 * @param tree Folder of the working tree
 * @param patch The patch
 * @param options Signal
 * @throws {KitError} `unsafe` if it does not fit
 */
export async function applyEmergencyPatch(
  tree: string,
  patch: EmergencyPatch,
  options: EmergencyPatchOptions = {},
): Promise<void> {
  const copy = await Deno.makeTempFile({ prefix: "civitai-dl-", suffix: ".patch" });
  try {
    await Deno.writeFile(copy, patch.bytes);
    await applyPatch(tree, copy, { name: PATCH_PATH, signal: options.signal });
  } finally {
    await Deno.remove(copy);
  }
}

/** What acts need that apply the patch. */
export interface PatchActOptions {
  /** Stops the acts. */
  readonly signal: AbortSignal;
  /**
   * The patch, if it was read already: the branch that has it may be left meanwhile.
   *
   * @default {null}
   */
  readonly patch?: EmergencyPatch | null | undefined;
}

/**
 * Return the patch that a rollback began with.
 *
 * @param facts What the rollback recorded
 * @param options The patch, if it was read already
 * @returns The patch; `null` if it began without one
 * @throws {KitError} `unsafe` if the file is another one by now
 */
export async function loadPatch(
  { repository, patchSha256 }: { readonly repository: string | null; readonly patchSha256: string | null },
  { patch }: PatchActOptions,
): Promise<EmergencyPatch | null> {
  if (patchSha256 === null) return null;
  const found = patch ?? await readPatch(await openRepository(repository!));
  if (found?.sha256 === patchSha256) return found;
  throw new KitError("unsafe", `Cannot go on with the rollback: ${PATCH_PATH} is not the one that it began with`, {
    hint: "Run the rollback again; it takes the new one",
  });
}
