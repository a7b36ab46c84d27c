import { type SystemFault, systemFault } from "../../base/mod.ts";
import type { ErrorDescription } from "./error_description.ts";

type FaultDescription = Pick<ErrorDescription, "code" | "exit" | "message" | "hint">;

const OWNER = "Check who owns the file or folder, and as which user this command runs";
const SIZE = "Use a file system for larger files, or raise the file size limit (ulimit -f)";

/** Faults that can occur in any file operation; none of them is a bug in the program. */
const DESCRIPTIONS: Partial<Readonly<Record<SystemFault, Omit<FaultDescription, "message">>>> = {
  denied: { code: "auth", exit: 5, hint: OWNER },
  full: { code: "unsafe", exit: 4, hint: "Free some space" },
  "too-large": { code: "unsafe", exit: 4, hint: SIZE },
  "read-only": { code: "unsafe", exit: 4, hint: "Remount the file system as writable" },
  failing: { code: "unsafe", exit: 4, hint: "Check the disk or the network share, and run again" },
  "bad-path": { code: "usage", exit: 2, hint: "Name another path, or move away what is in its place" },
  "in-use": { code: "unsafe", exit: 4, hint: "Close the program that has the file open, and run again" },
};

/**
 * Describe a system error that the user can resolve, such as a full disk or a missing file permission.
 *
 * @returns The description; `undefined` for any other error
 */
export function describeSystemFault(error: unknown): FaultDescription | undefined {
  // The system gives its errors a code or a number. Without one, a library made the error, and it may be a bug.
  if (!(error instanceof Error) || !("code" in error || /\bos error \d+/.test(error.message))) return undefined;
  const fault = systemFault(error);
  const description = fault === undefined ? undefined : DESCRIPTIONS[fault];
  return description === undefined ? undefined : { ...description, message: `Cannot continue: ${error.message}` };
}
