import { KitError } from "../base/mod.ts";
import { wrapFailure } from "../failsafe/mod.ts";

/** Wrap a file system error in an error that names the library's folder. Return a `KitError` unchanged. */
export function explainFolder(error: unknown, root: string): unknown {
  if (error instanceof KitError) return error;
  const wrapped = wrapFailure(error, `Cannot use output folder "${root}"`);
  if (wrapped instanceof KitError) return wrapped;
  if (!(error instanceof Error)) return error;
  return new KitError("unsafe", `Cannot use output folder "${root}": ${error.message}`, {
    hint: "Use another --output, or fix its permissions",
    cause: error,
  });
}
