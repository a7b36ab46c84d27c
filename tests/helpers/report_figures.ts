/** One bound of an acceptance run. */
export interface Bound {
  readonly name: string;
  readonly isMet: boolean;
}

/** Print the figures as one line of JSON, and exit with 1 if a bound is not met. */
export function reportFigures(figures: object, bounds: readonly Bound[]): void {
  const broken = bounds.filter((bound) => !bound.isMet).map((bound) => bound.name);
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ ...figures, broken }, shorten)}\n`));
  if (broken.length > 0) Deno.exitCode = 1;
}

const MAX_SHOWN = 20;

/** Truncate lists: a thousand problems say no more than the first few and their number. */
function shorten(_key: string, value: unknown): unknown {
  if (!Array.isArray(value) || value.length <= MAX_SHOWN) return value;
  return [...value.slice(0, MAX_SHOWN), `and ${value.length - MAX_SHOWN} more`];
}
