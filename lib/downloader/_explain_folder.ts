import { KitError } from "../base/mod.ts";
import { wrapFailure } from "../failsafe/mod.ts";

/** Say of what the system refused that it was about the library's folder. */
export function explainFolder(error: unknown, root: string): unknown {
  if (error instanceof KitError) return error;
  const wrapped = wrapFailure(error, `Cannot use output folder "${root}"`);
  if (wrapped instanceof KitError) return wrapped;
  if (!(error instanceof Error)) return error;
  return new KitError("unsafe", `Cannot use output folder "${root}": ${error.message}`, {
    hint: "Give another --output, or mend its permissions",
    cause: error,
  });
}
