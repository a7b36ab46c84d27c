import { parseArgs } from "@std/cli";

/** The number given as `--name N`. */
export function numberFlag(name: string, fallback: number): number {
  const value = parseArgs(Deno.args)[name];
  return value === undefined ? fallback : Number(value);
}

/** Write a line of progress to standard error. */
export function tellProgress(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}
