/** Names of Deno's error classes, such as `NotFound`. */
export type DenoErrorName = keyof typeof Deno.errors;

/**
 * Check whether an error is of one of Deno's classes. In a runtime without Deno's API none is, so that code which
 * classifies errors runs there too.
 */
export function isDenoError(error: unknown, ...names: readonly DenoErrorName[]): boolean {
  return typeof Deno !== "undefined" && names.some((name) => error instanceof Deno.errors[name]);
}
