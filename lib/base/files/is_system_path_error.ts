/**
 * Whether Deno refused a path that belongs to the system: a device, `/proc`, `/sys` or the like. Only a program with all
 * permissions may open one, and this program never needs to.
 */
export function isSystemPathError(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable && error.message.includes("--allow-all");
}
