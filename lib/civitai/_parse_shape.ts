import type * as z from "npm:zod@^4";

/** Run a schema; what cannot be read is a SyntaxError that names the bad field. */
export function parseShape<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? "the whole" : `"${issue.path.join(".")}"`;
  throw new SyntaxError(`Cannot read ${what}: ${at} has an unexpected shape (${issue?.message ?? "unknown"})`);
}
