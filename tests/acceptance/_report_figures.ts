/** One bound of an acceptance run. */
export interface Bound {
  readonly name: string;
  readonly isMet: boolean;
}

/** Print the figures as one line of JSON, and let the process end with 1 when a bound is not met. */
export function reportFigures(figures: object, bounds: readonly Bound[]): void {
  const broken = bounds.filter((bound) => !bound.isMet).map((bound) => bound.name);
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ ...figures, broken })}\n`));
  if (broken.length > 0) Deno.exitCode = 1;
}
