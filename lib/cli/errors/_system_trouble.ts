import type { ErrorDescription } from "./error_description.ts";

type Trouble = Pick<ErrorDescription, "code" | "exit" | "message" | "hint">;

const OWNER = "Check who owns the file or folder, and as which user this command runs";
const ROOM = "Free some space";

/** System errors that can occur in any file operation, by error code; none of them is a bug in the program. */
const TROUBLES: Readonly<Record<string, Omit<Trouble, "message">>> = {
  EACCES: { code: "auth", exit: 5, hint: OWNER },
  EPERM: { code: "auth", exit: 5, hint: OWNER },
  ENOSPC: { code: "unsafe", exit: 4, hint: ROOM },
  EDQUOT: { code: "unsafe", exit: 4, hint: ROOM },
  EFBIG: { code: "unsafe", exit: 4, hint: "Raise the file size limit (ulimit -f), or use another file system" },
  EROFS: { code: "unsafe", exit: 4, hint: "Remount the file system as writable" },
};

/**
 * Describe a system error that the user can resolve, such as a full disk or a missing file permission.
 *
 * @param error The thrown value
 * @returns The description; `undefined` for any other error
 */
export function systemTrouble(error: unknown): Trouble | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const trouble = TROUBLES[String(error.code)];
  return trouble === undefined ? undefined : { ...trouble, message: `Cannot continue: ${error.message}` };
}
