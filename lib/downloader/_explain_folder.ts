import { isSystemPathError, KitError } from "../base/mod.ts";
import { wrapFailure } from "../failsafe/mod.ts";

/** Wrap a file system error in an error that names the library's folder. Return a `KitError` unchanged. */
export function explainFolder(error: unknown, root: string): unknown {
  if (error instanceof KitError) return error;
  if (isSystemPathError(error)) {
    return new KitError("usage", `Cannot use output folder "${root}": it belongs to the system`, {
      hint: "Name a folder by --output",
      cause: error,
    });
  }
  if (error instanceof Deno.errors.NotADirectory) {
    return new KitError("usage", `Cannot use output folder "${root}": it or a part of its path is a file`, {
      hint: "Name a folder by --output",
      cause: error,
    });
  }
  const wrapped = wrapFailure(error, `Cannot use output folder "${root}"`);
  if (wrapped instanceof KitError) return wrapped;
  if (!(error instanceof Error)) return error;
  return new KitError("unsafe", `Cannot use output folder "${root}": ${error.message}`, {
    hint: "Use another --output, or fix its permissions",
    cause: error,
  });
}
