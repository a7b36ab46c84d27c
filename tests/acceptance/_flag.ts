import { parseArgs } from "@std/cli";

/** A number given as `--name N`. */
export function numberFlag(name: string, fallback: number): number {
  const value = parseArgs(Deno.args)[name];
  return value === undefined ? fallback : Number(value);
}

/** A line of progress on standard error. */
export function tellProgress(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}
