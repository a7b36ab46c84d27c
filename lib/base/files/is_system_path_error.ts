/**
 * Whether Deno refused a path that belongs to the system: a device, `/proc`, `/sys` or the like. Only a program with all
 * permissions may open one, and this program never needs to.
 *
 * @param error The thrown value
 * @returns Whether it did
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isSystemPathError } from "../mod.ts";
 * const text = 'Requires all access to "/dev/stdin", run again with the --allow-all flag';
 * assert(isSystemPathError(new Deno.errors.NotCapable(text)));
 * ```
 */
export function isSystemPathError(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable && error.message.includes("--allow-all");
}
