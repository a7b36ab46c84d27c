import { DISK_CODE, KitError } from "../../base/mod.ts";

/**
 * Convert an SQLite error to one that a user can act on. Return any other error unchanged.
 *
 * @param path The catalog
 * @param error The thrown value
 * @param options Whether the catalog is opened only for reading; absent means false
 */
export function catalogError(
  path: string,
  error: unknown,
  options: { readonly readOnly?: boolean | undefined } = {},
): unknown {
  if (error instanceof KitError || !(error instanceof Error)) return error;
  const { message } = error;
  // The runtime does not always pass on SQLite's error code, but SQLite's messages do not change.
  if (/malformed|not a database|database corrupt|file is encrypted|vtable constructor failed/i.test(message)) {
    return damaged(path, error);
  }
  if (options.readOnly && /unable to open/i.test(message)) {
    return new KitError("unsafe", `Cannot read catalog "${path}": ${message}`, {
      hint: "Check that the file exists, and that this user may read it",
      cause: error,
    });
  }
  if (/readonly database|unable to open/i.test(message)) {
    return new KitError("unsafe", `Cannot write catalog "${path}": ${message}`, {
      hint: "Make the output folder writable, or give another one with --output",
      cause: error,
    });
  }
  if (/database or disk is full/i.test(message)) {
    return new KitError(DISK_CODE, `Cannot write catalog "${path}": the disk is full`, {
      hint: "Free some space and run again: the run continues where it stopped",
      cause: error,
    });
  }
  // SQLite also reports this if there is no space for the file that it creates next to the catalog.
  if (/disk I\/O error/i.test(message)) {
    return new KitError(DISK_CODE, `Cannot use catalog "${path}": ${message}`, {
      hint: "Check whether the disk is full (df) or failing, and run again",
      cause: error,
    });
  }
  if (/database is locked|database is busy/i.test(message)) {
    return new KitError("unsafe", `Cannot write catalog "${path}": another process writes to it`, {
      hint: "Wait for it to end",
      cause: error,
    });
  }
  return error;
}

/** Build the error for a damaged catalog, which can be rebuilt from the sidecars and the files. */
export function damaged(path: string, cause?: unknown): KitError {
  return new KitError("integrity", `Cannot read catalog "${path}": it is damaged`, {
    hint: "Run civitai-dl verify --rebuild to rebuild it from sidecars and hashes",
    cause,
  });
}
