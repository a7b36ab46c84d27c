import { KitError, readReason } from "../../lib/base/mod.ts";

/**
 * Run an analysis, and explain why a file of it cannot be read.
 *
 * @param what The file or folder, for the message if the error names none
 * @param analyze Reads it
 * @returns The result of `analyze`
 * @throws {KitError} `usage` if the file system refuses
 */
export async function explainUnreadable<T>(what: string, analyze: () => Promise<T>): Promise<T> {
  try {
    return await analyze();
  } catch (error) {
    const isRefusal = error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.IsADirectory ||
      error instanceof Deno.errors.NotADirectory || (error instanceof Error && /\(os error \d+\)/.test(error.message));
    if (!isRefusal || error instanceof Deno.errors.NotCapable) throw error;
    const path = /: \w+ '(.+)'$/.exec(error.message)?.[1] ?? what;
    throw new KitError("usage", `Cannot read "${path}": ${readReason(error)}`, {
      hint: "Check its path and permissions, also of its rotated files",
      cause: error,
    });
  }
}
