import type { ErrorDescription } from "./error_description.ts";
import { isSystemPathError, KitError } from "../../base/mod.ts";
import { describeSystemFault } from "./_describe_system_fault.ts";

/**
 * Describe an error for the user of a command.
 *
 * @returns The description, from which secrets have not been removed yet
 */
export function describeError(error: unknown): ErrorDescription {
  const causes = causesOf(error);
  if (error instanceof KitError) {
    const { code, exitCode: exit, message, hint } = error;
    return { code, exit, message, hint, causes, stack: undefined };
  }
  if (error instanceof Deno.errors.NotCapable) {
    const [, access, , flag] = /Requires (.*?)(, run again with the (--\S+))? flag/.exec(error.message) ?? [];
    if (isSystemPathError(error)) return { ...describeSystemPath(access ?? ""), causes, stack: undefined };
    const [, name] = /^(?:net|env|sys|run) access to "([^"]+)"$/.exec(access ?? "") ?? [];
    return {
      code: "auth",
      exit: 5,
      message: `Cannot continue: permission denied${access === undefined ? ` (${error.message})` : `: ${access}`}`,
      hint: flag === undefined
        ? "Allow it in the task's permission set"
        : `If this is intended, allow it with ${flag}${
          name === undefined ? "" : `=${name}`
        } or in the task's permission set`,
      causes,
      stack: undefined,
    };
  }
  const fault = describeSystemFault(error);
  if (fault !== undefined) return { ...fault, causes, stack: undefined };
  const known = error instanceof Error;
  return {
    code: "unexpected",
    exit: 1,
    message: known ? `Unexpected ${error.name}: ${error.message}` : `Unexpected failure: ${String(error)}`,
    hint: "Run again with --verbose for details; if they do not help, report them as a bug",
    causes,
    stack: known ? error.stack : undefined,
  };
}

/** What to do instead of giving all permissions. */
function describeSystemPath(access: string): Pick<ErrorDescription, "code" | "exit" | "message" | "hint"> {
  const [path = "this path"] = /"[^"]*"/.exec(access) ?? [];
  return {
    code: "usage",
    exit: 2,
    message: `Cannot open ${path}: it belongs to the system, and is no plain file`,
    hint: "Name a plain file; where a log is read, - stands for standard input",
  };
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  const seen = new Set<unknown>([error]);
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && cause !== null && !seen.has(cause)) {
    seen.add(cause);
    causes.push(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}
