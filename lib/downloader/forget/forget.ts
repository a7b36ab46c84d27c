import { applyChange, type ChangeOptions, type ChangeRecord, emptyTrash } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";
import type { Forgettable } from "./find_forgettable.ts";
import { type ForgetPlan, planForget, type PlanForgetOptions } from "./plan_forget.ts";

/** Options of {@linkcode forget}. */
export interface ForgetOptions
  extends Pick<PlanForgetOptions, "keepFiles">, Pick<ChangeOptions, "signal" | "onProgress"> {
  /** Age from which on the trash is emptied, in milliseconds. */
  readonly trashMs: number;
}

/** What {@linkcode forget} did. */
export interface ForgetSummary extends Omit<ForgetPlan, "change"> {
  /** The change; `null` if there was nothing to do. */
  readonly change: ChangeRecord | null;
  /** Changes whose files were deleted from the trash before, since they were there for long enough. */
  readonly emptied: readonly ChangeRecord[];
}

/**
 * Do without what is named from now on, and delete what has been in the trash for long enough.
 *
 * @param library The library; this process holds its lock
 * @param forgettable What is to be forgotten, from {@linkcode findForgettable}
 * @param options Whether files stay, and how long the trash keeps them
 * @returns What was done; the number of the change undoes it
 * @throws {KitError} `unsafe` if a file is changed meanwhile; nothing is changed then
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findForgettable, forget, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * using library = await openLibrary(folder, { command: "example" });
 * const { targets } = await forget(library, findForgettable(library, "model:1"), { trashMs: 30 * 86_400_000 });
 * assertEquals(targets, [{ target: "model:1", name: null, isNew: true }]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function forget(
  library: Library,
  forgettable: readonly Forgettable[],
  options: ForgetOptions,
): Promise<ForgetSummary> {
  const { keepFiles, trashMs, signal, onProgress } = options;
  const { change, ...plan } = await planForget(library, forgettable, { keepFiles });
  const emptied = await emptyTrash(library.root, { olderThanMs: trashMs });
  if (change.operations.length === 0) return { ...plan, emptied, change: null };
  return { ...plan, emptied, change: await applyChange(library, change, { signal, onProgress }) };
}
