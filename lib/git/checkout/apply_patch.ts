import { KitError } from "../../base/mod.ts";
import { EXACT_CHECKOUT } from "./exact_checkout.ts";
import { runGit } from "../run_git.ts";

/** Options of {@linkcode applyPatch}. */
export interface PatchOptions {
  /** Path of the patch, for messages; the patch itself may have been copied. */
  readonly name: string;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Return the arguments of git that apply a patch.
 *
 * @param patch Path of the patch
 * @param flags Such as `--3way`
 * @returns Arguments of git
 */
function applyPatchArgs(patch: string, flags: readonly string[]): readonly string[] {
  return [...EXACT_CHECKOUT, "apply", "--whitespace=nowarn", ...flags, "--", patch];
}

/**
 * Apply a patch to a working tree whose files are those of a commit. It is checked first. If it does not fit exactly, a
 * three-way merge with the blobs that it names is tried, so that it may be against a neighboring version.
 *
 * @param tree Folder of the working tree
 * @param patch Absolute path of the patch
 * @param options Name and signal
 * @throws {KitError} `unsafe` if it does not fit; the tree may then have files with conflicts
 */
export async function applyPatch(tree: string, patch: string, options: PatchOptions): Promise<void> {
  const { name, signal } = options;
  const apply = (...flags: readonly string[]) => runGit(applyPatchArgs(patch, flags), { cwd: tree, signal });
  const check = await apply("--check");
  const { code, stderr } = await apply("--3way");
  if (code === 0) return;
  const said = (check.code === 0 ? stderr : check.stderr).trim().split("\n");
  const reasons = said.filter((line) => line.startsWith("error: ")).map((line) => line.slice("error: ".length));
  throw new KitError("unsafe", `Cannot apply "${name}": ${reasons[0] ?? said.at(-1) ?? `git ended with ${code}`}`, {
    hint: `Make the patch fit, or move it away: ${reasons.slice(1, 4).join("; ") || "it was made for another version"}`,
  });
}
