/** What must be known of the global flags even when the command line cannot be parsed. */
export interface EarlyWishes {
  /** `--json` is among the words. */
  readonly json: boolean;
  /** `--verbose` is. */
  readonly verbose: boolean;
  /** `--color` or `--no-color` is. */
  readonly color: boolean | undefined;
}

/** Look for the global flags that shape help and errors, before anything is parsed. */
export function earlyWishes(argv: readonly string[]): EarlyWishes {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const color = words.findLast((word) => word === "--color" || word === "--no-color");
  return {
    json: words.includes("--json"),
    verbose: words.includes("--verbose"),
    color: color === undefined ? undefined : color === "--color",
  };
}
